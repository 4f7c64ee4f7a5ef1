import { groupBy } from '../kernel/group.ts';
import { hashOf } from '../kernel/ids.ts';
import { canonicalJson } from '../kernel/json.ts';
import { type SealSource, sealSource } from '../seals/source.ts';
import type { AffiliateStore, PayoutMembers, StoredPayout } from './store.ts';

/** Of a payout is sealed what its insert fixes: what it pays, and for which commissions. What becomes of it changes. */
export function sealedPayouts({ payouts, members }: Pick<AffiliateStore, 'payouts' | 'members'>): SealSource {
  async function faults(ids: readonly string[]): Promise<Map<string, string>> {
    const found = await payouts
      .find({ _id: { $in: [...ids] }, members: { $exists: true } }, { projection: { members: 1, membersKey: 1 } })
      .toArray();
    const pages = await members.find({ key: { $in: found.map(({ membersKey }) => membersKey) } }).toArray();
    const pagesByKey = groupBy(pages, ({ key }) => key);
    const wrong = found.filter((payout) => {
      const items = inOrder(pagesByKey.get(payout.membersKey) ?? []).flatMap((page) => page.items);
      return membersOf(items).hash !== payout.members?.hash;
    });
    return new Map(wrong.map(({ _id }) => [_id, 'it is not made of the commissions that it was made of']));
  }

  return sealSource({
    name: 'payouts',
    collection: payouts,
    fields: ['cycle', 'accountId', 'parts', 'amount', 'count', 'drawnAt', 'status', 'generated', 'members'],
    content: (payout) => {
      const { cycle, accountId, drawnAt, members: of } = payout;
      const { parts, amount, count } = asGenerated(payout);
      return { cycle, accountId, parts, amount, count, drawnAt, members: of };
    },
    faults,
  });
}

/** What its insert said of one that came too late, and pays nothing. */
function asGenerated(payout: StoredPayout): Pick<StoredPayout, 'parts' | 'amount' | 'count'> {
  return payout.status === 'carried' && payout.generated !== undefined ? payout.generated : payout;
}

/** How many commissions a payout is made of, and the hash of their ids and amounts in their order. */
export function membersOf(items: PayoutMembers['items']): { count: number; hash: string } {
  const pairs = items.map(({ commissionId, amount }) => [commissionId, amount]);
  return { count: items.length, hash: hashOf(canonicalJson(pairs)) };
}

/** The commissions that a payout is made of, with the amounts that it pays, in the order in which they are sealed. */
export async function paidCommissions(
  { payouts, members }: Pick<AffiliateStore, 'payouts' | 'members'>,
  payoutId: string,
): Promise<PayoutMembers['items']> {
  const payout = await payouts.findOne(
    { _id: payoutId, members: { $exists: true } },
    { projection: { membersKey: 1 } },
  );
  const pages = payout === null ? [] : await members.find({ key: payout.membersKey }).toArray();
  return inOrder(pages).flatMap(({ items }) => items);
}

function inOrder(pages: readonly PayoutMembers[]): PayoutMembers[] {
  return [...pages].sort((one, other) => numberOf(one) - numberOf(other));
}

function numberOf({ _id }: PayoutMembers): number {
  return Number(_id.slice(_id.lastIndexOf('#') + 1));
}

/**
 * Of a commission is sealed whose it is and of what, and of a correction, and of what comes of no sale, its amount, too. What a commission comes to changes
 * until it is approved; its entries in the ledger say it then.
 */
export function sealedCommissions({ commissions }: Pick<AffiliateStore, 'commissions'>): SealSource {
  return sealSource({
    name: 'commissions',
    collection: commissions,
    fields: ['kind', 'affiliateId', 'subscriptionId', 'programId', 'reverses', 'amount', 'paymentId'],
    content: ({ kind, affiliateId, subscriptionId, programId, reverses, amount, paymentId }) => ({
      ...{ affiliateId, subscriptionId, programId },
      ...(reverses === undefined ? {} : { reverses, amount, paymentId }),
      ...(kind === undefined ? {} : { kind, amount }),
    }),
  });
}
