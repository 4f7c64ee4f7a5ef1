import type { Accounts } from '../accounts/accounts.ts';
import { unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { readPage } from '../database/readPage.ts';
import { BrokenInvariant } from '../kernel/errors.ts';
import { hashOf, randomToken } from '../kernel/ids.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import type { Refused } from '../kernel/refusals.ts';
import type { Unfinished } from '../kernel/unfinished.ts';
import type { Posting } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Texts } from '../privacy/texts.ts';
import { writtenNow } from '../seals/source.ts';
import {
  type AdjustmentView,
  accountNameOf,
  type Balance,
  balanceMeant,
  balanceOf,
  isGuardedDecrease,
  type NoBalance,
  parseNamed,
} from './adjustment.ts';
import type { AnnounceAdjustment } from './announceAdjustment.ts';
import { madeEntry, refusedEntry } from './entries.ts';
import { type AdjustmentStore, COLLECTION, type StoredAdjustment } from './store.ts';

const BATCH = 100;
const ID_LENGTH = 22;

/** What somebody wants: `account` is a balance, `marketer:kim`, or a bare id. Minor units, not zero. */
export type WantedAdjustment = { account: string; amount: MinorUnits; reason: string };

/** What cannot be done, and changes nothing. `missing` is what the model's balance lacks. */
export type AdjustmentRefusal =
  | { kind: 'not-found' }
  | { kind: 'no-balance'; why: NoBalance }
  | (Refused<'erased'> & { reason: 'account_erased' })
  | (Refused<'short'> & { reason: 'insufficient_balance'; balance: MinorUnits; missing: MinorUnits });

export type AdjustmentOutcome =
  | { kind: 'done' | 'already'; adjustment: AdjustmentView; balance: MinorUnits }
  /** The id stands for another adjustment. */
  | { kind: 'other' }
  | AdjustmentRefusal;

/** What an adjustment would do: as it would stand, with the balance before and after, and what the ledger would get. */
export type AdjustmentPreview =
  | {
      kind: 'would';
      adjustment: Omit<AdjustmentView, 'adjustmentId'>;
      before: MinorUnits;
      after: MinorUnits;
      postings: Posting[];
    }
  | AdjustmentRefusal;

/** Who changed something about an account, for whoever must not approve it as well. */
export type AccountChange = { actor: string; accountId: string; what: string; at: Date };

export type Adjustments = ReturnType<typeof createAdjustments>;

/**
 * Corrections of balances by hand, each with a reason (rules 6.8). The document is inserted first and says what was asked; then the
 * ledger moves the money, or refuses what a model's balance does not cover; then people and the platform are told. Every step can
 * be done again, and bears a mark until it is.
 */
