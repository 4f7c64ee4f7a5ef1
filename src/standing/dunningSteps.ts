import type { Calendar } from '../kernel/calendar.ts';
import type { Policy } from '../policy.ts';

/** Something that is due for an unpaid invoice because time passes: a reminder, or a refresh of the model's standing. */
export type DunningStep = { at: Date; step: 'before-due' | 'overdue' | 'reminder' | 'standing'; number: number };

const HOURS_BEFORE_DUE = 24;
const REMIND_AFTER_HOURS = 24;
const REMIND_EVERY_DAYS = 3;
/** All messages about one unpaid invoice, its issue among them (rules 3). */
const MESSAGES = 10;

/**
 * Everything that will be due for an invoice while it stays unpaid, in order: the reminders of rules 3, numbered as the
 * messages about it (its issue is number 1), and the instants at which rules 2 impose something.
 */
export function dunningSteps(
  invoice: { issuedAt: Date; dueAt: Date },
  { overdueDays, reviewOverdueDays }: Policy['sanctions'],
  calendar: Calendar,
): DunningStep[] {
  const { dueAt } = invoice;
  const firstAfter = hoursLater(dueAt, REMIND_AFTER_HOURS);
  const reminders: DunningStep[] = [
    { at: hoursLater(dueAt, -HOURS_BEFORE_DUE), step: 'before-due', number: 2 },
    { at: dueAt, step: 'overdue', number: 3 },
    ...Array.from({ length: MESSAGES - 3 }, (_, index) => ({
      at: calendar.addDays(firstAfter, REMIND_EVERY_DAYS * index),
      step: 'reminder' as const,
      number: 4 + index,
    })),
  ];
  const looks: DunningStep[] = [overdueDays, reviewOverdueDays].map((days) => ({
    at: calendar.addDays(dueAt, days),
    step: 'standing',
    number: days,
  }));
  return (
    [...reminders, ...looks]
      // What is due at its issue goes overdue then (rules 1.10); a reminder at that instant would say nothing new.
      .filter(({ at, step }) => (step === 'before-due' ? at > invoice.issuedAt : at >= invoice.issuedAt))
      .sort((a, b) => a.at.getTime() - b.at.getTime() || a.number - b.number)
  );
}

function hoursLater(at: Date, hours: number): Date {
  return new Date(at.getTime() + hours * 3_600_000);
}
