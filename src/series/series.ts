import type { Leases } from '../database/lease.ts';
import type { Calendar } from '../kernel/calendar.ts';
import { createDrawing } from './drawing.ts';
import { createPeriods } from './periods.ts';
import { createReading } from './reading.ts';
import { createSources, type SourceDeps } from './sources.ts';
import type { SeriesStore } from './store.ts';
import { createSeriesVerification } from './verification.ts';

export type SeriesSlice = ReturnType<typeof createSeries>;

/**
 * The series behind the charts: figures of weeks, days and payout cycles. A point of a period that is over is kept, so that what is
 * shown costs the same however many facts there are. Nothing is decided by them, and all of them can be deleted and drawn again.
 */
export function createSeries(
  deps: Omit<SourceDeps, 'paydayOf'> & {
    store: SeriesStore;
    leases: Pick<Leases, 'keep'>;
    calendar: Calendar;
    paydays: Parameters<typeof createPeriods>[1];
  },
) {
  const { store, calendar, paydays } = deps;
  const sources = createSources({ ...deps, paydayOf: paydays.paydayOf });
  const periods = createPeriods(calendar, paydays);
  const drawing = createDrawing({ ...{ store, sources, periods }, leases: deps.leases, dayOf: calendar.dayOf });
  const reading = createReading({ store, sources, periods, startOf: calendar.startOf, isHeavy: drawing.isHeavy });
  return {
    get: reading.get,
    drawDue: drawing.drawDue,
    verification: createSeriesVerification({ store, sources, periods }),
  };
}
