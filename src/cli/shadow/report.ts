import { type Cell, csv } from '../../kernel/csv.ts';
import { decimalMoney, type MinorUnits, sum } from '../../kernel/money.ts';
import { countOf } from '../../notices/messages/message.ts';
import type { WithheldPart } from '../../shadow/weeks.ts';
import type { Difference, DifferenceKind, KindResult } from './compare.ts';

/** A difference, and the rule behind it. */
export type Explained = Difference & { why: string[] };

/** An event that had no effect, and why. */
export type NotApplied = { eventId: string; status: string; error: string };

export type Report = {
  from: Date;
  end: Date;
  timeZone: string;
  currency: string;
  events: number;
  outOfOrder: number;
  repeated: number;
  notApplied: NotApplied[];
  results: KindResult[];
  differences: Explained[];
  withheld: WithheldPart[];
};

const SHOWN = 20;

/** Whether the shadow did everything that was really done, and nothing else. */
export function isWholeMatch({ differences, notApplied }: Pick<Report, 'differences' | 'notApplied'>): boolean {
  return differences.length === 0 && notApplied.length === 0;
}

/** The report for a terminal: what was played, how much of it matched, and the first differences. */
export function reportText(report: Report): string {
  const { from, end, timeZone, events, outOfOrder, repeated, notApplied, results, differences } = report;
  return [
    `Shadow of ${readable(from)} to ${readable(end)}, by the calendar of ${timeZone}`,
    `played: ${countOf(events, 'event')}`,
    ...(outOfOrder > 0 ? [`not in the order of time, and put into it: ${countOf(outOfOrder, 'line')}`] : []),
    ...(repeated > 0 ? [`saying again what an earlier one had said: ${countOf(repeated, 'line')}`] : []),
    ...notAppliedLines(notApplied),
    `it would have sent ${withheldWords(report.withheld)}; it sent nothing`,
    '',
    ...columns([
      ['', 'matched', 'in the shadow', 'really', 'difference'],
      ...results.map((result) => resultRow(result, report.currency)),
    ]),
    ...results.flatMap(notCoveredLines),
    '',
    ...differenceLines(differences, report.currency),
  ].join('\n');
}

function notAppliedLines(notApplied: NotApplied[]): string[] {
  if (notApplied.length === 0) return [];
  const shown = notApplied.slice(0, SHOWN).map(({ eventId, status, error }) => `  ${eventId} is ${status}: ${error}`);
  return [`without effect: ${countOf(notApplied.length, 'event')}`, ...shown];
}

function withheldWords(parts: WithheldPart[]): string {
  const those = (kind: WithheldPart['kind']) =>
    countOf(sum(parts.flatMap((part) => (part.kind === kind ? [part.count] : []))), kind);
  return `${those('webhook')} to the platform and ${those('message')} to people`;
}

function resultRow({ kind, matched, compared, ours, theirs }: KindResult, currency: string): string[] {
  if (compared === 0) return [NAMES[kind], 'not compared', '', '', ''];
  const money = (amount: MinorUnits) => (kind === 'standing' ? '' : decimalMoney(amount, currency));
  return [NAMES[kind], `${matched} of ${compared}`, money(ours), money(theirs), money(ours - theirs)];
}

const NAMES: Record<KindResult['kind'], string> = { invoice: 'invoices', payout: 'payouts', standing: 'standing' };

function notCoveredLines({ kind, compared, notCovered }: KindResult): string[] {
  if (notCovered === 0) return [];
  const why = compared === 0 ? 'the table has no row of them' : 'before the first row of the table or after its last';
  return [`${NAMES[kind]}: ${notCovered} more in the shadow, not compared: ${why}`];
}

