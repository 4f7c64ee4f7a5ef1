import type { Calendar } from '../../kernel/calendar.ts';

/** How many days before an idle order is stopped both sides are warned (rules 4.10): 20 and 27 of 30 days. */
const WARNINGS_BEFORE = [10, 3];

/** Something that time does to an order for which no fan counts: a warning, or at last its end. `daysLeft` until then. */
export type IdleStep = { at: Date; step: 'warn' | 'stop'; daysLeft: number };

/** A warning: no fan has counted since `since`, when there were so many. `next` is when the step after it is due. */
export type IdleWarning = { delivered: number; since: Date; step: IdleStep; next: Date; stopsAt: Date };

/** Since when no fan has counted for a running order, and when it is stopped unless one does. */
export type IdleOutlook = { since: Date; stopsAt: Date };

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

/** How an order that has started, or has had a fan, is watched from then on; null where the policy never stops one. */
export function watchFrom(
  since: Date,
  days: number,
  calendar: Pick<Calendar, 'addDays'>,
): { days: number; since: Date; stepAt: Date } | null {
  const [first] = idleSteps(since, days, calendar);
  return first === undefined ? null : { days, since, stepAt: first.at };
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
