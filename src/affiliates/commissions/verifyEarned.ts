import { wordOf } from '../../events/verifyFacts.ts';
import { groupBy } from '../../kernel/group.ts';
import { linesOnAll } from '../../kernel/lines.ts';
import type { ProgramVersion, SubscriptionHistory } from '../../sales/histories.ts';
import type { Sales } from '../../sales/sales.ts';
import type { CycleAssignment } from '../payouts/cycleAssignment.ts';
import { nextCycle, type PayoutCalendar } from '../payouts/payoutCycle.ts';
import { membersAmong } from '../payouts/payoutMembers.ts';
import { versionsByProgram } from '../program.ts';
import type { AffiliateStore, StoredCommission } from '../store.ts';
import { type CommissionPolicy, type EarnedCommission, subscriptionState } from './commission.ts';
import { type Change, changesOf } from './commissionChange.ts';

const BATCH = 500;

/** By what commissions can have been computed: each policy that was in force since an instant, null when nobody knows. */
export type CommissionPolicies = { policies: CommissionPolicy[]; since: Date | null };

type Deps = {
  store: AffiliateStore;
  sales: Pick<Sales, 'histories' | 'programVersions' | 'affiliateSubscriptions'>;
  cycleAssignment: Pick<CycleAssignment, 'through'>;
  payoutCalendar: Pick<PayoutCalendar, 'cycleOf' | 'cycleFrom'>;
};

/**
 * Computes commissions again from the facts of their subscriptions (rules 5), and answers a line for each that would be
 * another, is missing, or is of nothing. What time is about to do to one, and what a change is about to, is none.
 */
export async function verifyEarned(deps: Deps, { policies, since }: CommissionPolicies, now: Date): Promise<string[]> {
  const { store, sales } = deps;
  const nameOf = (id: string) => `what subscription ${id} earned`;
  const earned = await linesOnAll(sales.affiliateSubscriptions(), BATCH, nameOf, async (ids) => {
    const differences: string[] = [];
    const histories = await sales.histories(ids);
    const programs = await sales.programVersions(histories.map(({ programId }) => programId));
    const stored = await store.commissions.find({ subscriptionId: { $in: ids } }).toArray();
    const paidOut = await membersAmong(store, stored);
    const bySubscription = groupBy(stored, ({ subscriptionId }) => subscriptionId);
    const versions = versionsByProgram(programs);
    for (const history of histories) {
      const mine = bySubscription.get(history.subscriptionId) ?? [];
      const isOlder = since === null || history.charges.some(({ arrivedAt }) => arrivedAt < since);
      if (isOlder || mine.some(({ effectsPending }) => effectsPending === true)) continue;
      const facts = { history, versions: versions.get(history.programId) ?? [], stored: mine, paidOut };
      differences.push(...closest(policies.map((policy) => changesWanted(facts, policy, now))));
    }
    return differences;
  });
  return [...earned, ...(await baseless(deps, now))];
}

type Facts = {
  history: SubscriptionHistory;
  versions: ProgramVersion[];
  stored: StoredCommission[];
  paidOut: Map<string, number>;
};

/** Of what each policy would change: nothing, where one changes nothing, else what the present one does. */
function closest(byPolicy: string[][]): string[] {
  return byPolicy.some((lines) => lines.length === 0) ? [] : (byPolicy[0] ?? []);
}

function changesWanted({ history, versions, stored, paidOut }: Facts, policy: CommissionPolicy, now: Date): string[] {
  const state = subscriptionState(history, versions, policy, now);
  const earned = state.kind === 'charged' ? state.earnedCommissions : [];
  const changes = changesOf(earned, stored, paidOut, now).filter((change) => !isTimes(change, now));
  const known = new Map(stored.map((one) => [one._id, one]));
  return [
    ...changes.map(lineOf),
    ...earned.flatMap((one) => termDifferences(one, history, known.get(one.commissionId))),
  ];
}

/** The tick approves it, which has not come by yet. */
function isTimes(change: Change, now: Date): boolean {
  if (change.kind !== 'update' || change.state !== 'approved' || change.stored.state !== 'pending') return false;
  const { amount, approvesAt, nextStepAt } = change.stored;
  const isSame = amount === change.amount && wordOf(approvesAt) === wordOf(change.earned?.approvesAt);
  return isSame && nextStepAt !== undefined && nextStepAt <= now;
}

