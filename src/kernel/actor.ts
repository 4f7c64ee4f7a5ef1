/** Who did something, as the audit trail and what was decided name them. */
export type Actor =
  /** Somebody in a chat, or in the console by it. */
  | { kind: 'person'; accountId: string; channel: 'telegram' | 'discord' }
  /** Whoever has an API key; operators name keys. */
  | { kind: 'key'; name: string }
  /** By a command of a machine, where that is known as a user of it. */
  | { kind: 'command-line'; user: string | null }
  | { kind: (typeof OWN_ACTORS)[number] };

/** Who acts besides people and keys. */
export const OWN_ACTORS = ['platform', 'service'] as const;

/** What follows the account of somebody who acts in a chat: by which link. */
export const VIA = / via ((telegram|discord):\S+)$/;

/** Reads the name of an actor. */
export function actorIn(text: string): Actor {
  const [via, , channel] = VIA.exec(text) ?? [];
  if (via !== undefined) {
    return { kind: 'person', accountId: text.slice(0, -via.length), channel: channel as 'telegram' | 'discord' };
  }
  const own = OWN_ACTORS.find((name) => name === text);
  if (own !== undefined) return { kind: own };
  if (text === 'command line') return { kind: 'command-line', user: null };
  // No key is called so: a colon stands in no key's name.
  if (text.startsWith('cli:')) return { kind: 'command-line', user: text.slice('cli:'.length) };
  return { kind: 'key', name: text };
}

/** The account that acted; null where nobody's did. */
export function personIn(text: string): string | null {
  const actor = actorIn(text);
  return actor.kind === 'person' ? actor.accountId : null;
}
