import type { Connection } from 'mongoose';

import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit/audit.ts';
import { type Backlog, backlogOf } from '../database/backlog.ts';
import { durable } from '../database/durable.ts';
import { NotYet } from '../events/handler.ts';
import type { JobResult } from '../kernel/activity.ts';
import type { Clock } from '../kernel/clock.ts';
import { BrokenInvariant } from '../kernel/errors.ts';
import { ALL_HAVE_NOTICED_MS, type Keyring } from '../privacy/keyring.ts';
import { chatsWrittenTo, scrubAll } from './inventory.ts';
import { type OpenItem, type OpenItemSources, openItemsOf } from './openItems.ts';
import { createErasureStore, type ErasureDocument } from './store.ts';
import { createErasureVerification } from './verification.ts';

export type ErasureView = {
  accountId: string;
  status: 'erasing' | 'erased';
  requestedAt: Date;
  erasedAt: Date | null;
  /** Events that came in meanwhile and are not applied yet; until they are, or are dismissed, it waits. */
  waitsFor: string[];
};

export type RequestOutcome =
  | { kind: 'requested'; erasure: ErasureView }
  | { kind: 'not-found' }
  | { kind: 'refused'; open: OpenItem[] };

export type Erasures = ReturnType<typeof createErasures>;

/**
 * Erases the person of an account, and leaves what happened (docs/decisions/0025): names, chats, texts and the bodies of events
 * cannot be read any more, and money, orders and their chains stay under the account's id. Each step is marked once it is done, so
 * that a process that dies is followed by another.
 */
