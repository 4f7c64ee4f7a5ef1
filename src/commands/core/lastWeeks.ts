import { createCalendar, type WeekId } from '../../kernel/calendar.ts';
import type { Request } from './command.ts';

/** How many weeks pictures look back. */
export const WEEKS = 12;

/** The platform's last weeks, named by the day on which each begins; the last one is not over yet. */
export function lastWeeks({ deps, speech, now }: Pick<Request, 'deps' | 'speech' | 'now'>): {
  weeks: WeekId[];
  labels: string[];
  start: Date;
} {
  const calendar = createCalendar(deps.platform.timeZone);
  const { weeks, start } = calendar.weeksUntil(now, WEEKS);
  return {
    ...{ weeks, start },
    labels: weeks.map((week) => speech.shortDate(calendar.dayOf(calendar.weekPeriod(week).start))),
  };
}

/** What came in in each of these weeks, nothing where nothing did. */
export function amountsIn(weeks: WeekId[], incomes: readonly { week: string; amount: number }[]): number[] {
  const known = new Map(incomes.map(({ week, amount }) => [week, amount]));
  return weeks.map((week) => known.get(week) ?? 0);
}
