import type { PayoutBatches } from '../affiliates/payouts/payoutBatches.ts';
import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import { chunksOf } from '../kernel/group.ts';
import type { KnownPayout } from './matchResult.ts';
import { toReferences } from './matchResult.ts';
import type { ResultFile } from './result.ts';

const BATCH = 1_000;
/** A file that names more other days than that is none of ours, and its lines are unknown. */
const MOST_CYCLES = 10;

export type KnownPayouts = ReturnType<typeof createKnownPayouts>;

/** The payouts that a file may mean: the lines of the cycle's approved batch, and whatever else its references name. */
export function createKnownPayouts(deps: {
  batches: { lines(cycle: CycleDate): AsyncIterable<{ payoutId: string }[]> };
  payoutBatches: Pick<PayoutBatches, 'factsOf' | 'idsOf'>;
}) {
  return async function knownPayouts(cycle: CycleDate, { lines }: Pick<ResultFile, 'lines'>): Promise<KnownPayout[]> {
    const approved: string[] = [];
    for await (const piece of deps.batches.lines(cycle)) approved.push(...piece.map(({ payoutId }) => payoutId));
    const named = new Set(approved.flatMap(toReferences));
    const others = lines.map(({ reference }) => reference).filter((reference) => !named.has(reference));
    const elsewhere = await meantBy(others);
    const isApproved = new Set(approved);
    return [
      ...(await factsOf(approved, true)),
      ...(await factsOf(
        elsewhere.filter((payoutId) => !isApproved.has(payoutId)),
        false,
      )),
    ];
  };

  /** The payouts of references that are in no batch line: by their ids, or among those of the day that they begin with. */
  async function meantBy(references: string[]): Promise<string[]> {
    const wanted = new Set(references);
    const cycles = new Set(references.flatMap(cycleIn));
    if (cycles.size > MOST_CYCLES) return references;
    const ids: string[] = references.filter((reference) => reference.includes(':'));
    for (const one of cycles) {
      for await (const piece of deps.payoutBatches.idsOf(one)) {
        ids.push(...piece.filter((payoutId) => toReferences(payoutId).some((name) => wanted.has(name))));
      }
    }
    return [...new Set(ids)];
  }

  async function factsOf(payoutIds: string[], isApproved: boolean): Promise<KnownPayout[]> {
    const known: KnownPayout[] = [];
    for (const ids of chunksOf(payoutIds, BATCH)) {
      known.push(...(await deps.payoutBatches.factsOf(ids)).map((fact) => ({ ...fact, isApproved })));
    }
    return known;
  }
}

/** `20260401-…`, as references are made. */
function cycleIn(reference: string): CycleDate[] {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})-/.exec(reference) ?? [];
  return year === undefined ? [] : [`${year}-${month}-${day}`];
}
