import type { KeptLease, Leases } from '../../database/lease.ts';
import { takesLong } from '../../database/patience.ts';
import { NotYet } from '../../events/handler.ts';
import type { JobResult } from '../../kernel/activity.ts';
import type { Clock } from '../../kernel/clock.ts';
import { inBatches } from '../../kernel/group.ts';
import { awaitAll } from '../../kernel/wait.ts';
import type { AffiliateStore, CycleDate } from '../store.ts';
import type { CycleAssignment } from './cycleAssignment.ts';
import { createCycleChanges } from './cycleChanges.ts';
import { createCycleViews } from './cycleViews.ts';
import type { GeneratePayouts } from './generatePayouts.ts';
import type { MarketerEarnings } from './marketerEarnings.ts';
import { SHOWN } from './payout.ts';
import { nextCycle, type PayoutCalendar } from './payoutCycle.ts';
import { ofCycleIds, payoutIdOf } from './payoutMembers.ts';
import type { Payouts } from './payouts.ts';

/** So many accounts are complete before the next ones are begun, worked on in so many parts side by side. */
const ACCOUNTS_PER_BATCH = 500;
const PARTS = 4;

export type PayoutCycles = ReturnType<typeof createPayoutCycles>;

/**
 * Paydays (rules 6): generates the payouts of each cycle, one cycle after the other. Works in batches of accounts, so that
 * memory does not grow with their number; a run that was killed goes on after the last complete batch.
 */
