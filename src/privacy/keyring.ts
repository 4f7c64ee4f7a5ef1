import type { KeyObject } from 'node:crypto';
import type { LRUCache } from 'lru-cache';
import { type Connection, mongo } from 'mongoose';

import { insertIgnoringDuplicates } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { takesMoments } from '../database/patience.ts';
import { decrypt, encrypt, keyOf, newSecret, type Secret, secretOf } from '../kernel/cipher.ts';
import { BrokenInvariant } from '../kernel/errors.ts';
import { chunksOf } from '../kernel/group.ts';
import { createRemembered } from '../kernel/remembered.ts';
import { oneAtATime } from '../kernel/shared.ts';
import { hedged } from '../kernel/wait.ts';
import { createLockedSecrets, PAYEES } from './lockedSecrets.ts';
import { createKeyStore, type KeyDocument } from './store.ts';

/**
 * Whose secret it is: `account:m1`, or `day:2026-11-26`. That of `payees` is stored under a key of the environment: without that
 * one nobody has it, whatever else they have of the database.
 */
export type Owner = `account:${string}` | `day:${string}` | typeof PAYEES;

/** A text under the secrets of its owners; `keys` names those secrets, in the order of the owners. */
export type Encrypted = { data: Buffer; keys: string[] };

/**
 * Process memory: how many secrets, and keys derived of them, are remembered. A secret is 200 bytes here, so at most a few
 * megabytes.
 */
const REMEMBERED = 20_000;
/** What is remembered is used for so long without asking whether a secret was deleted; asked beside other work from half of it on. */
const TRUSTED_MS = 1_000;
/** Everything waits for these reads, so that one dead connection must not hold them up: they are asked again over another. */
const HEDGED_AFTER_MS = 500;
/** A write that takes longer than this may have used a secret that is gone: it looks again. */
const LONGEST_WRITE_MS = 3_000;
/** So long after an erasure was announced nobody writes with the old secret any more. */
export const ALL_HAVE_NOTICED_MS = TRUSTED_MS + LONGEST_WRITE_MS;
const BATCH = 1_000;

/** `write`: null where what is there can be read with alone. */
type Known = { write: Secret | null; all: ReadonlyMap<string, Secret> };

export type Keyring = ReturnType<typeof createKeyring>;

/**
 * The secrets that personal data is encrypted with (docs/decisions/0025): one for each account, one for each day. They are
 * made when they are first needed, and remembered. `hold` has the secrets that some work needs at hand; what it answers then
 * encrypts and decrypts without waiting. `payeeKeys` are those of the environment, the one that is written with first.
 */
