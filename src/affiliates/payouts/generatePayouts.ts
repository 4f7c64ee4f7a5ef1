import { durable } from '../../database/durable.ts';
import { isDuplicateKey } from '../../kernel/errors.ts';
import { randomToken } from '../../kernel/ids.ts';
import type { Ledger } from '../../ledger/journal.ts';
import type { Sales } from '../../sales/sales.ts';
import { writtenNow } from '../../seals/source.ts';
import { carriedEntry, dueEntry } from '../entries.ts';
import { membersOf } from '../sealed.ts';
import type { AffiliateStore, CycleDate, StoredPayout } from '../store.ts';
import { type CycleSum, sumCommissions } from './commissionSums.ts';
import type { CycleAssignment } from './cycleAssignment.ts';
import type { MarketerEarnings } from './marketerEarnings.ts';
import { decideDue, minimumsOf } from './minimums.ts';
import type { PayoutCalendar } from './payoutCycle.ts';
import { pagesOf, payoutIdOf } from './payoutMembers.ts';

export type GeneratePayouts = ReturnType<typeof createGeneratePayouts>;

/**
 * Generates payouts (rules 6.2, 6.3, 6.5). One document per account and cycle, a payout or a bar in the place of one: its
 * insert says what the payout is made of, for ever; then the ledger's entry takes its amount. Everything can be done
 * again, by anybody and at once.
 */
