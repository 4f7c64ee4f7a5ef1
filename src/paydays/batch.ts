import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import type { Act } from '../approvals/approvals.ts';
import { batchHash, type Part } from '../approvals/request.ts';
import { type MinorUnits, sum } from '../kernel/money.ts';
import type { BatchLine } from './batchLine.ts';
import type { Exclusion, StoredBatch } from './store.ts';

/** How far people are with a payday: each state is reached by one act, but the last, which follows from the payouts. */
export type BatchState = 'drawn-up' | 'checked' | 'approved' | 'exported' | 'settled';

/** What a batch comes to; `hash` stands for every payout and amount of it. */
export type BatchSum = { hash: string; count: number; total: MinorUnits };

/** The act that two people have to want, of exactly these payouts. */
export function approvalOf(cycle: CycleDate, lines: readonly Pick<BatchLine, 'payoutId' | 'amount'>[]): Act {
  const parts: Part[] = lines.map(({ payoutId: id, amount }) => ({ id, amount }));
  return { action: APPROVE, subject: `cycle:${cycle}`, parts };
}

export function sumOf(cycle: CycleDate, lines: readonly Pick<BatchLine, 'payoutId' | 'amount'>[]): BatchSum {
  const total = sum(lines.map(({ amount }) => amount));
  return { hash: batchHash(approvalOf(cycle, lines)), count: lines.length, total };
}

/**
 * The state of a batch. `hash` is that of its lines now, and `open` how many of them are still to be settled: a check of
 * other lines is none, and a batch is settled when the last of its lines is, by whomever.
 */
export function stateOf(
  batch: Pick<StoredBatch, 'checked' | 'approved' | 'exports'> | null,
  { hash, open }: { hash: string; open: number },
): BatchState {
  if (batch?.approved !== undefined) {
    if (open === 0) return 'settled';
    return batch.exports.length > 0 ? 'exported' : 'approved';
  }
  return batch?.checked?.hash === hash ? 'checked' : 'drawn-up';
}

/** What is excluded from a batch now: of each payout the last word counts. */
export function excludedNow(batch: Pick<StoredBatch, 'excluded'> | null): Map<string, Exclusion> {
  const last = new Map((batch?.excluded ?? []).map((one) => [one.payoutId, one]));
  return new Map([...last].filter(([, { included }]) => included === undefined));
}

/** The action under which a request waits for a second person, and is in the audit trail. */
export const APPROVE = 'payout.approve';

/** That somebody changed an account's balance or payee by hand: what, and when. */
export type AccountChange = { actor: string; accountId: string; what: string; at: Date };

/** Who changed something of these accounts since an instant. */
export type TouchedBy = (accountIds: readonly string[], since: Date) => Promise<AccountChange[]>;
