import type { MinorUnits } from '../../kernel/money.ts';
import type { AffiliateStore, CycleDate, PayoutMembers, PayoutState, StoredCommission } from '../store.ts';

/** States of a payout that holds its commissions. */
export const HOLDING: PayoutState[] = ['due', 'processing', 'paid'];

const MEMBERS_PER_PAGE = 5_000;

export function payoutIdOf(cycle: CycleDate, accountId: string): string {
  return `${cycle}:${accountId}`;
}

/** Ids begin with their cycle, so that a cycle is a range of ids. */
export function ofCycleIds(cycle: CycleDate): { $gte: string; $lt: string } {
  return { $gte: `${cycle}:`, $lt: `${cycle};` };
}

/** The cycle whose payout may hold a commission, which a change of it that is not complete may have left. */
export function payingCycle({ cycle, was }: StoredCommission): CycleDate | null {
  return was?.cycle ?? cycle;
}

/** Of these commissions, those that the payout of their cycle holds, with the amounts that they are paid with. */
export async function membersAmong(
  store: Pick<AffiliateStore, 'payouts' | 'members'>,
  commissions: StoredCommission[],
): Promise<Map<string, MinorUnits>> {
  const ids = commissions.flatMap((one) => {
    const cycle = payingCycle(one);
    return cycle === null ? [] : [payoutIdOf(cycle, one.affiliateId)];
  });
  const payouts = await store.payouts
    .find({ _id: { $in: [...new Set(ids)] }, status: { $in: HOLDING } }, { projection: { membersKey: 1 } })
    .toArray();
  if (payouts.length === 0) return new Map();
  const wanted = new Set(commissions.map(({ _id }) => _id));
  const found = new Map<string, MinorUnits>();
  const pages = store.members.find({
    key: { $in: payouts.map(({ membersKey }) => membersKey) },
    'items.commissionId': { $in: [...wanted] },
  });
  for await (const { items } of pages) {
    for (const { commissionId, amount } of items) if (wanted.has(commissionId)) found.set(commissionId, amount);
  }
  return found;
}

/** The pages of one payout. */
export function pagesOf(key: string, items: PayoutMembers['items']): PayoutMembers[] {
  return Array.from({ length: Math.ceil(items.length / MEMBERS_PER_PAGE) }, (_, page) => ({
    _id: `${key}#${page}`,
    key,
    items: items.slice(page * MEMBERS_PER_PAGE, (page + 1) * MEMBERS_PER_PAGE),
  }));
}
