import type { MinorUnits } from '../kernel/money.ts';
import type { Page } from '../kernel/page.ts';

/** The outcome of a run for one account. */
export type PreviewOutcome = 'payout' | 'carried' | 'debited' | 'open' | 'credited';

/** `count`: of how many commissions or lines. `parts`: of a payout. `why`: of what is carried over. */
export type PreviewRow = {
  accountId: string;
  amount: MinorUnits;
  parts?: { commissions: MinorUnits; earnings: MinorUnits };
  count: number;
  outcome: PreviewOutcome;
  why?: 'nothing-due' | 'below-minimum';
};

/** What a run would do by what is known now. `last`: the run before it, to compare with. Money in minor units. */
export type Preview = {
  run: 'monday' | 'payday';
  /** The week that is invoiced, `2026-W47`, or the cycle that is paid, `2026-04-01`. */
  period: string;
  /** When it runs. */
  at: Date;
  rows: PreviewRow[];
  last: { period: string; count: number; total: MinorUnits } | null;
};

/** What the rows of an outcome add up to. */
export type PreviewPart = { count: number; total: MinorUnits };

/** `made`: of the invoices or payouts that there would be; what is carried over makes none. */
export function previewTotals({ rows }: Pick<Preview, 'rows'>): {
  made: PreviewPart;
  byOutcome: Map<PreviewOutcome, PreviewPart>;
} {
  const byOutcome = new Map<PreviewOutcome, PreviewPart>();
  const made = { count: 0, total: 0 };
  for (const { outcome, amount } of rows) {
    const part = byOutcome.get(outcome) ?? { count: 0, total: 0 };
    byOutcome.set(outcome, { count: part.count + 1, total: part.total + amount });
    if (outcome === 'carried') continue;
    made.count += 1;
    made.total += amount;
  }
  return { made, byOutcome };
}

/** By how much a run would differ from the one before it; null when there was none. */
export function previewDifference(preview: Preview): PreviewPart | null {
  const { made } = previewTotals(preview);
  const { last } = preview;
  return last === null ? null : { count: made.count - last.count, total: made.total - last.total };
}

/** The rows, the greatest amount first. */
export function ranked(rows: readonly PreviewRow[]): PreviewRow[] {
  return [...rows].sort(inOrder);
}

/** A page of rows that are ranked; the cursor is `amount:outcome:account` of the last one, of which there is one row. */
export function rowsFrom(rows: readonly PreviewRow[], limit: number, after?: string): Page<PreviewRow> {
  const last = after === undefined ? undefined : placeOf(after);
  const rest = last === undefined ? rows : rows.filter((row) => inOrder(row, last) > 0);
  const items = rest.slice(0, limit);
  const end = items.at(-1);
  const next = end === undefined || rest.length <= limit ? null : `${end.amount}:${end.outcome}:${end.accountId}`;
  return { items, next };
}

type Place = { amount: MinorUnits; outcome: string; accountId: string };

/** What is carried over stands beside what is paid to the same account, so that the account alone is no place. */
function inOrder(a: Place, b: Place): number {
  return b.amount - a.amount || byText(a.outcome, b.outcome) || byText(a.accountId, b.accountId);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function placeOf(cursor: string): Place {
  const [amount = '', outcome = '', ...rest] = cursor.split(':');
  return { amount: Number(amount), outcome, accountId: rest.join(':') };
}