export function createKeyring(connection: Connection, payeeKeys: readonly Secret[] = []) {
  const { keys, revision, locked: lockedStore } = createKeyStore(connection);
  const locked = createLockedSecrets(lockedStore, payeeKeys);
  const remembered = createRemembered<string, Known>(REMEMBERED);
  const derived = createRemembered<string, KeyObject>(REMEMBERED);
  let checked = { at: Number.NEGATIVE_INFINITY, number: -1 };
  const askAgain = oneAtATime(readRevision);

  /**
   * The secrets of these owners. Who has none gets one, durable before this answers, unless it is only to read. One read, and
   * one insert for new ones; none of either where all are remembered.
   */
  async function hold(owners: Iterable<string>, purpose: 'write' | 'read' = 'write'): Promise<HeldKeys> {
    const since = await trust();
    const held = new Map<string, Known>();
    const unknown: string[] = [];
    for (const owner of new Set(owners)) {
      const known = remembered.get(owner);
      if (known === undefined || (purpose === 'write' && known.write === null)) unknown.push(owner);
      else held.set(owner, known);
    }
    for (const batch of chunksOf(unknown, BATCH)) {
      for (const [owner, known] of await load(batch)) held.set(owner, known);
      const without = purpose === 'write' ? batch.filter((owner) => !held.get(owner)?.write) : [];
      for (const [owner, known] of await make(without)) held.set(owner, known);
    }
    return heldKeys(held, since, derived);
  }

  /**
   * The secrets to read these with. One that is not known may be newer than what is remembered: another process has noticed already
   * that it was replaced, and has written with the next. So nothing is taken for erased before the database was asked.
   */
  async function holdFor(
    written: readonly { owners: readonly string[]; keys: readonly string[] }[],
  ): Promise<HeldKeys> {
    const owners = written.flatMap((one) => one.owners);
    const held = await hold(owners, 'read');
    const unknown = written.flatMap((one) => held.lacking(one.owners, one.keys));
    if (unknown.length === 0) return held;
    for (const owner of unknown) remembered.delete(owner);
    return hold(owners, 'read');
  }

  async function load(owners: string[]): Promise<Map<string, Known>> {
    if (owners.length === 0) return new Map();
    const before = checked.number;
    const found = await hedged(HEDGED_AFTER_MS, () => keys.find({ _id: { $in: owners } }).toArray());
    const known = new Map(found.map((document) => [document._id, knownOf(document)]));
    if (owners.includes(PAYEES)) known.set(PAYEES, await hedged(HEDGED_AFTER_MS, locked.load));
    return remember(known, before);
  }

  /** Of two processes that make one at once the first has made it. */
  async function make(owners: string[]): Promise<Map<string, Known>> {
    if (owners.length === 0) return new Map();
    const before = checked.number;
    if (owners.includes(PAYEES)) {
      await locked.make();
      const others = owners.filter((owner) => owner !== PAYEES);
      return new Map([...(await load([PAYEES])), ...(await make(others))]);
    }
    const documents = owners.map((owner): KeyDocument => ({ _id: owner, secret: new mongo.Binary(newSecret()) }));
    const met = new Set(await insertIgnoringDuplicates(keys, documents, { ...durable(keys), ...takesMoments }));
    const fresh = documents.filter((_, index) => !met.has(index));
    const made = remember(new Map(fresh.map((document) => [document._id, knownOf(document)])), before);
    return new Map([...made, ...(await load(owners.filter((_, index) => met.has(index))))]);
  }

  /** Not what was read before a change that has been noticed meanwhile. */
  function remember(found: Map<string, Known>, readAt: number): Map<string, Known> {
    if (readAt === checked.number) for (const [owner, known] of found) remembered.set(owner, known);
    return found;
  }

  /** What is remembered may be used; answers since when, by the process's own time, that is known. */
  async function trust(): Promise<number> {
    const age = performance.now() - checked.at;
    if (age > TRUSTED_MS / 2) {
      const check = askAgain();
      if (age > TRUSTED_MS) await check;
      // Asked in good time: a failure is met when nothing is trusted any more.
      else check.catch(() => undefined);
    }
    return checked.at;
  }

  async function readRevision(): Promise<void> {
    const at = performance.now();
    const number = (await hedged(HEDGED_AFTER_MS, () => revision.findOne({ _id: 'keys' })))?.number ?? 0;
    if (number !== checked.number) forget();
    checked = { at, number };
  }

  function forget(): void {
    remembered.clear();
    derived.clear();
  }

  /** A write with these keys has ended: whether it may have met the deletion of one of them, and has to look again. */
  function mayBeGone(held: HeldKeys): boolean {
    return performance.now() - held.since > LONGEST_WRITE_MS;
  }

  /** Others notice that something changed. */
  async function announce(): Promise<void> {
    await revision.updateOne({ _id: 'keys' }, { $inc: { number: 1 } }, { upsert: true, ...durable(revision) });
    forget();
    checked = { at: Number.NEGATIVE_INFINITY, number: -1 };
  }

  /** From now on an account's data is written with another secret; the old one can still be read with. */
  async function replace(owner: Owner): Promise<void> {
    await hold([owner]);
    const fresh = new mongo.Binary(newSecret());
    await keys.updateOne({ _id: owner, next: { $exists: false } }, { $set: { next: fresh } }, durable(keys));
    await announce();
  }

  /** Deletes the secret that was replaced: what was written with it cannot be read any more, by anybody. */
  async function shred(owner: Owner): Promise<void> {
    const replaced = { _id: owner, next: { $exists: true } };
    await keys.updateOne(replaced, [{ $set: { secret: '$next' } }, { $unset: 'next' }], durable(keys));
    await announce();
  }

  /** Deletes the secret of a day. */
  async function shredDay(day: string): Promise<void> {
    await keys.deleteOne({ _id: `day:${day}` }, durable(keys));
    await announce();
  }

  /** The days that have a secret, before and with `until`, in order. */
  async function days(until: string): Promise<string[]> {
    const found = keys.find({ _id: { $gte: 'day:', $lte: `day:${until}` } }, { projection: { _id: 1 } });
    return (await found.sort({ _id: 1 }).toArray()).map(({ _id }) => _id.slice('day:'.length));
  }

  /** Whether the secret of payees can be written with: a key is named, and opens what it was made for. */
  async function canLock(): Promise<boolean> {
    return locked.isOn && (await hold([PAYEES])).idOf(PAYEES) !== undefined;
  }

  return { hold, holdFor, mayBeGone, replace, shred, shredDay, days, canLock, locked };
}

