import { updateEvery } from '../../database/everyDocument.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { AffiliateStore, CommissionState, CycleDate, StoredCommission, StoredPayout } from '../store.ts';
import { type CycleAssignment, latest } from './cycleAssignment.ts';
import type { GeneratePayouts } from './generatePayouts.ts';
import { nextCycle, type PayoutCalendar } from './payoutCycle.ts';
import { membersAmong, payingCycle } from './payoutMembers.ts';

/** What payouts say of some commissions: the amounts of those that are paid out, by id, and whether others were moved. */
export type Settled = { paidOut: Map<string, MinorUnits>; moved: boolean };

export type ReleaseCommissions = ReturnType<typeof createReleaseCommissions>;

/** Gives commissions that a cycle has not paid to a later one (rules 6.2, 6.4). */
export function createReleaseCommissions(deps: {
  store: AffiliateStore;
  cycleAssignment: Pick<CycleAssignment, 'through'>;
  payoutCalendar: Pick<PayoutCalendar, 'cycleFrom'>;
  generatePayouts: Pick<GeneratePayouts, 'generate'>;
}) {
  const { store, cycleAssignment } = deps;

  /** The commissions of what was carried over or has failed are unpaid again, for a later cycle. */
  async function release(payouts: StoredPayout[]): Promise<void> {
    for (const { cycle, accountIds, ids, from } of grouped(payouts)) {
      const to = latest(nextCycle(await cycleAssignment.through()), from);
      const state = { $in: UNPAID };
      const unpaid = { cycle, affiliateId: { $in: accountIds }, state };
      // What lowers a payout goes first: at no instant has a cycle the sales without their corrections.
      await updateEvery(store.commissions, { ...unpaid, amount: { $lt: 0 } }, { $set: { cycle: to } });
      await updateEvery(store.commissions, unpaid, { $set: { cycle: to } });
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
    for (const { _id, cycle, accountId, endedAt } of payouts) {
      const from = endedAt === undefined ? nextCycle(cycle) : deps.payoutCalendar.cycleFrom(endedAt);
      const group = groups.get(`${cycle} ${from}`) ?? { cycle, from, accountIds: [], ids: [] };
      groups.set(`${cycle} ${from}`, group);
      group.ids.push(_id);
      group.accountIds.push(accountId);
    }
    return groups.values();
  }

  /**
   * Of these commissions, those that are in a payout that has not failed. Whatever has a cycle that has begun, and is not
   * in its payout, moves on to the next.
   */
  async function settle(commissions: StoredCommission[]): Promise<Settled> {
    if (commissions.length === 0) return { paidOut: new Map(), moved: false };
    const begun = await cycleAssignment.through();
    const isOld = (cycle: CycleDate | null): cycle is CycleDate => cycle !== null && cycle <= begun;
    const old = commissions.filter((one) => isOld(payingCycle(one)));
    if (old.length === 0) return { paidOut: new Map(), moved: false };
    for (const [cycle, accountIds] of accountsByCycle(old)) await deps.generatePayouts.generate(cycle, [...accountIds]);
    const paidOut = await membersAmong(store, old);
    const left = old.filter(({ _id, state, cycle }) => !paidOut.has(_id) && isOld(cycle) && UNPAID.includes(state));
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

  return { release, settle };
}

const UNPAID: CommissionState[] = ['pending', 'approved'];

function accountsByCycle(commissions: StoredCommission[]): Map<CycleDate, Set<string>> {
  const groups = new Map<CycleDate, Set<string>>();
  for (const one of commissions) {
    const cycle = payingCycle(one);
    if (cycle !== null) groups.set(cycle, (groups.get(cycle) ?? new Set()).add(one.affiliateId));
  }
  return groups;
}
