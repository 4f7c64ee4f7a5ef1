import { durable } from '../../database/durable.ts';
import { isDuplicateKey } from '../../kernel/errors.ts';
import { randomToken } from '../../kernel/ids.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { Ledger } from '../../ledger/journal.ts';
import type { Sales } from '../../sales/sales.ts';
import { carriedEntry, dueEntry } from '../entries.ts';
import type { AffiliateStore, StoredCommission, StoredPayout } from '../store.ts';
import { type CycleSum, sumCommissions } from './commissionSums.ts';
import { type CycleAssignment, latest } from './cycleAssignment.ts';
import { decideDue, minimumsOf } from './minimums.ts';
import { type CycleDate, nextCycle, type PayoutCalendar } from './payoutCycle.ts';
import { membersAmong, pagesOf, payoutIdOf } from './payoutMembers.ts';

export type PayoutGeneration = ReturnType<typeof createPayoutGeneration>;

/**
 * Draws up payouts (rules 6.2, 6.3). One document per account and cycle, a payout or a bar in the place of one: its
 * insert says what the payout is made of, for ever, and the ledger's entry whether the balance covered it. Everything
 * can be done again, by anybody and at once.
 */
export function createPayoutGeneration(deps: {
  store: AffiliateStore;
  cycleAssignment: CycleAssignment;
  payoutCalendar: PayoutCalendar;
  ledger: Pick<Ledger, 'takeMany' | 'append'>;
  sales: Pick<Sales, 'programVersions'>;
}) {
  const { store, cycleAssignment, ledger } = deps;

  /** Draws up the payouts of affiliates in a cycle that has begun; those that are drawn up already stand. */
  async function generate(cycle: CycleDate, affiliateIds: string[]): Promise<void> {
    const missing = await withoutPayout(cycle, affiliateIds);
    if (missing.length > 0) {
      const sums = await sumCommissions(store, cycle, missing);
      const programIds = [...sums.values()].flatMap((one) => one.programIds);
      const payday = deps.payoutCalendar.paydayOf(cycle);
      const minimums = await minimumsOf(deps.sales, programIds, payday);
      const decided = missing.map((accountId) => payoutOf({ cycle, payday }, accountId, sums.get(accountId), minimums));
      await insert(decided, sums);
    }
    await complete(affiliateIds.map((accountId) => payoutIdOf(cycle, accountId)));
  }

  /** Pays out marketers' balances, as the ledger has them now (rules 6.5). */
  async function generateFromBalances(cycle: CycleDate, balances: Map<string, MinorUnits>): Promise<void> {
    const missing = await withoutPayout(cycle, [...balances.keys()]);
    const drawnAt = deps.payoutCalendar.paydayOf(cycle);
    const payouts = missing.flatMap((accountId): StoredPayout[] => {
      const amount = balances.get(accountId) ?? 0;
      const common = { _id: payoutIdOf(cycle, accountId), cycle, accountId, role: 'marketer' as const };
      return amount <= 0 ? [] : [{ ...common, amount, count: 0, membersKey: '', status: 'generating', drawnAt }];
    });
    await insert(payouts, new Map());
    await complete([...balances.keys()].map((accountId) => payoutIdOf(cycle, accountId)));
  }

  async function withoutPayout(cycle: CycleDate, accountIds: string[]): Promise<string[]> {
    const ids = accountIds.map((accountId) => payoutIdOf(cycle, accountId));
    const there = await store.payouts.find({ _id: { $in: ids } }, { projection: { accountId: 1 } }).toArray();
    const drawn = new Set(there.map(({ accountId }) => accountId));
    return accountIds.filter((accountId) => !drawn.has(accountId));
  }

  function payoutOf(
    { cycle, payday }: { cycle: CycleDate; payday: Date },
    accountId: string,
    found: CycleSum | undefined,
    minimums: Map<string, MinorUnits>,
  ): StoredPayout {
    const { sum = 0, items = [], programIds = [] } = found ?? {};
    const decision = decideDue({ sum, programIds }, minimums);
    const payoutId = payoutIdOf(cycle, accountId);
    return {
      _id: payoutId,
      cycle,
      accountId,
      role: 'affiliate',
      amount: sum,
      count: items.length,
      membersKey: `${payoutId}#${randomToken(6)}`,
      drawnAt: payday,
      ...(decision.kind === 'payout'
        ? { status: 'generating' as const }
        : { status: 'carried' as const, reason: decision.why, releasePending: true as const }),
    };
  }

  /** What each is made of, then the payouts. One that is there already stands. */
  async function insert(payouts: StoredPayout[], sums: Map<string, CycleSum>): Promise<void> {
    if (payouts.length === 0) return;
    const pages = payouts
      .filter(({ status }) => status === 'generating')
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

  /** Takes the amounts of what was inserted, and gives what is carried over to the next cycle. */
  async function complete(payoutIds: string[]): Promise<void> {
    const open = await store.payouts
      .find({ _id: { $in: payoutIds }, $or: [{ status: 'generating' }, { releasePending: true }] })
      .toArray();
    const payoutGeneration = open.filter(({ status }) => status === 'generating');
    const carried = await take(payoutGeneration);
    await release([...open.filter(({ releasePending }) => releasePending === true), ...carried]);
  }

  /** Answers those that the balance did not cover: more was taken back since than was approved. */
  async function take(payoutGeneration: StoredPayout[]): Promise<StoredPayout[]> {
    if (payoutGeneration.length === 0) return [];
    const taken = await ledger.takeMany(payoutGeneration.map(dueEntry));
    const short = payoutGeneration.filter((payout) => !taken.has(dueEntry(payout).entryId));
    // Refused where another process has taken it meanwhile.
    const covered = short.length === 0 ? new Set<string>() : await ledger.append(short.map(carriedEntry));
    const carried = short.filter((payout) => !covered.has(carriedEntry(payout).entryId));
    const ids = new Set(carried.map(({ _id }) => _id));
    await mark(
      payoutGeneration.filter(({ _id }) => !ids.has(_id)),
      { status: 'due', effectsPending: true },
    );
    await mark(carried, { status: 'carried', reason: 'not-covered', releasePending: true });
    return carried;
  }

  async function mark(payouts: StoredPayout[], state: Partial<StoredPayout>): Promise<void> {
    if (payouts.length === 0) return;
    const ids = payouts.map(({ _id }) => _id);
    await store.payouts.updateMany({ _id: { $in: ids }, status: 'generating' }, { $set: state });
  }

  /** The commissions of what was carried over or has failed are unpaid again, for a later cycle. */
  async function release(payouts: StoredPayout[]): Promise<void> {
    for (const { cycle, accountIds, ids, from } of grouped(payouts)) {
      const to = latest(nextCycle(await cycleAssignment.through()), from);
      await store.commissions.updateMany(
        { cycle, affiliateId: { $in: accountIds }, state: { $in: ['pending', 'approved'] } },
        { $set: { cycle: to } },
      );
      // That cycle may have begun meanwhile, with or without them.
      if ((await cycleAssignment.through()) >= to) {
        await settle(await store.commissions.find({ cycle: to, affiliateId: { $in: accountIds } }).toArray());
      }
      await store.payouts.updateMany({ _id: { $in: ids } }, { $unset: { releasePending: '' } });
    }
  }

  /** Those with one target, together: many are carried over by one cycle, and failures come one by one. */
  function grouped(payouts: StoredPayout[]) {
    const groups = new Map<string, { cycle: CycleDate; from: CycleDate; accountIds: string[]; ids: string[] }>();
    for (const { _id, cycle, accountId, role, endedAt } of payouts) {
      const from = endedAt === undefined ? nextCycle(cycle) : deps.payoutCalendar.cycleFrom(endedAt);
      const group = groups.get(`${cycle} ${from}`) ?? { cycle, from, accountIds: [], ids: [] };
      groups.set(`${cycle} ${from}`, group);
      group.ids.push(_id);
      if (role === 'affiliate') group.accountIds.push(accountId);
    }
    return groups.values();
  }

  /**
   * Of these commissions, those that are in a payout that has not failed, with the amounts they are paid with. Whatever
   * was booked for a cycle that has begun, and is not in its payout, moves on to the next. `moved`: something did.
   */
  async function settle(
    commissions: StoredCommission[],
  ): Promise<{ paidOut: Map<string, MinorUnits>; moved: boolean }> {
    const begun = await cycleAssignment.through();
    const old = commissions.filter(({ cycle }) => cycle <= begun);
    if (old.length === 0) return { paidOut: new Map(), moved: false };
    for (const [cycle, accountIds] of accountsByCycle(old)) await generate(cycle, [...accountIds]);
    const paidOut = await membersAmong(store, old);
    const left = old.filter(({ _id, state }) => !paidOut.has(_id) && (state === 'pending' || state === 'approved'));
    if (left.length === 0) return { paidOut, moved: false };
    await store.commissions.bulkWrite(
      left.map(({ _id, cycle }) => ({
        updateOne: { filter: { _id, cycle }, update: { $set: { cycle: nextCycle(begun) } } },
      })),
      { ordered: false },
    );
    const ids = left.map(({ _id }) => _id);
    const later = await settle(await store.commissions.find({ _id: { $in: ids } }).toArray());
    return { paidOut: new Map([...paidOut, ...later.paidOut]), moved: true };
  }

  return { generate, generateFromBalances, complete, release, settle };
}

function accountsByCycle(commissions: StoredCommission[]): Map<CycleDate, Set<string>> {
  const groups = new Map<CycleDate, Set<string>>();
  for (const { cycle, affiliateId } of commissions) {
    groups.set(cycle, (groups.get(cycle) ?? new Set()).add(affiliateId));
  }
  return groups;
}
