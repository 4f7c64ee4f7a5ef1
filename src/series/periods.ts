import type { Calendar, Period } from '../kernel/calendar.ts';

export const STEPS = ['week', 'day', 'cycle'] as const;
export type StepName = (typeof STEPS)[number];

/** What a point is of; `at` is the first day of it, in the platform's zone: a day, a Monday, or a payday. */
export type PointPeriod = Period & { at: string };

export type Periods = ReturnType<typeof createPeriods>;

type Paydays = {
  /** The last cycle whose payday is before an instant, the first whose payday is then or later, and when a payday begins. */
  cycleBefore(at: Date): string;
  cycleFrom(at: Date): string;
  paydayOf(cycle: string): Date;
};

/** Days, weeks and cycles one after the other, all half-open. */
export function createPeriods(
  calendar: Pick<Calendar, 'dayOf' | 'startOf' | 'addDays' | 'weekOf' | 'weekPeriod'>,
  paydays: Paydays,
) {
  /** The period that an instant lies in. */
  function at(step: StepName, instant: Date): PointPeriod {
    switch (step) {
      case 'day': {
        const day = calendar.dayOf(instant);
        const start = calendar.startOf(day);
        // A day that begins late, where midnight does not exist, is followed by one that does not.
        const end = calendar.startOf(calendar.dayOf(calendar.addDays(start, 1)));
        return { at: day, start, end };
      }
      case 'week': {
        const { start, end } = calendar.weekPeriod(calendar.weekOf(instant));
        return { at: calendar.dayOf(start), start, end };
      }
      case 'cycle': {
        const after = new Date(instant.getTime() + 1);
        const cycle = paydays.cycleBefore(after);
        return { at: cycle, start: paydays.paydayOf(cycle), end: paydays.paydayOf(paydays.cycleFrom(after)) };
      }
    }
  }

  /** The last `count` periods until the one that an instant lies in, the oldest first. */
  function last(step: StepName, until: Date, count: number): PointPeriod[] {
    const found: PointPeriod[] = [];
    for (let instant = until; found.length < count; ) {
      const period = at(step, instant);
      found.push(period);
      instant = new Date(period.start.getTime() - 1);
    }
    return found.reverse();
  }

  return { at, last };
}