function lineOf(change: Change): string {
  switch (change.kind) {
    case 'insert':
      return `commission ${change.earned.commissionId} is missing: ${change.amount}, ${change.state}`;
    case 'reverse':
      return `commission ${change.stored._id}: payouts are off by ${change.amount} of what its facts say`;
    case 'update': {
      const { _id, amount, state, approvesAt } = change.stored;
      const dated = approvesAt === null ? '' : `, approved on ${wordOf(approvesAt)}`;
      const should = change.earned?.approvesAt ?? null;
      const due = should === null ? '' : `, approved on ${wordOf(should)}`;
      return `commission ${_id} is ${amount}, ${state}${dated}, and its facts say ${change.amount}, ${change.state}${due}`;
    }
  }
}

/** What is not compared where something changes, of a commission of the same charge. */
function termDifferences(
  earned: EarnedCommission,
  { affiliateId, programId, subscriptionId }: SubscriptionHistory,
  stored: StoredCommission | undefined,
): string[] {
  if (stored === undefined || stored.paymentId !== earned.paymentId) return [];
  const said: [string, unknown, unknown][] = [
    ['affiliateId', stored.affiliateId, affiliateId],
    ['programId', stored.programId, programId],
    ['subscriptionId', stored.subscriptionId, subscriptionId],
    ['paidAt', stored.paidAt, earned.paidAt],
    ['holdUntil', stored.holdUntil, earned.holdUntil],
  ];
  return said
    .filter(([, is, should]) => wordOf(is) !== wordOf(should))
    .map(
      ([what, is, should]) => `commission ${stored._id}: ${what} is ${wordOf(is)}, and its facts say ${wordOf(should)}`,
    );
}

/** Commissions of subscriptions that no affiliate brought, that nobody would approve, or that no near cycle pays. */
async function baseless({ store, sales, cycleAssignment, payoutCalendar }: Deps, now: Date): Promise<string[]> {
  const begun = await cycleAssignment.through();
  return linesOnAll(
    store.commissions.find({}),
    BATCH,
    ({ _id }) => `commission ${_id}`,
    async (batch) => {
      const differences: string[] = [];
      const histories = await sales.histories(batch.map(({ subscriptionId }) => subscriptionId));
      const affiliateOf = new Map(histories.map(({ subscriptionId, affiliateId }) => [subscriptionId, affiliateId]));
      for (const one of batch) {
        const brought = affiliateOf.get(one.subscriptionId);
        const name = `commission ${one._id}`;
        // What comes of no sale is compared with what it was made for.
        if (one.kind === undefined && brought !== one.affiliateId) {
          differences.push(
            `${name} is ${one.affiliateId}'s, and subscription ${one.subscriptionId} is ${wordOf(brought)}'s`,
          );
        }
        if (isStuck(one))
          differences.push(`${name} is pending, and nothing will approve it on ${wordOf(one.approvesAt)}`);
        const last = lastCycleOf(one);
        if (one.cycle !== null && one.cycle > last) {
          differences.push(`${name} is paid with cycle ${one.cycle}, and not with ${last} or an earlier one`);
        }
      }
      return differences;
    },
  );

  /** What is carried over goes to the next cycle at each payday, so none is further away than that. */
  function lastCycleOf({ approvesAt, knownAt }: StoredCommission): string {
    const cycles = [nextCycle(begun), nextCycle(payoutCalendar.cycleFrom(now)), payoutCalendar.cycleFrom(knownAt)];
    if (approvesAt !== null) cycles.push(payoutCalendar.cycleOf(approvesAt));
    return cycles.reduce((latest, cycle) => (cycle > latest ? cycle : latest));
  }
}

/** Time approves a pending commission by its next step. */
function isStuck({ state, approvesAt, nextStepAt, effectsPending }: StoredCommission): boolean {
  if (state !== 'pending' || approvesAt === null || effectsPending === true) return false;
  return nextStepAt === undefined || nextStepAt > approvesAt;
}
