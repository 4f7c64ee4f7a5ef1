import type { Accounts } from '../../accounts/accounts.ts';
import type { Audit } from '../../audit/audit.ts';
import { unlessDuplicate } from '../../database/duplicates.ts';
import { durable } from '../../database/durable.ts';
import { BrokenInvariant } from '../../kernel/errors.ts';
import type { Refused } from '../../kernel/refusals.ts';
import type { Unfinished } from '../../kernel/unfinished.ts';
import type { Posting } from '../../ledger/entry.ts';
import type { Ledger } from '../../ledger/journal.ts';
import { writtenNow } from '../../seals/source.ts';
import { returnedEntry } from '../entries.ts';
import { itemOf, returnItemId } from '../items.ts';
import type { AffiliateStore, CycleDate, PayoutReturn, ReturnedPayout, StoredPayout } from '../store.ts';
import type { AnnounceReturns } from './announceReturns.ts';
import { type CycleAssignment, latest } from './cycleAssignment.ts';
import { decideReturn, type PayoutStatus, type PayoutView, payoutView, SHOWN } from './payout.ts';
import { nextCycle, type PayoutCalendar } from './payoutCycle.ts';
import type { PayoutActing, Payouts } from './payouts.ts';
import type { ReleaseCommissions } from './releaseCommissions.ts';

const BATCH = 100;

export type ReturnOutcome =
  | { kind: 'done' | 'already'; payout: PayoutView }
  | (Refused<PayoutStatus> & { payout: PayoutView })
  | { kind: 'not-found' };

/** What a return would do: the payout as it would stand, what the ledger would get, and the payday that would pay it. */
export type ReturnPreview =
  | { kind: 'would'; payout: PayoutView; postings: Posting[]; payday: CycleDate }
  | Exclude<ReturnOutcome, { kind: 'done' }>;

export type ReturnPayouts = ReturnType<typeof createReturnPayouts>;

/**
 * Payouts that the bank gave back after they were paid (rules 6.9). A paid payout is never changed, so what came back stands
 * beside it; its amount is the account's again, and the next payday pays it. One conditional update decides, and bears a mark until
 * what follows is done.
 */
