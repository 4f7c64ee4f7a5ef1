import type { Clock } from '../kernel/clock.ts';
import { createRemembered } from '../kernel/remembered.ts';
import { isApiKey, isSecret, type StoredSecret, secretOf, stateOf } from './apiKey.ts';
import type { Scope } from './scope.ts';
import type { ApiKeyDocument, RightsStore } from './store.ts';

/** How a presented key stands: `replaced` is one that was rotated, and whose time is over. */
export type FoundKey =
  | { kind: 'active'; name: string; scopes: readonly Scope[] }
  | { kind: 'expired' | 'revoked' | 'replaced'; name: string };

/**
 * What was read of a key is used for so long without asking again: another process may take a key that is revoked for a second
 * more, and the one that revokes it not at all.
 */
const TRUSTED_MS = 1_000;
const REMEMBERED = 10_000;
/** The last use is noted to the minute, so that a busy key costs a write in a minute and not one in a request. */
const MINUTE_MS = 60_000;

type Known = { at: number; document: Promise<ApiKeyDocument | null> };

/** Finds stored keys by what is presented; `monotonic` is real milliseconds that never go back. */
export function createKeyLookup(
  { keys }: Pick<RightsStore, 'keys'>,
  deps: { clock: Clock; monotonic: () => number; onError: (error: unknown) => void },
) {
  const { clock, monotonic } = deps;
  const remembered = createRemembered<string, Known>(REMEMBERED);
  const noted = createRemembered<string, number>(REMEMBERED);

  /** The stored key that this is, or was; null for none. It is found by the beginning of its hash, and the whole is compared then. */
  async function find(key: string): Promise<FoundKey | null> {
    if (!isApiKey(key)) return null;
    const presented = secretOf(key);
    const document = await read(presented.fingerprint);
    const known = document?.secrets.find(({ fingerprint }) => fingerprint === presented.fingerprint);
    if (!isSecret(known, presented) || document === null || known === undefined) return null;
    return standing(document, known);
  }

  function standing(document: ApiKeyDocument, { until }: StoredSecret): FoundKey {
    const { name, scopes } = document;
    const now = clock.now();
    const state = stateOf(document, now);
    if (state !== 'active') return { kind: state, name };
    return until !== null && until <= now ? { kind: 'replaced', name } : { kind: 'active', name, scopes };
  }

  function read(fingerprint: string): Promise<ApiKeyDocument | null> {
    const known = remembered.get(fingerprint);
    const now = monotonic();
    if (known !== undefined && now - known.at < TRUSTED_MS) return known.document;
    // Whoever asks meanwhile waits for the same answer.
    const document = keys.findOne({ 'secrets.fingerprint': fingerprint, kind: 'stored' });
    const asked = { at: now, document };
    remembered.set(fingerprint, asked);
    document.catch(() => {
      if (remembered.peek(fingerprint) === asked) remembered.delete(fingerprint);
    });
    return document;
  }

  /** Notes that a key was used, at most once a minute; nobody waits for it. */
  function noteUse(name: string, network: string): void {
    const _id = name.toLowerCase();
    const now = monotonic();
    if (now - (noted.get(_id) ?? Number.NEGATIVE_INFINITY) < MINUTE_MS) return;
    noted.set(_id, now);
    const lastUsed = { at: clock.now(), network };
    const stale = [
      { lastUsed: { $exists: false } },
      { 'lastUsed.at': { $lt: new Date(lastUsed.at.getTime() - MINUTE_MS) } },
    ];
    keys.updateOne({ _id, $or: stale }, { $set: { lastUsed } }).catch(deps.onError);
  }

  /** What is remembered may be otherwise by now. */
  function forget(): void {
    remembered.clear();
  }

  return { find, noteUse, forget };
}