export function createAdjustments(deps: {
  store: AdjustmentStore;
  texts: Texts;
  accounts: Pick<Accounts, 'get'>;
  ledger: Pick<Ledger, 'append' | 'take' | 'balance'>;
  /** An affiliate's is an item among its commissions, which posts it. */
  affiliateItems: {
    place(
      item: { adjustmentId: string; affiliateId: string; amount: MinorUnits; at: Date },
      now: Date,
    ): Promise<unknown>;
    peekPayday(item: { amount: MinorUnits; at: Date }): Promise<string>;
    paydaysOf(adjustmentIds: string[]): Promise<Map<string, string>>;
  };
  /** The first payday after an instant. */
  nextPayday: (at: Date) => string;
  /** Tries what is unpaid of models whose balance has grown, each with the id of what increased it. */
  payDebts: (grown: Map<string, string>, now: Date) => Promise<void>;
  announceAdjustment: AnnounceAdjustment;
}) {
  const { store, ledger } = deps;

  /** Corrects a balance at `now`; the same `adjustmentId` again is the same correction, done once. */
  async function make(
    adjustmentId: string,
    wanted: WantedAdjustment,
    actor: string,
    now: Date,
  ): Promise<AdjustmentOutcome> {
    const known = await store.findOne({ _id: adjustmentId });
    if (known !== null) return outcomeOf(known, wanted, now);
    const checked = await check(wanted);
    if (checked.kind !== 'can') return checked;
    const { balance: of } = checked;
    const stored: StoredAdjustment = {
      ...{ _id: adjustmentId, account: accountNameOf(of), accountId: of.accountId },
      ...{ amount: wanted.amount, reason: wanted.reason, actor, at: now },
      state: isGuardedDecrease(of, wanted.amount) ? 'asked' : 'made',
      effectsPending: true,
      ...writtenNow(),
    };
    const [document = stored] = await deps.texts.protect(COLLECTION, [stored], ({ path }, { accountId }) =>
      path === 'reason' ? [accountId] : [],
    );
    const inserted = await unlessDuplicate(store.insertOne(document, durable(store)));
    return outcomeOf(document, wanted, now, inserted === null ? 'already' : 'done');
  }

  async function outcomeOf(
    { _id }: StoredAdjustment,
    wanted: WantedAdjustment,
    now: Date,
    kind: 'done' | 'already' = 'already',
  ): Promise<AdjustmentOutcome> {
    const [left] = await pending({ _id });
    if (left !== undefined) await finish(left, now);
    const stored = await load(_id);
    const named = parseNamed(wanted.account);
    const isSame =
      named?.accountId === stored.accountId &&
      (named.kind === null || wanted.account === stored.account) &&
      wanted.amount === stored.amount;
    if (!isSame) return { kind: 'other' };
    const balance = await ledger.balance(stored.account);
    if (stored.state === 'refused') return insufficient(balance, Math.max(0, -stored.amount - balance));
    return { kind, adjustment: await viewOf(stored), balance };
  }

  /** The same checks, and what would be; writes nothing. */
  async function preview(wanted: WantedAdjustment, actor: string, now: Date): Promise<AdjustmentPreview> {
    const checked = await check(wanted);
    if (checked.kind !== 'can') return checked;
    const { balance: of, before } = checked;
    const { amount, reason } = wanted;
    const account = accountNameOf(of);
    const payday =
      of.kind === 'affiliate' ? await deps.affiliateItems.peekPayday({ amount, at: now }) : paydayFor(of, now);
    return {
      kind: 'would',
      adjustment: { account, accountId: of.accountId, amount, reason, madeBy: actor, at: now, payday },
      ...{ before, after: before + amount },
      postings: madeEntry({ _id: '', account, amount, at: now }).postings,
    };
  }

  async function check({
    account,
    amount,
  }: WantedAdjustment): Promise<{ kind: 'can'; balance: Balance; before: MinorUnits } | AdjustmentRefusal> {
    const named = parseNamed(account);
    if (named === null) return { kind: 'no-balance', why: 'not-a-balance' };
    const known = await deps.accounts.get(named.accountId);
    if (known === null) return { kind: 'not-found' };
    const balance = balanceMeant(named, known, amount);
    if (typeof balance === 'string') return { kind: 'no-balance', why: balance };
    if (known.isErased === true) return { kind: 'refused', state: 'erased', reason: 'account_erased' };
    const before = await ledger.balance(accountNameOf(balance));
    const after = before + amount;
    if (isGuardedDecrease(balance, amount) && after < 0) return insufficient(before, -after);
    return { kind: 'can', balance, before };
  }

  /** Moves the money, and tells of it; says that it is refused where the balance did not cover it. */
  async function finish(adjustment: StoredAdjustment, now: Date): Promise<void> {
    const { _id, account, amount } = adjustment;
    const { kind, accountId } = balanceOf(account);
    if ((await post(adjustment, now)) === 'refused') {
      await store.updateOne({ _id }, { $set: { state: 'refused' }, $unset: { effectsPending: '' } }, durable(store));
      return;
    }
    await store.updateOne({ _id, state: 'asked' }, { $set: { state: 'made' } }, durable(store));
    if (kind === 'model' && amount > 0) await deps.payDebts(new Map([[accountId, _id]]), now);
    const made = await load(_id);
    await deps.announceAdjustment({ ...(await viewOf(made)), balance: await ledger.balance(account) }, kind, now);
    await store.updateOne({ _id }, { $unset: { effectsPending: '' } });
  }

  async function post(adjustment: StoredAdjustment, now: Date): Promise<'made' | 'refused'> {
    const { _id: adjustmentId, account, amount, at } = adjustment;
    const balance = balanceOf(account);
    if (balance.kind === 'affiliate') {
      await deps.affiliateItems.place({ adjustmentId, affiliateId: balance.accountId, amount, at }, now);
      return 'made';
    }
    if (!isGuardedDecrease(balance, amount)) {
      await ledger.append([madeEntry(adjustment)]);
      return 'made';
    }
    const taken = await ledger.take(madeEntry(adjustment));
    if (taken.kind === 'written' || taken.kind === 'already') return 'made';
    if (taken.kind === 'decided-otherwise') return 'refused';
    // A slower process may have taken it meanwhile, when there was more: then it is made.
    const lost = await ledger.append([refusedEntry(adjustment)]);
    return lost.size > 0 ? 'made' : 'refused';
  }

  async function load(adjustmentId: string): Promise<StoredAdjustment> {
    const found = await store.findOne({ _id: adjustmentId });
    if (found === null) throw new BrokenInvariant(`adjustment ${adjustmentId} is gone`);
    return deps.texts.revealOne(COLLECTION, found);
  }

  function pending(filter: object, limit = BATCH): Promise<StoredAdjustment[]> {
    return store
      .find({ ...filter, effectsPending: true })
      .limit(limit)
      .toArray();
  }

  /** An adjustment that was made, or null. */
  async function get(adjustmentId: string): Promise<AdjustmentView | null> {
    const found = await store.findOne({ _id: adjustmentId, state: 'made' });
    return found === null ? null : viewOf(await deps.texts.revealOne(COLLECTION, found));
  }

  /** Adjustments that were made, the newest first; `account` is a balance, or an id for all of its balances. */
  async function list(request: PageRequest & { account?: string }): Promise<Page<AdjustmentView>> {
    const named = request.account === undefined ? null : parseNamed(request.account);
    const of =
      named === null ? {} : named.kind === null ? { accountId: named.accountId } : { account: request.account };
    const after = request.after === undefined ? {} : olderThan(request.after);
    const found = store.find({ $and: [{ state: 'made' }, of, after] }).sort({ at: -1, _id: -1 });
    const { items, next } = await readPage(found, request.limit, ({ at, _id }) => `${at.getTime()}~${_id}`);
    const revealed = await deps.texts.reveal(COLLECTION, items);
    const paydays = await itemPaydays(revealed);
    return { items: revealed.map((one) => viewWith(one, paydays)), next };
  }

  async function viewOf(stored: StoredAdjustment): Promise<AdjustmentView> {
    return viewWith(stored, await itemPaydays([stored]));
  }

  /** The paydays that the items of affiliates' corrections are in, by adjustment. */
  function itemPaydays(stored: StoredAdjustment[]): Promise<Map<string, string>> {
    const items = stored.filter(({ account }) => balanceOf(account).kind === 'affiliate');
    return deps.affiliateItems.paydaysOf(items.map(({ _id }) => _id));
  }

  function viewWith(stored: StoredAdjustment, paydays: Map<string, string>): AdjustmentView {
    const { _id: adjustmentId, account, accountId, amount, reason, actor, at } = stored;
    const of = balanceOf(account);
    const payday = of.kind === 'affiliate' ? (paydays.get(adjustmentId) ?? null) : paydayFor(of, at);
    return { adjustmentId, account, accountId, amount, reason, madeBy: actor, at, payday };
  }

  /** What a marketer has at a payday is paid with it; nothing of a model's is. */
  function paydayFor({ kind }: Balance, at: Date): string | null {
    return kind === 'model' ? null : deps.nextPayday(at);
  }

  /** Who corrected balances of these accounts since an instant. */
  async function changesBy(accountIds: readonly string[], since: Date): Promise<AccountChange[]> {
    const found = await store
      .find({ accountId: { $in: [...accountIds] }, at: { $gte: since }, state: { $ne: 'refused' } })
      .toArray();
    return found.map(({ _id, accountId, actor, at }) => ({ actor, accountId, what: `adjustment ${_id}`, at }));
  }

  const unfinished: Unfinished = {
    kind: 'adjustments',
    find: async (limit) => (await pending({}, limit)).map(({ _id, at }) => ({ id: _id, since: at })),
    finish: async (ids, now) => {
      for (const one of await pending({ _id: { $in: ids } }, ids.length)) await finish(one, now);
    },
  };

  return { make, preview, get, list, changesBy, unfinished };
}

/** The id of an adjustment: by what makes it one, as the caller and its key, or a new one. */
export function adjustmentIdOf(cause?: string): string {
  return `adj~${cause === undefined ? randomToken() : hashOf(cause).slice(0, ID_LENGTH)}`;
}

function insufficient(balance: MinorUnits, missing: MinorUnits): AdjustmentRefusal {
  return { kind: 'refused', state: 'short', reason: 'insufficient_balance', balance, missing };
}

/** Those after a cursor: date and id of the last that was listed; a cursor of somebody's own finds none. */
function olderThan(cursor: string) {
  const [, ms = '-1', id = ''] = /^(\d{1,15})~(.*)$/.exec(cursor) ?? [];
  const at = new Date(Number(ms));
  return { $or: [{ at: { $lt: at } }, { at, _id: { $lt: id } }] };
}