export function createReturnPayouts(deps: {
  store: AffiliateStore;
  cycleAssignment: Pick<CycleAssignment, 'through' | 'peekThrough'>;
  payoutCalendar: Pick<PayoutCalendar, 'cycleFrom'>;
  payouts: Pick<Payouts, 'finish'>;
  releaseCommissions: Pick<ReleaseCommissions, 'settle'>;
  ledger: Pick<Ledger, 'append'>;
  accounts: Pick<Accounts, 'get'>;
  audit: Pick<Audit, 'record'>;
  announceReturns: AnnounceReturns;
}) {
  const { store } = deps;

  /** Says at `at` that a paid payout came back; however often, by whomever and at once, once. */
  async function returnPayout(payoutId: string, by: PayoutActing, at: Date): Promise<ReturnOutcome> {
    for (;;) {
      const stored = await load(payoutId);
      if (stored === null) return { kind: 'not-found' };
      if (stored.effectsPending === true) {
        await deps.payouts.finish([stored], at);
        continue;
      }
      const undone = whyNot(stored);
      if (undone !== null) {
        await finish([stored].filter(isPending), at);
        return undone;
      }
      const returned = await returnOf(stored, by, at);
      const changed = await store.payouts.findOneAndUpdate(
        { _id: payoutId, status: 'paid', returned: { $exists: false }, effectsPending: { $exists: false } },
        { $set: { returned, returnPending: true } },
        { returnDocument: 'after', ...durable(store.payouts) },
      );
      if (changed === null) continue;
      await finish([changed].filter(isPending), at);
      return { kind: 'done', payout: payoutView(changed) };
    }
  }

  /** The same by what is stored, without a write. */
  async function preview(payoutId: string, by: PayoutActing, at: Date): Promise<ReturnPreview> {
    const stored = await load(payoutId);
    if (stored === null) return { kind: 'not-found' };
    const undone = whyNot(stored);
    if (undone !== null) return undone;
    const would = { ...stored, returned: await returnOf(stored, by, at) };
    return {
      kind: 'would',
      payout: payoutView(would),
      postings: returnedEntry(would).postings,
      payday: cycleOf(would, await deps.cycleAssignment.peekThrough(), at),
    };
  }

  function load(payoutId: string): Promise<StoredPayout | null> {
    return store.payouts.findOne({ _id: payoutId, status: { $in: SHOWN } });
  }

  function whyNot(stored: StoredPayout): Exclude<ReturnOutcome, { kind: 'done' | 'not-found' }> | null {
    const payout = payoutView(stored);
    const decision = decideReturn(payout);
    switch (decision.kind) {
      case 'becomes':
        return null;
      case 'already':
        return { kind: 'already', payout };
      case 'refused':
        return { kind: 'refused', state: payout.status, reason: decision.reason, payout };
    }
  }

  /** What somebody says of it; of a person who is erased nothing is stored that was said. */
  async function returnOf({ accountId }: StoredPayout, by: PayoutActing, at: Date): Promise<PayoutReturn> {
    const isErased = (await deps.accounts.get(accountId))?.isErased === true;
    const { actor, reference, reason, eventId } = by;
    return {
      ...{ at, actor },
      ...(reference === undefined || isErased ? {} : { reference }),
      ...(reason === undefined || isErased ? {} : { reason }),
      ...(eventId === undefined ? {} : { eventId }),
    };
  }

  /** The next payday after it came back, and after that was known. */
  function cycleOf({ returned: { at } }: ReturnedPayout, begun: CycleDate, now: Date): CycleDate {
    return latest(nextCycle(begun), deps.payoutCalendar.cycleFrom(at > now ? at : now));
  }

  /** What follows from returns: the ledger, then the items of commissions, so that no payday sums up more than the balance. */
  async function finish(payouts: ReturnedPayout[], now: Date): Promise<void> {
    if (payouts.length === 0) return;
    await deps.ledger.append(payouts.map(returnedEntry));
    for (const payout of payouts) {
      const payday = await place(payout, now);
      await record(payout);
      await deps.announceReturns(payout, payday, now);
    }
    await store.payouts.updateMany(
      { _id: { $in: payouts.map(({ _id }) => _id) }, returnPending: true },
      { $unset: { returnPending: '' } },
    );
  }

  /** Gives the part of the commissions to the next payday; answers which that is. What was earned is in its balance already. */
  async function place(payout: ReturnedPayout, now: Date): Promise<CycleDate> {
    const { _id, accountId, parts, returned } = payout;
    const cycle = cycleOf(payout, await deps.cycleAssignment.through(), now);
    if (parts.commissions === 0) return cycle;
    const itemId = returnItemId(_id);
    const { commissions: amount } = parts;
    const item = itemOf({ itemId, kind: 'return', affiliateId: accountId, amount, at: returned.at, cycle });
    await unlessDuplicate(
      store.commissions.insertOne(
        { ...item, posted: amount, postings: 1, ...writtenNow() },
        durable(store.commissions),
      ),
    );
    // That cycle may have begun meanwhile, with or without it.
    await deps.releaseCommissions.settle(await store.commissions.find({ _id: itemId }).toArray());
    const placed = await store.commissions.findOne({ _id: itemId }, { projection: { cycle: 1 } });
    if (placed === null || placed.cycle === null) throw new BrokenInvariant(`nothing takes ${itemId}`);
    return placed.cycle;
  }

  async function record({ _id, returned }: ReturnedPayout): Promise<void> {
    const { actor, at, reference, reason = reference } = returned;
    await deps.audit.record({
      key: `payout:${_id}:returned`,
      ...{ actor, action: 'payout.returned', subject: `payout:${_id}`, at },
      ...(reason === undefined ? {} : { reason }),
      after: { returned: true },
    });
  }

  function pending(filter: object, limit = BATCH): Promise<ReturnedPayout[]> {
    return store.payouts
      .find<ReturnedPayout>({ ...filter, returnPending: true })
      .limit(limit)
      .toArray();
  }

  /** Finishes what a crash cut off. */
  async function repair(now: Date): Promise<void> {
    for (let left = await pending({}); left.length > 0; left = await pending({})) await finish(left, now);
  }

  const unfinished: Unfinished = {
    kind: 'payout returns',
    find: async (limit) => (await pending({}, limit)).map(({ _id, returned }) => ({ id: _id, since: returned.at })),
    finish: async (ids, now) => finish(await pending({ _id: { $in: ids } }, ids.length), now),
  };

  return { returnPayout, preview, repair, unfinished };
}

function isPending(payout: StoredPayout): payout is ReturnedPayout {
  return payout.returnPending === true;
}
