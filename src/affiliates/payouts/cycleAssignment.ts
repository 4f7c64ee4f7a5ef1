import type { Clock } from '../../kernel/clock.ts';
import { isDuplicateKey } from '../../kernel/errors.ts';
import type { AffiliateStore, CycleDate } from '../store.ts';
import { nextCycle, type PayoutCalendar } from './payoutCycle.ts';

const CURSOR = 'cursor';

export type CycleAssignment = ReturnType<typeof createCycleAssignment>;

/**
 * Which cycle takes a commission. Cycles are begun strictly one after the other, each on its payday, whether or not
 * anything is due (rules 6.6); `through` is the last one begun, and nothing is given to it or an earlier one any more,
 * except a correction that lowers a payout which is still to be generated.
 */
export function createCycleAssignment(deps: {
  store: Pick<AffiliateStore, 'cycles'>;
  payoutCalendar: PayoutCalendar;
  clock: Clock;
}) {
  const { cycles } = deps.store;
  const { cycleOf, cycleFrom, cycleBefore, paydayOf } = deps.payoutCalendar;

  /** The last cycle begun; before the very first, the last whose payday had passed when the service first looked. */
  async function through(): Promise<CycleDate> {
    const known = await knownThrough();
    if (known !== undefined) return known;
    await insertCursor(cycleBefore(deps.clock.now()));
    return through();
  }

  /** The same, without a write. */
  async function peekThrough(): Promise<CycleDate> {
    return (await knownThrough()) ?? cycleBefore(deps.clock.now());
  }

  async function knownThrough(): Promise<CycleDate | undefined> {
    return (await cycles.findOne({ _id: CURSOR }))?.through;
  }

  async function insertCursor(cycle: CycleDate): Promise<void> {
    try {
      await cycles.insertOne({ _id: CURSOR, through: cycle });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  /** The first cycle that may still take what is known now: one whose payouts are being generated, or the next. */
  async function openCycle(begun: CycleDate): Promise<CycleDate> {
    return (await isClosing(begun)) ? begun : nextCycle(begun);
  }

  /** Whether the payouts of a cycle are being generated. */
  async function isClosing(cycle: CycleDate): Promise<boolean> {
    return (await cycles.findOne({ _id: `payout:${cycle}` }, { projection: { state: 1 } }))?.state === 'closing';
  }

  /** From here on no commission is given to this cycle or an earlier one. The cycle's document comes first. */
  async function begin(cycle: CycleDate): Promise<void> {
    // What lowers a payout is given to this one from here on: a payday before it had nothing due, and is over.
    await pass(cycleBefore(paydayOf(cycle)));
    await cycles.updateOne({ _id: `payout:${cycle}` }, { $setOnInsert: { state: 'closing' } }, { upsert: true });
    await cycles.updateOne({ _id: CURSOR, through: { $lt: cycle } }, { $set: { through: cycle } });
  }

  /** Paydays up to this one have passed, with nothing due. */
  async function pass(cycle: CycleDate): Promise<void> {
    await cycles.updateOne({ _id: CURSOR, through: { $lt: cycle } }, { $set: { through: cycle } });
  }

  /**
   * The cycle of an approval (rules 6.1): its own, or the first one that was not drawn up when it became known; what
   * came later than a payday does not change that payday.
   */
  function cycleFor({ approvedAt, knownAt }: { approvedAt: Date; knownAt: Date }, begun: CycleDate): CycleDate {
    return latest(cycleOf(approvedAt), cycleFrom(knownAt), nextCycle(begun));
  }

  return { through, peekThrough, openCycle, isClosing, begin, pass, cycleFor };
}

/** The latest of some cycles. */
export function latest(first: CycleDate, ...others: CycleDate[]): CycleDate {
  return others.reduce((last, cycle) => (cycle > last ? cycle : last), first);
}
