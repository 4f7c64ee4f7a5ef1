import type { Clock } from '../kernel/clock.ts';
import { createRemembered } from '../kernel/remembered.ts';
import { oneAtATime } from '../kernel/shared.ts';
import { pause } from '../kernel/wait.ts';
import { isApiKey, isSecret, type StoredSecret, secretOf, stateOf } from './apiKey.ts';
import type { Scope } from './scope.ts';
import type { ApiKeyDocument, RightsStore } from './store.ts';

/** How a presented key stands: `replaced` is one that was rotated, and whose time is over; `endsAt` is when it opens nothing any more. */
export type FoundKey =
  | { kind: 'active'; name: string; scopes: readonly Scope[]; endsAt: Date | null }
  | { kind: 'expired' | 'revoked' | 'replaced'; name: string };

/**
 * What was read of all keys is used for so long without asking again: another process may take a key that is revoked for a second more,
 * and the one that revokes it not at all.
 */
const TRUSTED_MS = 1_000;
/** A key that is not known may be newer than what was read: it is read again, so often at most, however many such keys come. */
const SPACED_MS = 50;
/** The last use is noted to the minute, so that a busy key costs a write in a minute and not one in a request. */
const MINUTE_MS = 60_000;
const REMEMBERED = 10_000;

type Known = Pick<ApiKeyDocument, 'name' | 'scopes' | 'expiresAt' | 'revokedAt' | 'secrets'>;

/** All keys by the beginnings of their hashes, as they were when the reading of them began. */
type Snapshot = { at: number; keys: ReadonlyMap<string, Known> };

const NOTHING: Snapshot = { at: Number.NEGATIVE_INFINITY, keys: new Map() };
const FIELDS = { name: 1, scopes: 1, expiresAt: 1, revokedAt: 1, secrets: 1 } as const;

/**
 * Finds stored keys by what is presented. They are few, so all are read together: whoever sends wrong ones costs no read for each, and a
 * right one waits for nobody. `monotonic` is real milliseconds that never go back.
 */
export function createKeyLookup(
  { keys }: Pick<RightsStore, 'keys'>,
  deps: { clock: Clock; monotonic: () => number; onError: (error: unknown) => void },
) {
  const { clock, monotonic } = deps;
  const noted = createRemembered<string, number>(REMEMBERED);
  let snapshot = NOTHING;
  let changes = 0;
  const load = oneAtATime(read);

  /** The stored key that this is, or was; null for none. It is found by the beginning of its hash, and the whole is compared then. */
  async function find(key: string): Promise<FoundKey | null> {
    return isApiKey(key) ? ((await foundSince(monotonic() - TRUSTED_MS + 1, key)) ?? findAnew(key)) : null;
  }

  /** The same as it is stored now, also where another process has changed it a moment ago. */
  async function findAnew(key: string): Promise<FoundKey | null> {
    return isApiKey(key) ? foundSince(monotonic(), key) : null;
  }

  async function foundSince(since: number, key: string): Promise<FoundKey | null> {
    const presented = secretOf(key);
    const found = (await keysSince(since)).get(presented.fingerprint);
    const known = found?.secrets.find(({ fingerprint }) => fingerprint === presented.fingerprint);
    if (!isSecret(known, presented) || found === undefined || known === undefined) return null;
    return standing(found, known);
  }

  function standing(document: Known, { until }: StoredSecret): FoundKey {
    const { name, scopes } = document;
    const now = clock.now();
    const state = stateOf(document, now);
    if (state !== 'active') return { kind: state, name };
    if (until !== null && until <= now) return { kind: 'replaced', name };
    const ends = [document.expiresAt, until].filter((instant) => instant !== null);
    const endsAt = ends.length === 0 ? null : new Date(Math.min(...ends.map((instant) => instant.getTime())));
    return { kind: 'active', name, scopes, endsAt };
  }

  /** All keys, read no earlier than an instant. */
  async function keysSince(since: number): Promise<Snapshot['keys']> {
    while (snapshot.at < since) {
      const waitMs = snapshot.at + SPACED_MS - monotonic();
      if (waitMs > 0) await pause(waitMs);
      await load();
    }
    return snapshot.keys;
  }

  async function read(): Promise<void> {
    const [at, before] = [monotonic(), changes];
    const found = await keys.find({ kind: 'stored' }, { projection: FIELDS }).toArray();
    // Changed by ourselves meanwhile: what was read may be from before.
    if (changes !== before) return;
    const byFingerprint = found.flatMap((key) =>
      key.secrets.map(({ fingerprint }): [string, Known] => [fingerprint, key]),
    );
    snapshot = { at, keys: new Map(byFingerprint) };
  }

  /** Notes that a key was used, at most once a minute; nobody waits for it. */
  function noteUse(name: string, network: string): void {
    const _id = name.toLowerCase();
    const now = monotonic();
    if (now - (noted.get(_id) ?? Number.NEGATIVE_INFINITY) < MINUTE_MS) return;
    noted.set(_id, now);
    const lastUsed = { at: clock.now(), network };
    const minuteAgo = new Date(lastUsed.at.getTime() - MINUTE_MS);
    const isStale = [{ lastUsed: { $exists: false } }, { 'lastUsed.at': { $lt: minuteAgo } }];
    keys.updateOne({ _id, $or: isStale }, { $set: { lastUsed } }).catch(deps.onError);
  }

  /** What was read may be otherwise by now. */
  function forget(): void {
    changes += 1;
    snapshot = NOTHING;
  }

  return { find, findAnew, noteUse, forget };
}