export function createErasures(deps: {
  connection: Connection;
  keyring: Keyring;
  accounts: Pick<Accounts, 'get' | 'makePseudonym' | 'chatsOf' | 'erasePerson'>;
  open: OpenItemSources;
  /** Ends where its person is in the console, and says so in the trail, as of every other end. */
  endSessions: (accountId: string) => Promise<unknown>;
  /** Deletes the bodies of events that name an order alone. */
  eraseEventsAbout: (things: string[]) => Promise<void>;
  ordersOf: (accountId: string) => Promise<string[]>;
  partiesOf: (orderIds: string[]) => Promise<Map<string, string[]>>;
  audit: Pick<Audit, 'record'>;
  clock: Clock;
  /** How long until every process has noticed. */
  settleMs?: number | undefined;
}) {
  const { keyring, accounts, settleMs = ALL_HAVE_NOTICED_MS } = deps;
  const store = createErasureStore(deps.connection);

  /**
   * Asks for an erasure, durably; `run` carries it out. Refused while anything is not settled with the account. Asked for again, it
   * erases what has come in since.
   */
  async function request(accountId: string, by: string): Promise<RequestOutcome> {
    const account = await accounts.get(accountId);
    if (account === null) return { kind: 'not-found' };
    const known = await store.findOne({ _id: accountId });
    if (known !== null && known.state !== 'done') return { kind: 'requested', erasure: await viewOf(known) };
    const open = await openItemsOf(deps.open, accountId);
    if (open.length > 0) return { kind: 'refused', open };
    const fresh = { state: 'requested', requestedAt: deps.clock.now(), requestedBy: by } as const;
    await store.updateOne(
      { _id: accountId },
      { $set: fresh, $inc: { round: 1 }, $unset: { announcedAt: '', doneAt: '' } },
      { upsert: true, ...durable(store) },
    );
    return { kind: 'requested', erasure: await viewOf(await stored(accountId)) };
  }

  /**
   * Asks once more for every erasure there ever was: what a backup from before it has brought back goes again, settled or not.
   * Answers the accounts.
   */
  async function requestAgain(): Promise<string[]> {
    const fresh = { state: 'requested' as const, requestedAt: deps.clock.now() };
    await store.updateMany(
      { state: 'done' },
      { $set: fresh, $inc: { round: 1 }, $unset: { announcedAt: '', doneAt: '' } },
      durable(store),
    );
    return (await unfinished()).map(({ _id }) => _id).sort();
  }

  async function get(accountId: string): Promise<ErasureView | null> {
    const found = await store.findOne({ _id: accountId });
    return found === null ? null : viewOf(found);
  }

  /** When something can be done for an erasure: now, or null. */
  async function nextDue(): Promise<Date | null> {
    for (const erasure of await unfinished()) if (!(await isHeldUp(erasure))) return deps.clock.now();
    return null;
  }

  /** Goes on with every erasure; throws NotYet while other processes are still to notice one. */
  async function run(): Promise<JobResult> {
    let count = 0;
    let isEarly = false;
    for (const erasure of await unfinished()) {
      const result = await advance(erasure);
      if (result === 'done') count += 1;
      isEarly ||= result === 'early';
    }
    if (isEarly && count === 0) throw new NotYet('other processes are hearing of an erasure');
    return { count };
  }

  /** The erasures that are not done yet. */
  const backlog = (): Promise<Backlog> => backlogOf(store, { state: { $in: UNDONE } }, { since: 'requestedAt' });

  function unfinished(): Promise<ErasureDocument[]> {
    return store.find({ state: { $in: UNDONE } }).toArray();
  }

  /** As far as it goes now: `early` before every process has noticed, `held-up` while an event is pending. */
  async function advance(erasure: ErasureDocument): Promise<'done' | 'early' | 'held-up'> {
    const { _id: accountId } = erasure;
    if (erasure.state === 'requested') {
      await announce(accountId);
      return advance(await stored(accountId));
    }
    if (erasure.state === 'announced') {
      if (!(await haveNoticed(accountId))) return 'early';
      if (await isHeldUp(erasure)) return 'held-up';
      await keyring.shred(`account:${accountId}`);
      await mark(accountId, 'shredded');
    }
    await finish(erasure);
    return 'done';
  }

  /** Nobody can be told anything any more from here on, and what is written now is written with another secret. */
  async function announce(accountId: string): Promise<void> {
    await accounts.makePseudonym(accountId, deps.clock.now());
    await deps.endSessions(accountId);
    const database = databaseOf(deps.connection);
    const chats = [...(await accounts.chatsOf(accountId)), ...(await chatsWrittenTo(database, accountId))];
    await store.updateOne({ _id: accountId }, { $addToSet: { chats: { $each: chats } } }, durable(store));
    await accounts.erasePerson(accountId);
    await keyring.replace(`account:${accountId}`);
    // A process that announced it a second time starts the wait anew.
    await store.updateOne({ _id: accountId }, [{ $set: { state: 'announced', announcedAt: '$$NOW' } }], durable(store));
  }

  async function haveNoticed(accountId: string): Promise<boolean> {
    const noticed = { $expr: { $lte: [{ $add: ['$announcedAt', settleMs] }, '$$NOW'] } };
    return (await store.findOne({ _id: accountId, ...noticed }, { projection: { _id: 1 } })) !== null;
  }

  /** An event that was encrypted with the old secret, and is to have its effect, keeps that secret. */
  async function isHeldUp({ _id, state }: ErasureDocument): Promise<boolean> {
    return state === 'announced' && (await deps.open.pendingEvents(_id)).length > 0;
  }

  async function finish({ _id: accountId, chats = [], requestedBy, round }: ErasureDocument): Promise<void> {
    await accounts.erasePerson(accountId);
    // One that was being opened while it was announced.
    await deps.endSessions(accountId);
    await scrubAll(databaseOf(deps.connection), { accountId, chats });
    await deps.eraseEventsAbout((await deps.ordersOf(accountId)).map((orderId) => `order:${orderId}`));
    await deps.audit.record({
      ...{ key: `erasure:${accountId}:${round}`, actor: requestedBy, action: 'account.erase' },
      ...{ subject: `account:${accountId}`, at: deps.clock.now() },
    });
    await mark(accountId, 'done', { doneAt: deps.clock.now() });
  }

  async function mark(accountId: string, state: ErasureDocument['state'], more: { doneAt?: Date } = {}): Promise<void> {
    const unset = state === 'done' ? { $unset: { chats: '' as const, announcedAt: '' as const } } : {};
    await store.updateOne({ _id: accountId }, { $set: { state, ...more }, ...unset }, durable(store));
  }

  async function stored(accountId: string): Promise<ErasureDocument> {
    const found = await store.findOne({ _id: accountId });
    if (found === null) throw new BrokenInvariant(`the erasure of ${accountId} is gone`);
    return found;
  }

  async function viewOf(erasure: ErasureDocument): Promise<ErasureView> {
    const { _id: accountId, state, requestedAt, doneAt = null } = erasure;
    const waitsFor = state === 'announced' ? await deps.open.pendingEvents(accountId) : [];
    return { accountId, status: state === 'done' ? 'erased' : 'erasing', requestedAt, erasedAt: doneAt, waitsFor };
  }

  const verification = createErasureVerification({ store, partiesOf: deps.partiesOf });
  return { request, requestAgain, backlog, get, nextDue, run, verification };
}

const UNDONE: ErasureDocument['state'][] = ['requested', 'announced', 'shredded'];

function databaseOf({ db }: Connection) {
  if (db === undefined) throw new BrokenInvariant('an erasure was asked for before the connection was open');
  return db;
}
