import { unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { readPage } from '../database/readPage.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import type { Refused } from '../kernel/refusals.ts';
import type { Unfinished } from '../kernel/unfinished.ts';
import type { KeyAnnouncements } from './announcements.ts';
import {
  isOtherActor,
  type KeyState,
  newApiKey,
  type StoredSecret,
  secretOf,
  sortedScopes,
  stateOf,
} from './apiKey.ts';
import type { Scope } from './scope.ts';
import type { ApiKeyDocument, KeyAct, LastUse, RightsStore } from './store.ts';

/** An API key as others see it: without anything of its secret. */
export type KeyView = {
  name: string;
  kind: 'stored' | 'environment';
  state: KeyState;
  scopes: Scope[];
  createdAt: Date;
  by: string;
  expiresAt: Date | null;
  revokedAt: Date | null;
  /** Until when the secret before the present one still opens; null where it does not. */
  overlapUntil: Date | null;
  lastUsed: LastUse | null;
};

/** `key` is shown once: nothing of it but its hash is stored. */
export type MadeKey = { kind: 'done'; view: KeyView; key: string };
export type KeyRefusal = Refused | { kind: 'not-found' };

/** Old secrets that are kept, so that the log can name who still uses one. */
const SECRETS_KEPT = 10;
const HOUR_MS = 3_600_000;

/**
 * API keys that are stored (decision 40). Every change is one update on condition of what was there, with the act in it: the audit trail
 * and the managers are told of that afterwards, and by whoever looks next when a process dies in between. `onChanged` hears of each at once.
 */
export function createKeys(
  { keys }: Pick<RightsStore, 'keys'>,
  deps: { clock: Clock; announcements: KeyAnnouncements; onChanged: () => void },
) {
  const { clock } = deps;
  let configured: ReadonlyMap<string, Scope[]> = new Map();

  /** Makes a key; refused where anything has or had its name. */
  async function create(wanted: { name: string; scopes: readonly Scope[]; expiresAt: Date | null }, by: string) {
    const { name, expiresAt } = wanted;
    const now = clock.now();
    if (isOtherActor(name) || configured.has(idOf(name))) return refused('active', 'key_name_taken');
    const key = newApiKey();
    const secret = secretOf(key);
    const scopes = sortedScopes(wanted.scopes);
    const after = { scopes, expiresAt, revokedAt: null, fingerprint: secret.fingerprint };
    const document: ApiKeyDocument = {
      ...{ _id: idOf(name), name, kind: 'stored', scopes, createdAt: now, by, expiresAt, revokedAt: null },
      ...{ secrets: [secret], acts: [{ action: 'created', by, at: now, after }], noted: 0, effectsPending: true },
    };
    const stored = await unlessDuplicate(keys.insertOne(document, durable(keys)));
    if (stored === null) return refused('active', 'key_name_taken');
    await settle(document);
    return { kind: 'done' as const, view: viewOf(document), key };
  }

  /**
   * Another secret in the place of this one, which opens for `overlapHours` more, as do older ones at most. Of two rotations at once one is
   * refused: nobody is shown a key that is worth nothing already.
   */
  async function rotate(name: string, overlapHours: number, by: string): Promise<MadeKey | KeyRefusal> {
    const now = clock.now();
    const known = await changeable(name, now);
    if ('refusal' in known) return known.refusal;
    const key = newApiKey();
    const secret = secretOf(key);
    const end = new Date(now.getTime() + overlapHours * HOUR_MS);
    const old = known.document.secrets.map((one) => ({ ...one, until: earlier(one.until, end) }));
    const changed = await change(
      known.document,
      { action: 'rotated', by, at: now },
      {
        secrets: [secret, ...old].slice(0, SECRETS_KEPT),
      },
    );
    return changed === null ? meanwhile() : { kind: 'done', view: viewOf(changed), key };
  }

  /** Sets when a key ends: at once, later or earlier than before, or never with null. What has ended stays so. */
  async function expire(name: string, expiresAt: Date | null, by: string) {
    const known = await changeable(name, clock.now());
    if ('refusal' in known) return known.refusal;
    const changed = await change(known.document, { action: 'expiry', by, at: clock.now() }, { expiresAt });
    return changed === null ? meanwhile() : { kind: 'done' as const, view: viewOf(changed) };
  }

  /** Ends a key at once and for ever; one that is revoked already stays as it is. */
  async function revoke(name: string, by: string) {
    for (;;) {
      const now = clock.now();
      const document = await find(name);
      if (document === null) return { kind: 'not-found' as const };
      if (document.kind === 'environment') return refused('active', 'key_of_environment');
      if (document.revokedAt !== null) return { kind: 'already' as const, view: viewOf(document) };
      const changed = await change(document, { action: 'revoked', by, at: now }, { revokedAt: now });
      // Whatever came in between, it is to be worth nothing.
      if (changed !== null) return { kind: 'done' as const, view: viewOf(changed) };
    }
  }

  async function changeable(name: string, now: Date): Promise<{ document: ApiKeyDocument } | { refusal: KeyRefusal }> {
    const document = await find(name);
    if (document === null) return { refusal: { kind: 'not-found' } };
    if (document.kind === 'environment') return { refusal: refused('active', 'key_of_environment') };
    const state = stateOf(document, now);
    if (state === 'revoked') return { refusal: refused(state, 'key_revoked') };
    if (state === 'expired') return { refusal: refused(state, 'key_expired') };
    return { document };
  }

  /** One act on a key as it was read; null when another has come first. */
  async function change(
    known: ApiKeyDocument,
    { action, by, at }: Pick<KeyAct, 'action' | 'by' | 'at'>,
    set: Partial<Pick<ApiKeyDocument, 'secrets' | 'expiresAt' | 'revokedAt'>>,
  ): Promise<ApiKeyDocument | null> {
    const next = { ...known, ...set };
    const { scopes, expiresAt, revokedAt, secrets } = next;
    const after = { scopes, expiresAt, revokedAt, fingerprint: secrets[0]?.fingerprint ?? '' };
    const changed = await keys.findOneAndUpdate(
      { _id: known._id, acts: { $size: known.acts.length } },
      { $set: { ...set, effectsPending: true }, $push: { acts: { action, by, at, after } } },
      { returnDocument: 'after', ...durable(keys) },
    );
    if (changed !== null) await settle(changed);
    return changed;
  }

  /** What follows from a change: this process forgets at once what it knew, the trail and the managers are told. */
  async function settle(document: ApiKeyDocument): Promise<void> {
    deps.onChanged();
    const { _id, acts, noted } = document;
    for (const [index, act] of acts.entries()) {
      if (index >= noted) await deps.announcements.tell(document, act, index + 1);
    }
    await keys.updateOne({ _id, noted: { $lt: acts.length } }, { $set: { noted: acts.length } });
    await keys.updateOne({ _id, acts: { $size: acts.length } }, { $unset: { effectsPending: '' } });
  }

  /** By its name as it is written; no other has the same name in other letters. */
  async function find(name: string): Promise<ApiKeyDocument | null> {
    const document = await keys.findOne({ _id: idOf(name) });
    return document?.name === name ? document : null;
  }

  async function get(name: string): Promise<KeyView | null> {
    const document = await find(name);
    return document === null ? null : viewOf(document);
  }

  /** By name. */
  async function list(request: PageRequest): Promise<Page<KeyView>> {
    const after = request.after === undefined ? {} : { _id: { $gt: request.after } };
    const { items, next } = await readPage(keys.find(after).sort({ _id: 1 }), request.limit, ({ _id }) => _id);
    return { items: items.map(viewOf), next };
  }

  /**
   * Notes the names of the environment's keys, so that no other ever has one. Throws where a stored key has one already: who did what would
   * be anybody's guess.
   */
  async function noteEnvironment(given: readonly { name: string; scopes: readonly Scope[] }[]): Promise<void> {
    const now = clock.now();
    configured = new Map(given.map(({ name, scopes }) => [idOf(name), sortedScopes(scopes)]));
    for (const { name, scopes } of given) {
      const _id = idOf(name);
      const fresh: ApiKeyDocument = {
        ...{ _id, name, kind: 'environment', scopes: sortedScopes(scopes), createdAt: now, by: 'environment' },
        ...{ expiresAt: null, revokedAt: null, secrets: [], acts: [], noted: 0 },
      };
      if ((await unlessDuplicate(keys.insertOne(fresh, durable(keys)))) !== null) continue;
      if ((await keys.findOne({ _id }))?.kind === 'stored') {
        throw new Error(
          `API_KEYS: ${name} is the name of a stored key, and the audit trail goes by names: choose another`,
        );
      }
      await keys.updateOne({ _id, kind: 'environment' }, { $set: { scopes: fresh.scopes } });
    }
  }

  /** The scopes that a key has now, by its name; null for one that is not stored, and is the environment's. */
  async function scopesOfName(name: string): Promise<readonly Scope[] | null> {
    const document = await keys.findOne({ _id: idOf(name), kind: 'stored' });
    if (document === null) return null;
    return stateOf(document, clock.now()) === 'active' ? document.scopes : [];
  }

  function viewOf(document: ApiKeyDocument): KeyView {
    const { _id, name, kind, createdAt, by, expiresAt, revokedAt, lastUsed = null } = document;
    const now = clock.now();
    const ofEnvironment = configured.get(_id);
    const state = kind === 'stored' ? stateOf(document, now) : ofEnvironment === undefined ? 'absent' : 'active';
    const scopes = ofEnvironment ?? document.scopes;
    const overlapUntil = state === 'active' ? latestEnd(document.secrets, now) : null;
    return { name, kind, state, scopes, createdAt, by, expiresAt, revokedAt, overlapUntil, lastUsed };
  }

  const unfinished: Unfinished = {
    kind: 'keys',
    find: async (limit) => {
      const found = await keys.find({ effectsPending: true }).limit(limit).toArray();
      return found.map(({ _id, acts, createdAt }) => ({ id: _id, since: acts.at(-1)?.at ?? createdAt }));
    },
    finish: async (ids) => {
      for (const document of await keys.find({ _id: { $in: ids }, effectsPending: true }).toArray())
        await settle(document);
    },
  };

  return { create, rotate, expire, revoke, get, list, noteEnvironment, scopesOfName, unfinished };
}

/** Names that differ in their letters' case alone would be taken for each other. */
function idOf(name: string): string {
  return name.toLowerCase();
}

function refused(state: string, reason: Refused['reason']): Refused {
  return { kind: 'refused', state, reason };
}

function meanwhile(): Refused {
  return refused('active', 'key_changed');
}

function earlier(one: Date | null, other: Date): Date {
  return one !== null && one < other ? one : other;
}

function latestEnd(secrets: StoredSecret[], now: Date): Date | null {
  const ends = secrets.flatMap(({ until }) => (until !== null && until > now ? [until.getTime()] : []));
  return ends.length === 0 ? null : new Date(Math.max(...ends));
}
