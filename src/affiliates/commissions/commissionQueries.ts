import type { mongo } from 'mongoose';
import { readPage } from '../../database/readPage.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { CycleAssignment } from '../payouts/cycleAssignment.ts';
import { HOLDING, payoutIdOf } from '../payouts/payoutMembers.ts';
import type { AffiliateStore, CycleDate, StoredCommission } from '../store.ts';
import type { CommissionStatus, CommissionView } from './commission.ts';
import { commissionView } from './commissionView.ts';

/** Reads commissions for people and programs: those that are shown at all (rules 5.7). */
export function createCommissionQueries(deps: {
  store: AffiliateStore;
  cycleAssignment: Pick<CycleAssignment, 'through'>;
}) {
  const { store } = deps;

  /** A commission as it stands at `now`, or null. */
  async function get(commissionId: string, now: Date): Promise<CommissionView | null> {
    const found = await store.commissions.find({ $and: [{ _id: commissionId }, shownAt(now)] }).toArray();
    return (await viewsOf(found, now))[0] ?? null;
  }

  /** Commissions, the newest charge first. */
  async function list(
    request: PageRequest & { affiliateId?: string; status?: CommissionStatus },
    now: Date,
  ): Promise<Page<CommissionView>> {
    const { affiliateId, status, after } = request;
    const found = store.commissions
      .find({
        $and: [
          shownAt(now),
          ...(affiliateId === undefined ? [] : [{ affiliateId }]),
          ...(status === undefined ? [] : [hasStatus(status, now)]),
          ...(after === undefined ? [] : [olderThan(after)]),
        ],
      })
      .sort({ paidAt: -1, _id: -1 });
    const { items, next } = await readPage(found, request.limit, ({ paidAt, _id }) => `${paidAt.getTime()}~${_id}`);
    return { items: await viewsOf(items, now), next };
  }

  async function viewsOf(stored: StoredCommission[], now: Date): Promise<CommissionView[]> {
    const begun = await deps.cycleAssignment.through();
    const ids = stored.flatMap((one) => heldBy(one, begun) ?? []);
    const payouts = await store.payouts
      .find({ _id: { $in: [...new Set(ids)] }, status: { $in: HOLDING } }, { projection: { status: 1 } })
      .toArray();
    const statusOf = new Map(payouts.map((payout) => [payout._id, payout.status]));
    return stored.map((one) => {
      const payoutId = heldBy(one, begun);
      const status = payoutId === null ? undefined : statusOf.get(payoutId);
      const state = status === 'paid' ? ('paid' as const) : one.state;
      return commissionView({ ...one, state }, now, status === undefined ? null : payoutId);
    });
  }

  return { get, list };
}

/** The payout that holds a commission, if there is one of its cycle. */
function heldBy({ state, cycle, affiliateId }: StoredCommission, begun: CycleDate): string | null {
  const isFirm = state === 'approved' || state === 'paid';
  return isFirm && cycle !== null && cycle <= begun ? payoutIdOf(cycle, affiliateId) : null;
}

function shownAt(now: Date): mongo.Filter<StoredCommission> {
  return { listedFrom: { $lte: now }, state: { $ne: 'withdrawn' } };
}

function hasStatus(status: CommissionStatus, now: Date): mongo.Filter<StoredCommission> {
  switch (status) {
    case 'pending':
      return { state: 'pending', approvesAt: { $not: { $lte: now } } };
    case 'approved':
      return { $or: [{ state: 'approved' }, { state: 'pending', approvesAt: { $lte: now } }] };
    default:
      return { state: status };
  }
}

/** Those after a cursor: date and id of the last that was listed; a cursor of somebody's own finds none. */
function olderThan(cursor: string): mongo.Filter<StoredCommission> {
  const [, ms = '-1', id = ''] = /^(\d{1,15})~(.*)$/.exec(cursor) ?? [];
  const paidAt = new Date(Number(ms));
  return { $or: [{ paidAt: { $lt: paidAt } }, { paidAt, _id: { $lt: id } }] };
}
