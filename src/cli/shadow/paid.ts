import { isCycleDate } from '../../affiliates/payouts/payoutCycle.ts';
import { instantSchema } from '../../events/catalogue.ts';
import { type Calendar, daysOfWeek } from '../../kernel/calendar.ts';
import { PLATFORM_ID } from '../../kernel/ids.ts';
import { type MinorUnits, parseMoney } from '../../kernel/money.ts';
import { quoted } from '../../kernel/text.ts';
import { createFaults } from './badInput.ts';
import { type Row, readTable } from './table.ts';

/** What really happened: an invoice, a payout, or a change of somebody's standing. */
export const KINDS = ['invoice', 'payout', 'standing'] as const;
export type Kind = (typeof KINDS)[number];

/** The changes of standing that can be compared. */
const STANDING_CHANGES = ['paused', 'resumed', 'blocked', 'unblocked', 'review', 'terminated'] as const;
export type StandingChangeName = (typeof STANDING_CHANGES)[number];

/**
 * A row of the table of what was really invoiced and paid. `period` is the week, the payday, or the day of a change of standing.
 * `paidOn` is a day of the platform's zone: null when it was not paid, undefined where the table does not say.
 */
export type Paid = {
  line: number;
  kind: Kind;
  account: string;
  period: string;
  amount: MinorUnits | null;
  paidOn: string | null | undefined;
  status: string;
};

const COLUMNS = {
  required: ['kind', 'account', 'period', 'amount'],
  optional: ['paidAt', 'status', 'currency'],
} as const;
type Column = (typeof COLUMNS)['required' | 'optional'][number];

/** Reads what was really invoiced and paid. Throws BadInput with every bad row by its line. */
export async function readPaid(file: string, currency: string, calendar: Calendar): Promise<Paid[]> {
  const { rows, given } = await readTable<Column>(file, COLUMNS);
  const faults = createFaults();
  const read = rows.flatMap((row) => {
    const paid = paidOf(row, { currency, calendar, isPaidAtGiven: given.has('paidAt') });
    for (const fault of paid.faults) faults.add(`${file} line ${row.line}: ${fault}`);
    return paid.faults.length === 0 ? [paid.paid] : [];
  });
  const lineOf = new Map<string, number>();
  for (const paid of read) {
    const key = paidKey(paid);
    const before = lineOf.get(key);
    if (before !== undefined) faults.add(`${file} line ${paid.line}: the same ${paid.kind} as in line ${before}`);
    lineOf.set(key, before ?? paid.line);
  }
  faults.check();
  return read;
}

/** What makes a row the one for an invoice, a payout or a change of standing. */
export function paidKey({ kind, account, period, status }: Pick<Paid, 'kind' | 'account' | 'period' | 'status'>) {
  return [kind, account, period, kind === 'standing' ? status : ''].join('\n');
}

function paidOf(
  { line, cells }: Row<Column>,
  { currency, calendar, isPaidAtGiven }: { currency: string; calendar: Calendar; isPaidAtGiven: boolean },
): { paid: Paid; faults: string[] } {
  const kind = KINDS.find((one) => one === cells.kind.toLowerCase());
  const status = cells.status.toLowerCase();
  const isStanding = kind === 'standing';
  const period = kind === undefined ? '' : periodOf(kind, cells.period, calendar);
  const amount = amountOf(cells.amount, currency);
  const paidOn = cells.paidAt === '' ? null : dayIn(cells.paidAt, calendar);
  const faults = [
    ...(kind === undefined ? [`kind: must be one of ${KINDS.join(', ')}`] : []),
    ...(PLATFORM_ID.test(cells.account) ? [] : ['account: must be an id of an account, 1-64 of A-Z a-z 0-9 _ . : -']),
    ...(kind !== undefined && period === null ? [`period: must be ${PERIODS[kind]}`] : []),
    ...(amount === null && !isStanding
      ? [`amount: must be an amount in ${currency}, as 1234.50, and not ${quoted(cells.amount, 40)}`]
      : []),
    ...(paidOn === undefined ? ['paidAt: must be a day, as 2026-03-12, or an instant, as 2026-03-12T06:00:00Z'] : []),
    ...(isStanding && !STANDING_CHANGES.some((one) => one === status)
      ? [`status: of a standing it must be one of ${STANDING_CHANGES.join(', ')}`]
      : []),
    ...(cells.currency === '' || cells.currency.toUpperCase() === currency
      ? []
      : [`currency: must be ${currency}, the platform's currency`]),
  ];
  const { account } = cells;
  const given = isPaidAtGiven ? paidOn : undefined;
  return {
    paid: { line, kind: kind ?? 'invoice', account, period: period ?? '', amount, paidOn: given, status },
    faults,
  };
}

const PERIODS = {
  invoice: 'the week, as 2026-W10, or its Monday, as 2026-03-02',
  payout: 'the payday, the 1st or the 16th of a month, as 2026-04-01',
  standing: 'the day of the change, as 2026-03-12',
} as const;

/** Null where it is none of that kind. */
function periodOf(kind: Kind, text: string, calendar: Calendar): string | null {
  if (kind === 'payout') return isCycleDate(text) ? text : null;
  if (kind === 'standing') return dayIn(text, calendar) ?? null;
  if (/^\d{4}-W\d{2}$/.test(text)) return isWeek(text, calendar) ? text : null;
  const start = calendar.instantOf(text);
  if (start === null || text.length !== DAY_LENGTH) return null;
  const week = calendar.weekOf(start);
  return daysOfWeek(week)[0] === text ? week : null;
}

const DAY_LENGTH = 'YYYY-MM-DD'.length;

/** Not every year has a week 53, and none a week 60. */
function isWeek(text: string, calendar: Calendar): boolean {
  return calendar.weekOf(calendar.weekPeriod(text).start) === text;
}

/** Null for what is no amount; what was credited is below zero. */
function amountOf(text: string, currency: string): MinorUnits | null {
  const isNegative = text.startsWith('-');
  const amount = parseMoney(isNegative ? text.slice(1) : text, currency);
  return amount === null || !isNegative ? amount : 0 - amount;
}

/** The day of the platform's zone that a day or an instant names; undefined for neither. */
function dayIn(text: string, calendar: Calendar): string | undefined {
  if (text.length === DAY_LENGTH && calendar.instantOf(text) !== null) return text;
  const parsed = instantSchema.safeParse(text);
  return parsed.success ? calendar.dayOf(parsed.data) : undefined;
}