export function createGeneratePayouts(deps: {
  store: AffiliateStore;
  cycleAssignment: Pick<CycleAssignment, 'isClosing'>;
  marketerEarnings: Pick<MarketerEarnings, 'earnedBy'>;
  payoutCalendar: PayoutCalendar;
  ledger: Pick<Ledger, 'takeMany' | 'append'>;
  sales: Pick<Sales, 'programVersions'>;
}) {
  const { store, ledger } = deps;

  /** Generates the payouts of accounts in a cycle that has begun; those that are there already stand. */
  async function generate(cycle: CycleDate, accountIds: string[]): Promise<void> {
    const missing = await withoutPayout(cycle, accountIds);
    if (missing.length > 0) {
      if (await deps.cycleAssignment.isClosing(cycle)) await decideAndInsert(cycle, missing);
      // What a cycle that is over has left out, it will not pay: the bar keeps a process that froze from doing so.
      else
        await insert(
          missing.map((accountId) => barOf(cycle, accountId)),
          new Map(),
        );
    }
    await complete(accountIds.map((accountId) => payoutIdOf(cycle, accountId)));
  }

  async function withoutPayout(cycle: CycleDate, accountIds: string[]): Promise<string[]> {
    const ids = accountIds.map((accountId) => payoutIdOf(cycle, accountId));
    const there = await store.payouts.find({ _id: { $in: ids } }, { projection: { accountId: 1 } }).toArray();
    const generated = new Set(there.map(({ accountId }) => accountId));
    return accountIds.filter((accountId) => !generated.has(accountId));
  }

  async function decideAndInsert(cycle: CycleDate, accountIds: string[]): Promise<void> {
    const payday = deps.payoutCalendar.paydayOf(cycle);
    const [sums, earned] = await Promise.all([
      sumCommissions(store, cycle, accountIds),
      deps.marketerEarnings.earnedBy(accountIds, payday),
    ]);
    const programIds = [...sums.values()].flatMap((one) => one.programIds);
    const minimums = await minimumsOf(deps.sales, programIds, payday);
    const payouts = accountIds.map((accountId): StoredPayout => {
      const sum = sums.get(accountId) ?? NOTHING;
      const content = contentOf(sum, minimums, earned.get(accountId) ?? 0);
      const members = membersOf(content.count > 0 ? sum.items : []);
      return { ...barOf(cycle, accountId), ...content, members };
    });
    await insert(payouts, sums);
  }

  function barOf(cycle: CycleDate, accountId: string): StoredPayout {
    const payoutId = payoutIdOf(cycle, accountId);
    return {
      ...{ _id: payoutId, cycle, accountId, parts: { commissions: 0, earnings: 0 }, amount: 0, count: 0 },
      membersKey: `${payoutId}#${randomToken(6)}`,
      status: 'carried',
      drawnAt: deps.payoutCalendar.paydayOf(cycle),
      ...writtenNow(),
    };
  }

  /** What each is made of, then the payouts. One that is there already stands. */
  async function insert(payouts: StoredPayout[], sums: Map<string, CycleSum>): Promise<void> {
    const pages = payouts
      .filter(({ count }) => count > 0)
      .flatMap(({ membersKey, accountId }) => pagesOf(membersKey, sums.get(accountId)?.items ?? []));
    if (pages.length > 0) await store.members.insertMany(pages, { ordered: false });
    try {
      await store.payouts.insertMany(payouts, { ordered: false, ...durable(store.payouts) });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      await dropPagesOfOthers(payouts);
    }
  }

  /** The pages of a try that came too late belong to no payout. */
  async function dropPagesOfOthers(payouts: StoredPayout[]): Promise<void> {
    const stored = await store.payouts
      .find({ _id: { $in: payouts.map(({ _id }) => _id) } }, { projection: { membersKey: 1 } })
      .toArray();
    const used = new Set(stored.map(({ membersKey }) => membersKey));
    const unused = payouts.map(({ membersKey }) => membersKey).filter((key) => !used.has(key));
    await store.members.deleteMany({ key: { $in: unused } });
  }

  /** Takes the amounts of what was inserted. */
  async function complete(payoutIds: string[]): Promise<void> {
    const open = await store.payouts.find({ _id: { $in: payoutIds }, status: 'generating' }).toArray();
    if (open.length === 0) return;
    const taken = await ledger.takeMany(open.map(dueEntry));
    const short = open.filter((payout) => !taken.has(dueEntry(payout).entryId));
    const barred = short.length === 0 ? new Map<string, StoredPayout>() : await bar(short);
    const due = open.filter(({ _id }) => !barred.has(_id)).map(({ _id }) => _id);
    await store.payouts.updateMany(
      { _id: { $in: due }, status: 'generating' },
      { $set: { status: 'due', effectsPending: true } },
    );
    for (const { _id, parts, amount, count } of barred.values()) {
      const carriedOver = { amount: parts.commissions, count, why: 'not-covered' as const };
      await store.payouts.updateOne(
        { _id, status: 'generating' },
        { $set: { ...NOT_PAID, generated: { parts, amount, count }, carriedOver, releasePending: true } },
      );
    }
  }

  /**
   * The balance does not cover these: a process that froze has inserted them after the money was paid otherwise. Answers
   * those that another process has not taken meanwhile, by id.
   */
  async function bar(payouts: StoredPayout[]): Promise<Map<string, StoredPayout>> {
    const taken = await ledger.append(payouts.map(carriedEntry));
    const barred = payouts.filter((payout) => !taken.has(carriedEntry(payout).entryId));
    return new Map(barred.map((payout) => [payout._id, payout]));
  }

  return { generate, complete };
}

const NOTHING: CycleSum = { sum: 0, items: [], programIds: [] };
const NOT_PAID = { status: 'carried' as const, parts: { commissions: 0, earnings: 0 }, amount: 0, count: 0 };

/** What a payout pays of what an account has, and what it carries over. */
function contentOf(
  { sum, items, programIds }: CycleSum,
  minimums: Map<string, number>,
  earnings: number,
): Pick<StoredPayout, 'parts' | 'amount' | 'count' | 'status'> & Partial<StoredPayout> {
  const decision = decideDue({ sum, programIds }, minimums);
  const commissions = decision.kind === 'paid' ? decision.amount : 0;
  const amount = commissions + earnings;
  const isCarried = decision.kind === 'carried' && items.length > 0;
  return {
    parts: { commissions, earnings },
    amount,
    count: decision.kind === 'paid' ? items.length : 0,
    status: amount > 0 ? 'generating' : 'carried',
    ...(isCarried
      ? { carriedOver: { amount: sum, count: items.length, why: decision.why }, releasePending: true as const }
      : {}),
  };
}
