import type { Calendar, Period } from '../kernel/calendar.ts';
import { type Cell, csv, csvRows } from '../kernel/csv.ts';
import { decimalMoney } from '../kernel/money.ts';
import type { Entry } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/journal.ts';
import { type BookedEntry, createBeancount } from './beancount.ts';

export const EXPORT_FORMATS = ['csv', 'beancount'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Days of the platform's zone, the first one and the one after the last: `2026-11-01` and `2026-12-01`. */
export type Days = { from: string; to: string };

/** The period of these days; null where they are none, or no day lies between them. */
function periodOf({ from, to }: Days, calendar: Pick<Calendar, 'instantOf'>): Period | null {
  const [start, end] = [from, to].map((day) => (DAY.test(day) ? calendar.instantOf(day) : null));
  return start == null || end == null || end <= start ? null : { start, end };
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The entries that take effect on some days, as double entry, piece by piece: memory does not grow with their number. In
 * the order in which they take effect; of one instant by id.
 */
export function createLedgerExport(deps: {
  ledger: Pick<Ledger, 'effectiveWithin'>;
  calendar: Pick<Calendar, 'dayOf' | 'instantOf'>;
  currency: string;
}) {
  const { calendar, currency } = deps;

  function pieces(days: Days, period: Period, format: ExportFormat): AsyncGenerator<string, undefined> {
    return format === 'csv' ? csvPieces(period) : beancountPieces(days, period);
  }

  async function* csvPieces(period: Period): AsyncGenerator<string, undefined> {
    yield csv(COLUMNS, []);
    for await (const entries of deps.ledger.effectiveWithin(period)) {
      yield csvRows(entries.map(bookedEntry).flatMap((entry) => rowsOf(entry, currency)));
    }
  }

  async function* beancountPieces({ from, to }: Days, period: Period): AsyncGenerator<string, undefined> {
    const beancount = createBeancount({ currency, from, title: `Ledger from ${from} until ${to}` });
    yield beancount.head();
    for await (const entries of deps.ledger.effectiveWithin(period)) {
      yield entries.map((entry) => beancount.transaction(bookedEntry(entry))).join('');
    }
  }

  function bookedEntry({
    _id: entryId,
    effectiveAt,
    recordedAt,
    postings,
    reason,
    eventId,
    reverses,
  }: Entry): BookedEntry {
    const day = calendar.dayOf(effectiveAt);
    return { entryId, day, effectiveAt, recordedAt, postings, reason, eventId, reverses };
  }

  return { pieces, periodOf: (days: Days) => periodOf(days, calendar) };
}

/** A row for each posting: what an account gets is a credit, what is taken from it a debit. */
function rowsOf(entry: BookedEntry, currency: string): Cell[][] {
  const { entryId, day, effectiveAt, recordedAt, postings, reason = '', eventId = '', reverses = '' } = entry;
  return postings.map(({ account, amount }): Cell[] => [
    ...[day, entryId, account].map((text) => ({ text })),
    { number: amount < 0 ? decimalMoney(-amount, currency) : '' },
    { number: amount < 0 ? '' : decimalMoney(amount, currency) },
    ...[currency, reason, eventId, reverses, effectiveAt.toISOString(), recordedAt.toISOString()].map((text) => ({
      text,
    })),
  ]);
}

const COLUMNS = [
  ...['date', 'entryId', 'account', 'debit', 'credit', 'currency', 'reason', 'event', 'reverses'],
  ...['effectiveAt', 'recordedAt'],
];
