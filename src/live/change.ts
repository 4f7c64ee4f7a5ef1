/** What whoever looks at the service wants to hear of. */
export const TOPICS = [
  'invoices',
  'standing',
  'orders',
  'fans',
  'commissions',
  'payouts',
  'cycles',
  'events',
  'webhooks',
  'accounts',
  'ledger',
] as const;
export type Topic = (typeof TOPICS)[number];

/** Instead of a subject: many things of the topic have changed, or nobody says which. */
const EVERYTHING = '*';

/** Something has changed: `subject` is `kind:id`, `at` real time, `about` the accounts whose it is. */
export type Change = { topic: Topic; subject: string; at: Date; about: readonly string[] };

/** Whoever may read everything, or a person, who hears of what is theirs alone. */
export type Listener = { kind: 'reader' } | { kind: 'person'; accountId: string };

/**
 * Whether somebody may hear of a change. That a topic has changed as a whole names nothing of anybody: a person hears it, and finds
 * what is theirs.
 */
export function mayHear(listener: Listener, { subject, about }: Pick<Change, 'subject' | 'about'>): boolean {
  return listener.kind === 'reader' || subject === EVERYTHING || about.includes(listener.accountId);
}

/** That everything of a topic may have changed. */
export function wholeTopic(topic: Topic, at: Date): Change {
  return { topic, subject: EVERYTHING, at, about: [] };
}

/** Each change once, with the latest instant; those of a topic as one, where it has more than `most`. */
export function gathered(changes: readonly Change[], most: number): Change[] {
  const byKey = new Map<string, Change>();
  const counts = new Map<Topic, number>();
  for (const change of changes) {
    const key = `${change.topic} ${change.subject}`;
    const known = byKey.get(key);
    if (known === undefined) counts.set(change.topic, (counts.get(change.topic) ?? 0) + 1);
    byKey.set(key, { ...change, about: [...new Set([...(known?.about ?? []), ...change.about])] });
  }
  const many = new Set([...counts].filter(([, count]) => count > most).map(([topic]) => topic));
  const latest = new Map<Topic, Date>();
  for (const { topic, at } of changes) if (at > (latest.get(topic) ?? START)) latest.set(topic, at);
  const apart = [...byKey.values()].filter(({ topic }) => !many.has(topic));
  return [...apart, ...[...many].map((topic) => wholeTopic(topic, latest.get(topic) ?? START))];
}

const START = new Date(0);
