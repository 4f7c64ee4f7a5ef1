import type { Calendar, Period } from '../../kernel/calendar.ts';
import type { CycleDate } from '../store.ts';

export type { CycleDate } from '../store.ts';

export type PayoutCalendar = ReturnType<typeof createPayoutCalendar>;

/**
 * The two paydays of a month in the platform's zone (rules 6.1): the 1st for approvals in `[9th, 24th)` of the month
 * before, the 16th for approvals in `[24th of the month before, 9th)`, each at 00:00. All answers are instants or days.
 */
export function createPayoutCalendar(calendar: Pick<Calendar, 'dayOf' | 'startOf'>) {
  const byDay = new Map<number, { cycle: CycleDate; period: Period }>();

  /** The cycle whose approvals include an instant. Remembers per UTC day, because every charge asks. */
  function cycleOf(approvedAt: Date): CycleDate {
    const day = Math.floor(approvedAt.getTime() / DAY_MS);
    const known = byDay.get(day);
    if (known !== undefined && known.period.start <= approvedAt && approvedAt < known.period.end) return known.cycle;
    const cycle = cycleOfDay(calendar.dayOf(approvedAt));
    if (byDay.size > 10_000) byDay.clear();
    byDay.set(day, { cycle, period: periodOf(cycle) });
    return cycle;
  }

  /** The approvals that a cycle takes, `[start, end)`. */
  function periodOf(cycle: CycleDate): Period {
    const { year, month, day } = partsOf(cycle);
    const before = monthBefore(year, month);
    return day === 1
      ? { start: calendar.startOf(dayText(before, CUTOFF_16)), end: calendar.startOf(dayText(before, CUTOFF_1)) }
      : {
          start: calendar.startOf(dayText(before, CUTOFF_1)),
          end: calendar.startOf(dayText({ year, month }, CUTOFF_16)),
        };
  }

  /** When a cycle's payouts are generated: its payday at 00:00. */
  function paydayOf(cycle: CycleDate): Date {
    return calendar.startOf(cycle);
  }

  /** The first cycle whose payday is at `at` or later. */
  function cycleFrom(at: Date): CycleDate {
    const today = calendar.dayOf(at);
    const { year, month, day } = partsOf(today);
    const first = dayText({ year, month }, day <= 1 ? 1 : 16);
    const candidate = day > 16 ? nextCycle(dayText({ year, month }, 16)) : first;
    return paydayOf(candidate) >= at ? candidate : nextCycle(candidate);
  }

  /** The last cycle whose payday is before `at`. */
  function cycleBefore(at: Date): CycleDate {
    return previousCycle(cycleFrom(at));
  }

  return { cycleOf, periodOf, paydayOf, cycleFrom, cycleBefore };
}

/** The cycle after. */
export function nextCycle(cycle: CycleDate): CycleDate {
  const { year, month, day } = partsOf(cycle);
  return day === 1 ? dayText({ year, month }, 16) : dayText(monthAfter(year, month), 1);
}

/** Whether a text names a cycle: the 1st or the 16th of a month. */
export function isCycleDate(text: string): boolean {
  return /^(19[7-9]\d|[2-9]\d{3})-(0[1-9]|1[0-2])-(01|16)$/.test(text);
}

const DAY_MS = 86_400_000;
/** Approvals from this day on are paid on the 1st of the next month. */
const CUTOFF_16 = 9;
/** Approvals from this day on are paid on the 16th of the next month. */
const CUTOFF_1 = 24;

type Month = { year: number; month: number };

function cycleOfDay(text: string): CycleDate {
  const { year, month, day } = partsOf(text);
  if (day < CUTOFF_16) return dayText({ year, month }, 16);
  return dayText(monthAfter(year, month), day < CUTOFF_1 ? 1 : 16);
}

function previousCycle(cycle: CycleDate): CycleDate {
  const { year, month, day } = partsOf(cycle);
  return day === 16 ? dayText({ year, month }, 1) : dayText(monthBefore(year, month), 16);
}

function partsOf(text: string): Month & { day: number } {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return { year, month, day };
}

function monthBefore(year: number, month: number): Month {
  return month === 1 ? { year: year - 1, month: 12 } : { year, month: month - 1 };
}

function monthAfter(year: number, month: number): Month {
  return month === 12 ? { year: year + 1, month: 1 } : { year, month: month + 1 };
}

function dayText({ year, month }: Month, day: number): string {
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
