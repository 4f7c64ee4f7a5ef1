import { hash } from 'node:crypto';

import { isUnsettled } from '../affiliates/payouts/payout.ts';
import type { PayoutBatches } from '../affiliates/payouts/payoutBatches.ts';
import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import { chunksOf } from '../kernel/group.ts';
import { sum } from '../kernel/money.ts';
import { createKnownPayouts } from './knownPayouts.ts';
import { type Difference, type KnownPayout, matchResult, type ResultAct } from './matchResult.ts';
import { type ResultFile, type ResultLine, UnreadableResult } from './result.ts';
import type { DecidedResult, ResultPage, ResultSum } from './store.ts';

const LINES_PER_PAGE = 2_000;

/** Which payouts the file of a message paid; null when no file of ours has that id. */
export type PaidByMessage = (messageId: string) => Promise<{ cycle: CycleDate; payoutIds: string[] } | null>;

export type Decision =
  | { kind: 'decided'; result: DecidedResult; pages: Omit<ResultPage, 'expiresAt'>[] }
  /** It names payouts of that cycle's batch, and none of this one's. */
  | { kind: 'wrong-cycle'; cycle: CycleDate }
  /** It names no payout at all. */
  | { kind: 'unrelated' };

/** Decides what a file that was read does to the payouts of a cycle's approved batch; writes nothing. */
export function createDecideResult(deps: {
  batches: { lines(cycle: CycleDate): AsyncIterable<{ payoutId: string }[]> };
  payoutBatches: Pick<PayoutBatches, 'factsOf' | 'idsOf'>;
  paidByMessage: PaidByMessage;
}) {
  const knownPayouts = createKnownPayouts(deps);

  return async function decideResult(cycle: CycleDate, fileHash: string, file: ResultFile): Promise<Decision> {
    const lines = await linesOf(file);
    const known = await knownPayouts(cycle, { lines });
    const { acts, already, pending, differences } = matchResult({ lines }, cycle, known);
    if (differences.length === lines.length) {
      const other = known.find(({ batch, payoutId }) => batch !== cycle && names(differences, payoutId));
      const isOurs = differences.some(({ kind }) => kind !== 'unknown' && kind !== 'other_cycle');
      if (!isOurs) return other === undefined ? { kind: 'unrelated' } : { kind: 'wrong-cycle', cycle: other.batch };
    }
    const decision = hash('sha256', JSON.stringify([cycle, fileHash, acts, differences]), 'hex');
    const result = {
      ...{ cycle, hash: fileHash, format: file.format, decision, lines: lines.length },
      ...{ settle: sumOf(acts, 'settle'), fail: sumOf(acts, 'fail'), return: sumOf(acts, 'return') },
      ...{ already, pending, others: file.others, differences: differences.length },
      open: openAfter(known, acts),
    };
    return { kind: 'decided', result, pages: pagesOf(decision, acts, differences) };
  };

  /** The status of a whole message is that of every payment of the file that had its id. */
  async function linesOf({ lines, all }: ResultFile): Promise<ResultLine[]> {
    if (all === null) return lines;
    const paid = await deps.paidByMessage(all.messageId);
    if (paid === null) {
      throw new UnreadableResult([{ line: null, message: 'is of a message that no file of this service has' }]);
    }
    const { outcome, reason } = all;
    return paid.payoutIds.map((reference) => ({
      ...{ line: 1, reference, outcome, amount: null, bankReference: null, reason },
    }));
  }
}

/** What of the approved batch is still to be settled after these acts. */
function openAfter(known: readonly KnownPayout[], acts: ResultAct[]): ResultSum {
  const ended = new Set(acts.map(({ payoutId }) => payoutId));
  return totalOf(known.filter((one) => one.isApproved && isUnsettled(one) && !ended.has(one.payoutId)));
}

function names(differences: Difference[], payoutId: string): boolean {
  return differences.some((one) => one.payoutId === payoutId);
}

function sumOf(acts: ResultAct[], which: ResultAct['act']): ResultSum {
  return totalOf(acts.filter(({ act }) => act === which));
}

function totalOf(some: readonly Pick<ResultAct, 'amount'>[]): ResultSum {
  return { count: some.length, total: sum(some.map(({ amount }) => amount)) };
}

function pagesOf(decision: string, acts: ResultAct[], differences: Difference[]): Omit<ResultPage, 'expiresAt'>[] {
  const parts = [
    ...chunksOf(acts, LINES_PER_PAGE).map((some) => ({ acts: some, differences: [] })),
    ...chunksOf(differences, LINES_PER_PAGE).map((some) => ({ acts: [], differences: some })),
  ];
  return parts.map((part, number) => ({
    ...{ _id: `${decision}#${String(number).padStart(4, '0')}`, decision, number },
    ...part,
  }));
}
