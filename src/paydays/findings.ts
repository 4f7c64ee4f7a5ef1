import { groupBy } from '../kernel/group.ts';
import { type MinorUnits, sum } from '../kernel/money.ts';
import type { BatchLine } from './batchLine.ts';

/**
 * What there is to be said about a payday before it is approved. `on-its-way`: the transfer has begun already. `first`: the account
 * was never paid before. `far-above`, `far-below`: against what it was paid the last time. `changed`: since the last approval
 * somebody changed the account's balance or payee by hand. `ledger-differs`: the ledger took another amount.
 */
export const FINDINGS = [
  'missing-payee',
  'ledger-differs',
  'far-above',
  'far-below',
  'first',
  'changed',
  'carried-in',
  'on-its-way',
  'held',
  'excluded',
] as const;

export type FindingKind = (typeof FINDINGS)[number];

/** One thing about one payout; `before` is the amount to compare with, `what` says it in words that are no person's. */
export type Found = { payoutId: string; amount: MinorUnits; before?: MinorUnits; what?: string };

/** Everything of one kind: how many there are, and the first of them. */
export type Finding = { kind: FindingKind; count: number; total: MinorUnits; payouts: Found[] };

/** So many payouts of a kind are named; the others are counted. */
const NAMED = 50;

/** Against the last payout: more than three times as much, or less than a third. */
const FACTOR = 3;

/** How the amount of an account stands to what it was paid the last time, if that is worth a look; `last` null: never. */
function comparedWith(amount: MinorUnits, last: MinorUnits | null): 'far-above' | 'far-below' | 'first' | null {
  if (last === null) return 'first';
  if (amount > last * FACTOR) return 'far-above';
  return amount * FACTOR < last ? 'far-below' : null;
}

/** What is known of the lines of a batch, and of what is not among them. */
export type CheckFacts = {
  cycle: string;
  lines: readonly BatchLine[];
  held: readonly BatchLine[];
  excluded: readonly BatchLine[];
  /** What each account was paid the last time. */
  lastPaid: ReadonlyMap<string, MinorUnits>;
  withoutPayee: ReadonlySet<string>;
  changes: readonly { accountId: string; what: string }[];
  /** What the ledger took for each payout. */
  taken: ReadonlyMap<string, MinorUnits>;
};

/** Everything there is to be said, kind by kind, in the order of `FINDINGS`. */
export function findingsOf(facts: CheckFacts): Finding[] {
  const { lines, held, excluded, withoutPayee, lastPaid, taken, cycle } = facts;
  const found = new Map<FindingKind, Found[]>();
  const note = (kind: FindingKind, { payoutId, amount }: BatchLine, more: Partial<Found> = {}) => {
    const all = found.get(kind) ?? [];
    all.push({ payoutId, amount, ...more });
    found.set(kind, all);
  };
  const changesOf = groupBy(facts.changes, ({ accountId }) => accountId);
  for (const line of lines) {
    const { payoutId, accountId, amount } = line;
    const inLedger = taken.get(payoutId) ?? 0;
    const last = lastPaid.get(accountId) ?? null;
    const compared = comparedWith(amount, last);
    if (withoutPayee.has(accountId)) note('missing-payee', line);
    if (inLedger !== amount) note('ledger-differs', line, { before: inLedger });
    if (compared !== null) note(compared, line, last === null ? {} : { before: last });
    for (const { what } of changesOf.get(accountId) ?? []) note('changed', line, { what });
    if (!payoutId.startsWith(`${cycle}:`)) note('carried-in', line);
    if (line.status === 'processing') note('on-its-way', line);
  }
  for (const line of held) note('held', line);
  for (const line of excluded) note('excluded', line);
  return FINDINGS.flatMap((kind) => {
    const all = found.get(kind) ?? [];
    if (all.length === 0) return [];
    const total = sum(all.map(({ amount }) => amount));
    return [{ kind, count: all.length, total, payouts: all.slice(0, NAMED) }];
  });
}
