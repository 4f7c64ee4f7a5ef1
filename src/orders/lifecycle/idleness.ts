import type { Calendar } from '../../kernel/calendar.ts';

/** How many days before an idle order is stopped both sides are warned (rules 4.10): 20 and 27 of 30 days. */
const WARNINGS_BEFORE = [10, 3];

/** Something that time does to an order for which no fan counts: a warning, or at last its end. `daysLeft` until then. */
export type IdleStep = { at: Date; step: 'warn' | 'stop'; daysLeft: number };

/**
 * What is due for an order while no fan counts since `since`, in order; the stop comes last. Nothing where the policy never
 * stops one. Days are calendar days at the same wall-clock time.
 */
export function idleSteps(since: Date, idleDays: number, calendar: Pick<Calendar, 'addDays'>): IdleStep[] {
  if (idleDays === 0) return [];
  const stepAt = (daysLeft: number) => calendar.addDays(since, idleDays - daysLeft);
  return [
    ...WARNINGS_BEFORE.filter((daysLeft) => daysLeft < idleDays).map((daysLeft) => ({
      ...{ at: stepAt(daysLeft), step: 'warn' as const, daysLeft },
    })),
    { at: stepAt(0), step: 'stop', daysLeft: 0 },
  ];
}

/**
 * Which of the steps is to be taken at `now`: of several missed ones only the last, and none that was due before `from`,
 * from when on this was watched for. `next` is when there is something to look at again; null after the stop.
 */
export function dueIdleStep(steps: IdleStep[], from: Date, now: Date): { step: IdleStep | null; next: Date | null } {
  const step = steps.findLast(({ at }) => from <= at && at <= now) ?? null;
  const next = step?.step === 'stop' ? null : (steps.find(({ at }) => at > now)?.at ?? null);
  return { step, next };
}