function knownOf({ secret, next }: KeyDocument): Known {
  const [current, coming] = [secret, next].map((one) =>
    one === undefined ? null : secretOf(Buffer.from(one.value())),
  );
  const write = coming ?? current;
  if (!write) throw new BrokenInvariant('there is a key without a secret');
  return { write, all: new Map([current, coming].flatMap((one) => (one ? [[one.id, one] as const] : []))) };
}

export type HeldKeys = ReturnType<typeof heldKeys>;

/** Encrypts and decrypts with the secrets at hand. */
function heldKeys(held: ReadonlyMap<string, Known>, since: number, derived: LRUCache<string, KeyObject>) {
  function derive(secrets: readonly Secret[]): KeyObject {
    const name = secrets.map(({ id }) => id).join(' ');
    const known = derived.get(name);
    if (known !== undefined) return known;
    const key = keyOf(secrets);
    derived.set(name, key);
    return key;
  }

  /** Only who has the secrets of all owners can read it again, and only at this `place`. */
  function encryptFor(owners: readonly string[], place: string, text: string): Encrypted {
    const secrets = owners.map((owner) => {
      const write = held.get(owner)?.write;
      if (!write) throw new BrokenInvariant(`the secret of ${owner} is not at hand`);
      return write;
    });
    return { data: encrypt(derive(secrets), place, text), keys: secrets.map(({ id }) => id) };
  }

  /** The text; `erased` when one of the secrets is gone; `locked` when only a key of the environment lacks; null when it is not as it was written. */
  function decryptOf(
    owners: readonly string[],
    place: string,
    { data, keys }: { data: Uint8Array; keys: readonly string[] },
  ) {
    const secrets = owners.map((owner, index) => held.get(owner)?.all.get(keys[index] ?? ''));
    if (!secrets.every((secret) => secret !== undefined)) {
      return unreadableWithout(lacking(owners, keys));
    }
    const text = decrypt(derive(secrets), place, data);
    return text === null ? null : { text };
  }

  /** Those of these owners whose secret is not there; `keys` names the secrets, in the order of the owners. */
  function lacking<O extends string>(owners: readonly O[], keys: readonly string[]): O[] {
    return owners.filter((owner, index) => {
      const id = keys[index] ?? '';
      return held.get(owner)?.all.has(id) !== true;
    });
  }

  /** The id of the secret that is written with; undefined where nothing can be. */
  function idOf(owner: Owner): string | undefined {
    return held.get(owner)?.write?.id;
  }

  return { encrypt: encryptFor, decrypt: decryptOf, lacking, idOf, since };
}

/** What is left of an erased text. */
export const ERASED = 'erased';
/** What is there of a text whose key the environment does not name. */
export const LOCKED = 'locked';

/** Why a text cannot be read without the secrets of these owners. */
export function unreadableWithout(owners: readonly string[]): typeof ERASED | typeof LOCKED {
  return owners.every((owner) => owner === PAYEES) ? LOCKED : ERASED;
}
