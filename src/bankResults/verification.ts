import type { PayoutBatches, PayoutFact } from '../affiliates/payouts/payoutBatches.ts';
import type { RecordedAct, Trail } from '../events/recordedAct.ts';
import { afterOf, type Said, saidOtherwise } from '../events/verifyActs.ts';
import { wordOf } from '../events/verifyFacts.ts';
import { linesOnAll } from '../kernel/lines.ts';
import { isDone } from './applyResult.ts';
import type { ResultAct } from './matchResult.ts';
import type { BankResultStore, ResultPage, StoredResult } from './store.ts';

const NAMES = ['settle', 'fail', 'return'] as const;

/** Compares files that were taken with the payouts that they settled, and with the audit trail, in both directions. */
export function createBankResultVerification(deps: {
  store: Pick<BankResultStore, 'results' | 'pages'>;
  payoutBatches: Pick<PayoutBatches, 'factsOf'>;
}) {
  const { results, pages } = deps.store;

  /** A line for each file whose acts are not what the payouts say, or not their sum. What is still being done is left out. */
  async function facts(trail: Pick<Trail, 'byKey'>): Promise<string[]> {
    const found = results.find({ effectsPending: { $exists: false } }).sort({ cycle: 1, _id: 1 });
    return linesOnAll(found, 1, nameOf, async (some) =>
      (await Promise.all(some.map((result) => differences(result, trail)))).flat(),
    );
  }

  async function differences(result: StoredResult, trail: Pick<Trail, 'byKey'>): Promise<string[]> {
    const key = `payout-result:${result._id}`;
    const act = (await trail.byKey([key])).get(key);
    const done = { settle: none(), fail: none(), return: none() };
    const lines: string[] = [];
    for await (const page of pages.find({ decision: result.decision })) {
      for (const { act: what, amount } of page.acts) {
        done[what].count += 1;
        done[what].total += amount;
      }
      lines.push(...(await payoutDifferences(result, page)));
    }
    return [
      ...lines,
      ...NAMES.filter((name) => wordOf(result[name]) !== wordOf(done[name])).map(
        (name) => `${nameOf(result)}: ${name} is ${wordOf(result[name])}, and its acts come to ${wordOf(done[name])}`,
      ),
      ...(act === undefined
        ? [`${nameOf(result)} was taken by ${result.by}, and the audit trail says nobody did that`]
        : actDifferences(result, act)),
    ];
  }

  async function payoutDifferences(result: StoredResult, { acts }: ResultPage): Promise<string[]> {
    if (acts.length === 0) return [];
    const found = await deps.payoutBatches.factsOf(acts.map(({ payoutId }) => payoutId));
    const byId = new Map(found.map((fact) => [fact.payoutId, fact]));
    const missed = new Set(result.missed);
    return acts.flatMap((act) => {
      const fact = byId.get(act.payoutId);
      if (fact !== undefined && fact.amount !== act.amount)
        return [`${nameOf(result)} has ${act.payoutId} with ${act.amount}, which is ${fact.amount}`];
      if (missed.has(act.payoutId) || isDone(act, fact)) return [];
      return [`${nameOf(result)} says ${wordsOf(act)} of ${act.payoutId}, which is ${stateOf(fact)}`];
    });
  }

  /** A line for each act that took no file. */
  async function acts(batch: RecordedAct[]): Promise<string[]> {
    const ids = batch.map(({ key }) => key.slice('payout-result:'.length));
    const found = await results.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
    const known = new Set(found.map(({ _id }) => _id));
    return batch.flatMap(({ actor, at }, index) => {
      const id = ids[index] ?? '';
      return known.has(id) ? [] : [`payout_results/${id} is missing: ${actor} took it on ${at.toISOString()}`];
    });
  }

  return { facts, acts: { 'payout_result.taken': acts } };
}

function none() {
  return { count: 0, total: 0 };
}

function wordsOf({ act }: ResultAct): string {
  return { settle: 'paid', fail: 'failed', return: 'returned' }[act];
}

function stateOf(fact: PayoutFact | undefined): string {
  if (fact === undefined) return 'missing';
  return fact.isReturned ? 'returned' : fact.status;
}

function actDifferences(result: StoredResult, act: RecordedAct): string[] {
  const after = afterOf(act);
  return saidOtherwise(nameOf(result), [
    ['by', result.by, act.actor],
    ['at', result.at, act.at],
    ['hash', result.hash, after.hash],
    ...NAMES.map((name): Said => [name, result[name], after[name]]),
  ]);
}

function nameOf({ _id }: Pick<StoredResult, '_id'>): string {
  return `payout_results/${_id}`;
}