function differenceLines(differences: Explained[], currency: string): string[] {
  if (differences.length === 0) return ['No difference.'];
  const shown = differences.slice(0, SHOWN);
  const head = differences.length > SHOWN ? `The first ${SHOWN} of ${differences.length} differences:` : 'Differences:';
  const rows = shown.map((difference) => {
    const { kind, account, period } = sideOf(difference);
    return [kind, account, period, WORDS[difference.what], ...sides(difference, currency)];
  });
  const lines = columns([['kind', 'account', 'period', 'difference', 'in the shadow', 'really'], ...rows]);
  return [
    head,
    ...lines.flatMap((line, index) => {
      const why = shown[index - 1]?.why ?? [];
      const more = why.length > WHY_SHOWN ? ['…'] : [];
      return [line, ...[...why.slice(0, WHY_SHOWN), ...more].map((one) => `    ${one}`)];
    }),
  ];
}

/** An invoice can have very many lines; all of them are in the table. */
const WHY_SHOWN = 10;

const WORDS: Record<DifferenceKind, string> = {
  amount: 'amount',
  'missing-here': 'not in the shadow',
  'missing-there': 'not in the table',
  'paid-earlier-here': 'paid earlier in the shadow',
  'paid-later-here': 'paid later in the shadow',
  'paid-here-only': 'paid in the shadow only',
  'paid-there-only': 'not paid in the shadow',
  'earlier-here': 'earlier in the shadow',
  'later-here': 'later in the shadow',
};

/** What is different, on either side. */
function sides({ what, ours, theirs }: Difference, currency: string): [ours: string, theirs: string] {
  const money = (amount: MinorUnits | null | undefined) => (amount == null ? '' : decimalMoney(amount, currency));
  if (what.startsWith('paid')) return [ours?.paidOn ?? 'unpaid', theirs?.paidOn ?? 'unpaid'];
  if ((ours ?? theirs)?.kind !== 'standing') return [money(ours?.amount), money(theirs?.amount)];
  const change = (one: { status: string; period: string } | null) =>
    one === null ? '' : `${one.status} ${one.period}`;
  return [change(ours), change(theirs)];
}

/** What both sides are about. */
function sideOf({ ours, theirs }: Difference): { kind: string; account: string; period: string } {
  return ours ?? theirs ?? { kind: '', account: '', period: '' };
}

const COLUMNS = [
  ...['kind', 'account', 'period', 'difference', 'shadow', 'real', 'shadowAmount', 'realAmount', 'differenceAmount'],
  ...['currency', 'line', 'id', 'why'],
];

/** Every difference as a table, and every event that had no effect; amounts as decimals, `line` is that of the real one. */
export function reportCsv({ differences, notApplied, currency }: Report): string {
  const money = (amount: MinorUnits | null | undefined): Cell => ({
    number: amount == null ? '' : decimalMoney(amount, currency),
  });
  const rows = differences.map((difference): Cell[] => {
    const { what, ours, theirs, why } = difference;
    const { kind, account, period } = sideOf(difference);
    const [here, there] = sides(difference, currency);
    const isMoney = kind !== 'standing';
    return [
      ...[kind, account, period, what, here, there].map((text) => ({ text })),
      ...[money(ours?.amount), money(theirs?.amount)],
      money(isMoney ? (ours?.amount ?? 0) - (theirs?.amount ?? 0) : null),
      { text: isMoney ? currency : '' },
      { number: theirs === null ? '' : String(theirs.line) },
      ...[ours?.id ?? '', why.join('; ')].map((text) => ({ text })),
    ];
  });
  const events = notApplied.map(({ eventId, status, error }): Cell[] => [
    ...['event', '', '', 'not-applied', status, '', '', '', '', '', '', eventId, error].map((text) => ({ text })),
  ]);
  return csv(COLUMNS, [...rows, ...events]);
}

/** Cells one under the other; amounts and counts to the right. */
function columns(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        NUMBER.test(cell) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

const NUMBER = /^-?[\d.]+$/;

function readable(at: Date): string {
  return at.toISOString().replace(/\.000Z$/, 'Z');
}
