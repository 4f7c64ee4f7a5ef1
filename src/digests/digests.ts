import type { Account, Accounts } from '../accounts/accounts.ts';
import { insertIgnoringDuplicates } from '../database/duplicates.ts';
import type { JobResult } from '../kernel/activity.ts';
import { inBatches } from '../kernel/group.ts';
import type { RegularContent } from '../notices/messages/regular.ts';
import type { Notice, Notices } from '../notices/notices.ts';
import type { Policy } from '../policy.ts';
import { type DigestRole, isDigestRole, nextRound, type Round } from './rounds.ts';
import type { RoundDocument, RoundStore } from './store.ts';

/** What each of these people is told at an instant; those who have nothing to hear are not in it. */
export type DigestSource = (accountIds: string[], at: Date) => Promise<Map<string, RegularContent>>;

export type Digests = ReturnType<typeof createDigests>;

const PEOPLE = 500;

/**
 * What people are told by the calendar, whatever has happened (rules 3): a round for each role and zone that somebody with a
 * chat has. A round that was missed is told once, late; who changed their zone is found by the next round of anybody.
 */
export function createDigests(deps: {
  store: RoundStore;
  accounts: Pick<Accounts, 'linkedAccounts' | 'getMany' | 'settingsOf'>;
  notices: Pick<Notices, 'enqueue' | 'drop'>;
  sources: { [R in DigestRole]: DigestSource };
  policy: Pick<Policy['notices'], 'digestAt'>;
  /** The platform's, for whoever has none. */
  timeZone: string;
}) {
  const { store, accounts } = deps;

  /** Makes sure that these people have a round; once it is there, nothing is written. */
  async function include(people: Pick<Account, 'role' | 'timeZone'>[], now: Date): Promise<void> {
    const rounds = people.map(roundOf).filter((round) => round !== null);
    const wanted = new Map(rounds.map((round) => [idOf(round), round]));
    const known = await store.find({ _id: { $in: [...wanted.keys()] } }, { projection: { _id: 1 } }).toArray();
    for (const { _id } of known) wanted.delete(_id);
    const missing = [...wanted].map(
      ([_id, round]): RoundDocument => ({ _id, ...round, next: nextRound(round, now, deps.policy.digestAt) }),
    );
    if (missing.length > 0) await insertIgnoringDuplicates(store, missing);
  }

  function roundOf({ role, timeZone = deps.timeZone }: Pick<Account, 'role' | 'timeZone'>): Round | null {
    return isDigestRole(role) ? { role, timeZone } : null;
  }

  /** Everybody with a chat has a round, whoever linked them and when. */
  async function includeEverybody(now: Date): Promise<void> {
    for await (const people of linked()) await include(people, now);
  }

  async function* linked(): AsyncGenerator<Account[]> {
    for await (const accountIds of inBatches(accounts.linkedAccounts(), PEOPLE)) {
      yield [...(await accounts.getMany(accountIds)).values()];
    }
  }

  async function nextDue(): Promise<Date | null> {
    const [first] = await store.find().sort({ next: 1 }).limit(1).toArray();
    return first?.next ?? null;
  }

  /** Tells the people of each round that is due; the same round again tells nobody twice. */
  async function run(now: Date): Promise<JobResult> {
    const due = await store.find({ next: { $lte: now } }).toArray();
    if (due.length === 0) return {};
    // What was not sent before the next one is old news, as after days without the service.
    await deps.notices.drop(due.flatMap(({ _id, last }) => (last === undefined ? [] : [subjectOf(_id, last)])));
    const met = new Set<string>();
    let count = 0;
    for await (const people of linked()) {
      await include(people, now);
      for (const round of due) {
        const meant = people.filter((person) => isOf(person, round));
        if (meant.length > 0) met.add(round._id);
        count += await tell(round, meant, now);
      }
    }
    for (const round of due) await finish(round, met.has(round._id), now);
    return { count };
  }

  function isOf(person: Account, { _id }: RoundDocument): boolean {
    const own = roundOf(person);
    return own !== null && idOf(own) === _id;
  }

  async function tell(round: RoundDocument, people: Account[], now: Date): Promise<number> {
    if (people.length === 0) return 0;
    const ids = people.map(({ accountId }) => accountId);
    const settings = await accounts.settingsOf(ids);
    const wanting = ids.filter((id) => settings.get(id)?.digest !== 'off');
    const contents = await deps.sources[round.role](wanting, now);
    await deps.notices.enqueue(digestNotices(contents, subjectOf(round._id, round.next), round.next), now);
    return contents.size;
  }

  /** A round that nobody is left in ends, until somebody is again. */
  async function finish(round: RoundDocument, hasPeople: boolean, now: Date): Promise<void> {
    const same = { _id: round._id, next: round.next };
    const next = nextRound(round, now, deps.policy.digestAt);
    if (hasPeople) await store.updateOne(same, { $set: { next, last: round.next } });
    else await store.deleteOne(same);
  }

  return { include, includeEverybody, nextDue, run };
}

function idOf({ role, timeZone }: Round): string {
  return `${role} ${timeZone}`;
}

function subjectOf(roundId: string, at: Date): string {
  return `digest:${roundId}:${at.toISOString()}`;
}

/** What each of these people is told, once for each instant of a round. */
function digestNotices(contents: Map<string, RegularContent>, subject: string, at: Date): Notice[] {
  return [...contents].map(([accountId, content]) => ({
    key: `${content.kind}:${at.toISOString()}:${accountId}`,
    ...{ accountId, subject, at, urgent: false },
    ...content,
  }));
}
