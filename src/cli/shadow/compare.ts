import { type MinorUnits, sum } from '../../kernel/money.ts';
import type { Decided } from './ours.ts';
import { KINDS, type Kind, type Paid, paidKey } from './paid.ts';

export type DifferenceKind =
  | 'amount'
  | 'missing-here'
  | 'missing-there'
  | 'paid-earlier-here'
  | 'paid-later-here'
  | 'paid-here-only'
  | 'paid-there-only'
  | 'earlier-here'
  | 'later-here';

/** One way in which what was decided in the shadow is not what really happened; one of the two is missing where nothing matches. */
export type Difference = { what: DifferenceKind; ours: Decided | null; theirs: Paid | null };

/** Of one kind: how many matched of how many, what these come to, and how many of ours the table does not cover. */
export type KindResult = {
  kind: Kind;
  matched: number;
  compared: number;
  ours: MinorUnits;
  theirs: MinorUnits;
  notCovered: number;
};

export type Comparison = { results: KindResult[]; differences: Difference[] };

/** So near to each other, two changes of one standing are taken for the same one. */
const SAME_CHANGE_DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * Compares what the shadow decided with what really happened, by kind, account and period. A kind that the table has no row of is not
 * compared, nor is a period before its first or after its last row: a table of one month says nothing of the others.
 */
export function compare(decided: readonly Decided[], paid: readonly Paid[]): Comparison {
  const parts = KINDS.map((kind) =>
    compareKind(
      kind,
      decided.filter((one) => one.kind === kind),
      paid.filter((one) => one.kind === kind),
    ),
  );
  return { results: parts.map(({ result }) => result), differences: parts.flatMap(({ differences }) => differences) };
}

function compareKind(kind: Kind, decided: readonly Decided[], paid: readonly Paid[]) {
  const periods = paid.map(({ period }) => period).sort();
  const [first = '', last = ''] = [periods[0], periods.at(-1)];
  const isCovered = ({ ours, theirs }: Pair) =>
    theirs !== null || (ours !== null && paid.length > 0 && first <= ours.period && ours.period <= last);
  const pairs = kind === 'standing' ? pairNearest(decided, paid) : pairByKey(decided, paid);
  const covered = pairs.filter(isCovered);
  // What there is nothing to pay for need not be in a table of what was paid.
  const counted = covered.filter((pair) => !isNothing(pair));
  const found = counted.map((pair) => differencesOf(pair));
  const result: KindResult = {
    kind,
    matched: found.filter((differences) => differences.length === 0).length,
    compared: counted.length,
    ours: sum(counted.map(({ ours }) => ours?.amount ?? 0)),
    theirs: sum(counted.map(({ theirs }) => theirs?.amount ?? 0)),
    notCovered: pairs.length - covered.length,
  };
  return { result, differences: found.flat() };
}

type Pair = Pick<Difference, 'ours' | 'theirs'>;

function pairByKey(decided: readonly Decided[], paid: readonly Paid[]): Pair[] {
  const theirsOf = new Map(paid.map((one) => [paidKey(one), one]));
  const pairs = decided.map((ours) => ({ ours, theirs: theirsOf.get(paidKey(ours)) ?? null }));
  const met = new Set(pairs.map(({ theirs }) => theirs));
  return inOrder([...pairs, ...paid.filter((one) => !met.has(one)).map((theirs) => ({ ours: null, theirs }))]);
}

/** A change of standing meets the nearest one of the same account and name, some days away at most. */
function pairNearest(decided: readonly Decided[], paid: readonly Paid[]): Pair[] {
  const left = new Set(paid);
  const pairs = decided.map((ours) => {
    const near = [...left]
      .filter(({ account, status }) => account === ours.account && status === ours.status)
      .map((theirs) => ({ theirs, days: Math.abs(daysApart(ours.period, theirs.period)) }))
      .sort((a, b) => a.days - b.days)[0];
    if (near === undefined || near.days > SAME_CHANGE_DAYS) return { ours, theirs: null };
    left.delete(near.theirs);
    return { ours, theirs: near.theirs };
  });
  return inOrder([...pairs, ...[...left].map((theirs) => ({ ours: null, theirs }))]);
}

/** By period, then by account. */
function inOrder(pairs: Pair[]): Pair[] {
  const keyOf = ({ ours, theirs }: Pair) => `${(ours ?? theirs)?.period}\n${(ours ?? theirs)?.account}`;
  return pairs.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
}

/** A credited invoice, or one of nothing, is the same as none. */
function isNothing({ ours, theirs }: Pair): boolean {
  const isCounted = (one: Decided | Paid | null) => one !== null && (one.kind === 'standing' || (one.amount ?? 0) > 0);
  return !isCounted(ours) && !isCounted(theirs) && (ours === null || theirs === null);
}

function differencesOf({ ours, theirs }: Pair): Difference[] {
  const difference = (what: DifferenceKind): Difference => ({ what, ours, theirs });
  if (ours === null) return [difference('missing-here')];
  if (theirs === null) return [difference('missing-there')];
  if (ours.kind === 'standing') {
    const days = daysApart(ours.period, theirs.period);
    return days === 0 ? [] : [difference(days < 0 ? 'earlier-here' : 'later-here')];
  }
  const paid = paidDifference(ours, theirs);
  return [
    ...(ours.amount === theirs.amount ? [] : [difference('amount')]),
    ...(paid === null ? [] : [difference(paid)]),
  ];
}

/** Null where both were paid on one day, or one of them does not say. */
function paidDifference({ paidOn: ours }: Decided, { paidOn: theirs, amount }: Paid): DifferenceKind | null {
  if (ours === undefined || theirs === undefined || ours === theirs || (amount ?? 0) <= 0) return null;
  if (ours === null) return 'paid-there-only';
  if (theirs === null) return 'paid-here-only';
  return ours < theirs ? 'paid-earlier-here' : 'paid-later-here';
}

/** Below zero when the first is the earlier day. */
function daysApart(one: string, other: string): number {
  return (Date.parse(one) - Date.parse(other)) / DAY_MS;
}
