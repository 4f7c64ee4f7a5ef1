import type { PayoutBatches, PayoutEnd } from '../affiliates/payouts/payoutBatches.ts';
import type { ReturnPayouts } from '../affiliates/payouts/returnPayouts.ts';
import { chunksOf } from '../kernel/group.ts';
import { awaitAll } from '../kernel/wait.ts';
import type { ResultAct } from './matchResult.ts';
import type { BankResultStore, StoredResult } from './store.ts';

/** Returns are few, and each is several writes. */
const AT_ONCE = 10;

export type ApplyResult = ReturnType<typeof createApplyResult>;

/** Does what a file was decided to do. Done again, by anybody and at once, it is the same. */
export function createApplyResult(deps: {
  store: Pick<BankResultStore, 'pages'>;
  payoutBatches: Pick<PayoutBatches, 'endEach' | 'factsOf'>;
  returns: Pick<ReturnPayouts, 'returnPayout'>;
}) {
  /** Answers the payouts that have become something else meanwhile. */
  return async function applyResult({ decision, by, at }: StoredResult): Promise<string[]> {
    const missed: string[] = [];
    for await (const { acts } of deps.store.pages.find({ decision }).sort({ number: 1 })) {
      if (acts.length === 0) continue;
      await deps.payoutBatches.endEach(acts.flatMap(endOf), by, at);
      await giveBack(
        acts.filter(({ act }) => act === 'return'),
        by,
        at,
      );
      missed.push(...(await missedOf(acts)));
    }
    return missed;
  };

  async function giveBack(acts: ResultAct[], actor: string, at: Date): Promise<void> {
    for (const some of chunksOf(acts, AT_ONCE)) {
      await awaitAll(some.map((act) => deps.returns.returnPayout(act.payoutId, { actor, ...wordsOf(act) }, at)));
    }
  }

  async function missedOf(acts: ResultAct[]): Promise<string[]> {
    const facts = await deps.payoutBatches.factsOf(acts.map(({ payoutId }) => payoutId));
    const byId = new Map(facts.map((fact) => [fact.payoutId, fact]));
    return acts.filter((act) => !isDone(act, byId.get(act.payoutId))).map(({ payoutId }) => payoutId);
  }
}

/** Whether a payout is what an act makes of it. */
export function isDone({ act }: Pick<ResultAct, 'act'>, fact?: { status: string; isReturned: boolean }): boolean {
  if (act === 'return') return fact?.isReturned === true;
  return fact?.status === (act === 'settle' ? 'paid' : 'failed');
}

function endOf(act: ResultAct): PayoutEnd[] {
  if (act.act === 'return') return [];
  return [{ payoutId: act.payoutId, status: act.act === 'settle' ? 'paid' : 'failed', ...wordsOf(act) }];
}

function wordsOf({ reference, reason }: ResultAct): { reference?: string; reason?: string } {
  return { ...(reference === null ? {} : { reference }), ...(reason === null ? {} : { reason }) };
}