export function createPayoutCycles(deps: {
  store: AffiliateStore;
  leases: Leases;
  cycleAssignment: CycleAssignment;
  generatePayouts: Pick<GeneratePayouts, 'generate'>;
  marketerEarnings: Pick<MarketerEarnings, 'owedAt' | 'areOwed' | 'areOwedAt'>;
  payouts: Pick<Payouts, 'finish' | 'repair'>;
  payoutCalendar: PayoutCalendar;
  clock: Clock;
  /** Approves what is due by a payday, and finishes what a crash cut off. */
  approveCommissions: (payday: Date) => Promise<void>;
}) {
  const { store, cycleAssignment, generatePayouts, payoutCalendar } = deps;
  const views = createCycleViews(deps);
  const changes = createCycleChanges({ store, views });

  /**
   * When the next payouts are to be generated, or null while nothing is due on any payday. Paydays that came and have
   * nothing due pass here: what is earned after one is never in its payouts (rules 6.6).
   */
  async function nextDue(): Promise<Date | null> {
    await cycleAssignment.through();
    const { passed, cycle } = await nextToClose();
    if (passed !== null) await cycleAssignment.pass(passed);
    return cycle === null ? null : payoutCalendar.paydayOf(cycle);
  }

  /** The same, without a write. */
  async function peekDue(): Promise<Date | null> {
    const { cycle } = await nextToClose();
    return cycle === null ? null : payoutCalendar.paydayOf(cycle);
  }

  /** The first cycle that may still take what lowers a payout, once paydays that came with nothing due are over. */
  async function peekOpen(): Promise<CycleDate> {
    const { passed } = await nextToClose();
    return cycleAssignment.openCycle(passed ?? (await cycleAssignment.peekThrough()));
  }

  /** One that was begun and not finished, else the first with something due; `passed`: the last that came with nothing. */
  async function nextToClose(): Promise<{ passed: CycleDate | null; cycle: CycleDate | null }> {
    let begun = await cycleAssignment.peekThrough();
    const unfinished = await store.cycles.find({ state: 'closing' }).sort({ _id: 1 }).limit(1).next();
    if (unfinished !== null) return { passed: null, cycle: unfinished._id.slice('payout:'.length) };
    for (let passed: CycleDate | null = null; ; passed = begun) {
      const next = nextCycle(begun);
      const payday = payoutCalendar.paydayOf(next);
      const [areOwed, first] = await Promise.all([deps.marketerEarnings.areOwed(begun), firstAssigned(begun)]);
      if (first === next) return { passed, cycle: next };
      if (payday > deps.clock.now()) return { passed, cycle: areOwed ? next : first };
      if (areOwed && (await deps.marketerEarnings.areOwedAt(payday))) return { passed, cycle: next };
      begun = next;
    }
  }

  /** The first cycle after one that any commission has. */
  async function firstAssigned(begun: CycleDate): Promise<CycleDate | null> {
    const first = await store.commissions
      .find({ cycle: { $gt: begun }, state: { $in: ['pending', 'approved'] } }, { projection: { _id: 0, cycle: 1 } })
      .sort({ cycle: 1 })
      .limit(1)
      .next();
    return first?.cycle ?? null;
  }

  /**
   * Generates the payouts of one cycle whose payday is at `now` or earlier. Idempotent; throws NotYet while another
   * process is at it.
   */
  async function run(now: Date): Promise<JobResult> {
    const lease = await deps.leases.keep('payouts');
    if (lease === null) throw new NotYet('payouts are being generated');
    try {
      const { cycle } = await nextToClose();
      if (cycle === null || payoutCalendar.paydayOf(cycle) > now) return {};
      await close(cycle, lease);
      return { period: cycle, count: await countOf(cycle) };
    } finally {
      await lease.release();
    }
  }

  async function close(cycle: CycleDate, lease: KeptLease): Promise<void> {
    const payday = payoutCalendar.paydayOf(cycle);
    await deps.approveCommissions(payday);
    // What has failed or was carried over is in this cycle, and whole.
    await deps.payouts.repair(payday);
    await cycleAssignment.begin(cycle);
    const { step = 'affiliates', after = '' } = (await store.cycles.findOne({ _id: `payout:${cycle}` })) ?? {};
    if (step === 'affiliates') {
      await generateFor(affiliatesOf(cycle, after), cycle, lease);
      await store.cycles.updateOne({ _id: `payout:${cycle}` }, { $set: { step: 'marketers', after: '' } });
    }
    const owed = deps.marketerEarnings.owedAt(payday, step === 'marketers' ? after : '');
    await generateFor(owed, cycle, lease);
    // Whatever a run before this one was killed in the midst of.
    await deps.payouts.repair(payday);
    await store.cycles.updateOne({ _id: `payout:${cycle}` }, { $set: { state: 'closed' } });
  }

  async function generateFor(batches: AsyncIterable<string[]>, cycle: CycleDate, lease: KeptLease): Promise<void> {
    for await (const accountIds of batches) {
      await sideBySide(accountIds, async (part) => {
        await generatePayouts.generate(cycle, part);
        await finish(cycle, part, payoutCalendar.paydayOf(cycle));
      });
      await store.cycles.updateOne({ _id: `payout:${cycle}` }, { $set: { after: accountIds.at(-1) ?? '' } });
      if (!(await lease.isHeld())) throw new NotYet('the lease of the payout run was lost');
    }
  }

  /** The affiliates that have commissions in a cycle, in batches in the order of their ids. */
  async function* affiliatesOf(cycle: CycleDate, after: string): AsyncGenerator<string[]> {
    const rows = store.commissions.aggregate<{ _id: string }>(
      [
        { $match: { cycle, affiliateId: { $gt: after } } },
        { $sort: { cycle: 1, affiliateId: 1 } },
        { $group: { _id: '$affiliateId' } },
        { $sort: { _id: 1 } },
      ],
      takesLong,
    );
    for await (const batch of inBatches(rows, ACCOUNTS_PER_BATCH)) yield batch.map(({ _id }) => _id);
  }

  async function finish(cycle: CycleDate, accountIds: string[], payday: Date): Promise<void> {
    const ids = accountIds.map((accountId) => payoutIdOf(cycle, accountId));
    const unfinished = { $or: [{ effectsPending: true as const }, { releasePending: true as const }] };
    await deps.payouts.finish(await store.payouts.find({ _id: { $in: ids }, ...unfinished }).toArray(), payday);
  }

  /** How many payouts a cycle has drawn up. */
  function countOf(cycle: CycleDate): Promise<number> {
    return store.payouts.countDocuments({ _id: ofCycleIds(cycle), status: { $in: SHOWN } });
  }

  /** Whether every payout of a cycle is drawn up. One that passed with nothing due has none of its own. */
  async function isClosed(cycle: CycleDate): Promise<boolean> {
    const [progress, begun] = await Promise.all([
      store.cycles.findOne({ _id: `payout:${cycle}` }, { projection: { state: 1 } }),
      cycleAssignment.through(),
    ]);
    return cycle <= begun && progress?.state !== 'closing';
  }

  return { nextDue, peekDue, peekOpen, run, isClosed, views, get: views.get, list: views.list, changes };
}

/** Does work on parts of a list at once; when one fails, after the others have ended. */
async function sideBySide<T>(items: T[], work: (part: T[]) => Promise<void>): Promise<void> {
  const size = Math.ceil(items.length / PARTS);
  const parts = Array.from({ length: PARTS }, (_, part) => items.slice(part * size, (part + 1) * size));
  await awaitAll(parts.filter((part) => part.length > 0).map(work));
}
