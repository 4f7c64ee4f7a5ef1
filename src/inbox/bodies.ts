import { mongo } from 'mongoose';

import { hashOf } from '../kernel/ids.ts';
import { ERASED, type HeldKeys, type Keyring, LOCKED, type Owner, unreadableWithout } from '../privacy/keyring.ts';
import { PAYEES } from '../privacy/lockedSecrets.ts';
import type { StoredEvent } from './store.ts';

/**
 * What an event says: the text that was sent; or it was erased, with all or with one of the secrets that reading it needs, `without`;
 * or it needs a key that the environment does not name, `secretId` says which secret that would open; or it is not what was stored.
 */
export type Body =
  | { kind: 'readable'; text: string }
  | { kind: 'erased'; without: Owner[] }
  | { kind: 'locked'; secretId: string }
  | { kind: 'altered' };

/** The fields of an event that reading its body needs. */
export const BODY_FIELDS = { body: 1, subject: 1, keys: 1, locked: 1, receivedAt: 1 } as const;
export type WithBody = Pick<StoredEvent, '_id' | keyof typeof BODY_FIELDS>;

/** What an event is before its body is encrypted. */
export type Unencrypted = Pick<StoredEvent, '_id' | 'subject' | 'locked' | 'receivedAt'> & { text: string };

/** Bodies are up to 256 KiB. */
const READ_TOGETHER = 32;

export type EventBodies = ReturnType<typeof createEventBodies>;

/**
 * The bodies of events are encrypted with the secret of the day when they came in, and that of the account that they are about,
 * if there is one: without either of the two nobody can read them. One that may say how somebody is paid is `locked`: it needs a key
 * of the environment, too.
 */
export function createEventBodies(deps: { events: mongo.Collection<StoredEvent>; keyring: Keyring }) {
  const { events, keyring } = deps;

  /** Events with their bodies encrypted, in order, and the keys that were used. */
  async function encrypt<T extends Unencrypted>(batch: readonly T[]) {
    const keys = await keyring.hold(batch.flatMap(ownersOf));
    return { encrypted: batch.map((event) => [event, encryptedBody(event, keys)] as const), keys };
  }

  /** The bodies of events that are at hand, by event. */
  async function read<T extends WithBody>(batch: readonly T[]): Promise<Map<T, Body>> {
    const keys = await keyring.holdFor(batch.map(writtenWith));
    return new Map(batch.map((event) => [event, bodyOf(event, keys)]));
  }

  /** Events with their bodies, a few at a time, however many there are: by id, or in the order of `sort`. */
  async function* stream<T extends keyof StoredEvent = never>(
    filter: mongo.Filter<StoredEvent>,
    options: { fields?: readonly T[]; sort?: mongo.Sort; maxTimeMS?: number } = {},
  ): AsyncGenerator<[Pick<StoredEvent, T | '_id'>, Body]> {
    const { fields = [], sort = { _id: 1 }, ...others } = options;
    const projection = { ...BODY_FIELDS, ...Object.fromEntries(fields.map((field) => [field, 1])) };
    const found = events.find(filter, { projection, sort, batchSize: READ_TOGETHER, ...others });
    while (await found.hasNext()) {
      for (const [event, body] of await read(found.readBufferedDocuments())) yield [event, body];
    }
  }

  /** Whether the body of an event can still be read, and if not why; does not read it. */
  async function legibilityOf(event: Omit<WithBody, 'body'>): Promise<'readable' | 'erased' | 'locked'> {
    const written = writtenWith(event);
    const keys = await keyring.holdFor([written]);
    const lacking = keys.lacking(written.owners, written.keys);
    return lacking.length === 0 ? 'readable' : unreadableWithout(lacking);
  }

  return { encrypt, read, stream, legibilityOf };
}

/** Whether what is stored of a body is what came in; also where it cannot be read any more. Null where nothing is left of it. */
export function hasItsHash({ body, hash }: Pick<StoredEvent, 'body' | 'hash'>): boolean | null {
  if (body === undefined) return null;
  const bytes = bytesOf(body);
  return bytes !== null && hashOf(bytes) === hash;
}

/** Null where it is no body, but something else that somebody has put there. */
function bytesOf(body: unknown): Uint8Array | null {
  return body instanceof mongo.Binary ? body.value() : null;
}

/** What is stored of a body. */
export type EncryptedBody = Required<Pick<StoredEvent, 'body' | 'hash' | 'keys'>>;

function encryptedBody(event: Unencrypted, keys: HeldKeys): EncryptedBody {
  const { data, keys: used } = keys.encrypt(ownersOf(event), placeOf(event), event.text);
  return { body: new mongo.Binary(data), hash: hashOf(data), keys: used };
}

function bodyOf(event: WithBody, keys: HeldKeys): Body {
  if (event.body === undefined) return { kind: 'erased', without: [] };
  const data = bytesOf(event.body);
  if (data === null || !Array.isArray(event.keys)) return { kind: 'altered' };
  const owners = ownersOf(event);
  const opened = keys.decrypt(owners, placeOf(event), { data, keys: event.keys });
  if (opened === ERASED) return { kind: 'erased', without: keys.lacking(owners, event.keys) };
  if (opened === LOCKED) return { kind: 'locked', secretId: event.keys[owners.indexOf(PAYEES)] ?? '' };
  return opened === null ? { kind: 'altered' } : { kind: 'readable', text: opened.text };
}

function placeOf({ _id }: Pick<StoredEvent, '_id'>): string {
  return `events:${_id}:body`;
}

function writtenWith(event: Pick<StoredEvent, 'subject' | 'locked' | 'receivedAt' | 'keys'>) {
  return { owners: ownersOf(event), keys: event.keys };
}

/** Whose secrets it needs. */
function ownersOf({ subject, locked, receivedAt }: Pick<StoredEvent, 'subject' | 'locked' | 'receivedAt'>): Owner[] {
  const day: Owner = `day:${dayOf(receivedAt)}`;
  const owners: Owner[] = subject === undefined ? [day] : [`account:${subject}`, day];
  if (locked === true) owners.push(PAYEES);
  return owners;
}

/** The day of an instant, in UTC. */
function dayOf(instant: Date): string {
  const number = Math.floor(instant.getTime() / DAY_MS);
  if (number !== lastDay.number) lastDay = { number, name: instant.toISOString().slice(0, 'YYYY-MM-DD'.length) };
  return lastDay.name;
}

const DAY_MS = 86_400_000;
/** Most events came in on the day of the one before. */
let lastDay = { number: Number.NaN, name: '' };
