import type { PayoutBatches } from '../affiliates/payouts/payoutBatches.ts';
import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import { chunksOf } from '../kernel/group.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { TouchedBy } from './batch.ts';
import type { DrawnBatch } from './batches.ts';
import type { BatchLine } from './batchLine.ts';
import { type Finding, findingsOf } from './findings.ts';

const BATCH = 1_000;

export type CheckBatch = ReturnType<typeof createCheckBatch>;

/** Looks at everything that there may be to say about a batch: once through its lines, whatever their number. */
export function createCheckBatch(deps: {
  payoutBatches: Pick<PayoutBatches, 'lastAmounts'>;
  ledger: Pick<Ledger, 'entriesById'>;
  /** Which of these accounts nobody knows how to pay. */
  withoutPayee: (accountIds: string[]) => Promise<Set<string>>;
  touchedBy: TouchedBy;
}) {
  /** `since`: what was changed by hand before that was looked at already. */
  return async function checkBatch(cycle: CycleDate, drawn: DrawnBatch, since: Date): Promise<Finding[]> {
    const { lines, held, excluded } = drawn;
    const accountIds = [...new Set(lines.map(({ accountId }) => accountId))];
    const [lastPaid, withoutPayee, changes, taken] = await Promise.all([
      deps.payoutBatches.lastAmounts(accountIds, cycle),
      deps.withoutPayee(accountIds),
      deps.touchedBy(accountIds, since),
      takenFor(lines),
    ]);
    return findingsOf({ cycle, lines, held, excluded, lastPaid, withoutPayee, changes, taken });
  };

  /** What left the balances for each payout when it was drawn up. */
  async function takenFor(lines: readonly BatchLine[]): Promise<Map<string, MinorUnits>> {
    const taken = new Map<string, MinorUnits>();
    for (const some of chunksOf(lines, BATCH)) {
      const entries = await deps.ledger.entriesById(some.map(({ payoutId }) => `payout:${payoutId}:due`));
      for (const { payoutId } of some) {
        const postings = entries.get(`payout:${payoutId}:due`)?.postings ?? [];
        taken.set(payoutId, postings.find(({ account }) => account === 'world:payouts')?.amount ?? 0);
      }
    }
    return taken;
  }
}
