import type { Cents } from '../kernel/money.ts';
import type { Booking } from './booking.ts';
import type { Drawing } from './drawing.ts';
import { type CycleDate, nextCycle } from './payoutCycle.ts';
import type { AffiliateStore, PayoutState, StoredCommission } from './store.ts';

/** States of a payout that holds its commissions. */
export const HOLDING: PayoutState[] = ['due', 'processing', 'paid'];

export function payoutIdOf(cycle: CycleDate, accountId: string): string {
  return `${cycle}:${accountId}`;
}

export type Memberships = ReturnType<typeof createMemberships>;

/** Which commissions are in a payout: what a payout is made of says so, and nothing else. */
export function createMemberships(deps: { store: AffiliateStore; booking: Booking; drawing: Pick<Drawing, 'draw'> }) {
  const { store, booking } = deps;

  /**
   * Of these commissions, those that are in a payout that has not failed, with the amounts they are paid with. Whatever
   * was booked for a cycle that has begun, and is not in its payout, moves on to the next. `moved`: something did.
   */
  async function settle(commissions: StoredCommission[]): Promise<{ paidOut: Map<string, Cents>; moved: boolean }> {
    const begun = await booking.through();
    const old = commissions.filter(({ cycle }) => cycle <= begun);
    if (old.length === 0) return { paidOut: new Map(), moved: false };
    for (const [cycle, mine] of byCycle(old)) {
      await deps.drawing.draw(cycle, [...new Set(mine.map(({ affiliateId }) => affiliateId))]);
    }
    const paidOut = await members(old);
    const left = old.filter(({ _id, state }) => !paidOut.has(_id) && (state === 'pending' || state === 'approved'));
    if (left.length === 0) return { paidOut, moved: false };
    await store.commissions.bulkWrite(
      left.map(({ _id, cycle }) => ({
        updateOne: { filter: { _id, cycle }, update: { $set: { cycle: nextCycle(begun) } } },
      })),
      { ordered: false },
    );
    // That cycle may have begun meanwhile, with or without them.
    const now = await store.commissions.find({ _id: { $in: left.map(({ _id }) => _id) } }).toArray();
    const later = await settle(now);
    return { paidOut: new Map([...paidOut, ...later.paidOut]), moved: true };
  }

  /** Those that the payout of their cycle holds. */
  async function members(commissions: StoredCommission[]): Promise<Map<string, Cents>> {
    const payouts = await store.payouts
      .find(
        { _id: { $in: commissions.map((one) => payoutIdOf(one.cycle, one.affiliateId)) }, status: { $in: HOLDING } },
        { projection: { membersKey: 1 } },
      )
      .toArray();
    if (payouts.length === 0) return new Map();
    const wanted = new Set(commissions.map(({ _id }) => _id));
    const found = new Map<string, Cents>();
    const pages = store.members.find({
      key: { $in: payouts.map(({ membersKey }) => membersKey) },
      'items.commissionId': { $in: [...wanted] },
    });
    for await (const { items } of pages) {
      for (const { commissionId, amount } of items) if (wanted.has(commissionId)) found.set(commissionId, amount);
    }
    return found;
  }

  return { settle };
}

function byCycle(commissions: StoredCommission[]): Map<CycleDate, StoredCommission[]> {
  const groups = new Map<CycleDate, StoredCommission[]>();
  for (const one of commissions) groups.set(one.cycle, [...(groups.get(one.cycle) ?? []), one]);
  return groups;
}
