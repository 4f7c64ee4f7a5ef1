import type { Calendar, WallTime } from '../../kernel/calendar.ts';
import type { Policy } from '../../policy.ts';
import { BadInput, createFaults } from './badInput.ts';
import type { Paid } from './paid.ts';
import type { Past } from './pastEvents.ts';

/**
 * The instant at which a play ends: `until`, or else when the last event has come in and everything that is compared is decided.
 * Throws BadInput for an end, or a row of the table, that is still to come.
 */
export function endOf({
  past,
  paid,
  calendar,
  policy,
  until,
  now,
}: {
  past: Pick<Past, 'events'>;
  paid: readonly Paid[];
  calendar: Calendar;
  policy: Policy;
  until: Date | undefined;
  now: Date;
}): Date {
  if (until !== undefined && until > now) throw new BadInput(['--until must not be later than the present']);
  const [hour = 0, minute = 0] = policy.invoicing.issueAt.split(':').map(Number);
  const latest = { at: until ?? now, name: until === undefined ? 'the present' : 'the end that --until names' };
  const faults = createFaults();
  let end = past.events.at(-1)?.at ?? 0;
  for (const one of paid) {
    const at = decidedAt(one, calendar, { hour, minute });
    // A payment, and a change of standing, is seen when its day is over.
    const seenAt = endOfDay(one.kind === 'standing' ? one.period : one.paidOn, calendar);
    const where = `line ${one.line} of the table of what was paid`;
    if (at > latest.at) faults.add(`${where}: ${one.period} is decided at ${at.toISOString()}, after ${latest.name}`);
    else if (one.kind === 'invoice' && one.paidOn != null && calendar.startOf(one.paidOn) > latest.at) {
      faults.add(`${where}: it was paid on ${one.paidOn}, after ${latest.name}`);
    }
    end = Math.max(end, at.getTime(), Math.min(latest.at.getTime(), seenAt));
  }
  faults.check();
  return until ?? new Date(end);
}

/** When the shadow has decided what a row is compared with. */
function decidedAt({ kind, period }: Paid, calendar: Calendar, issueTime: WallTime): Date {
  return kind === 'invoice' ? calendar.issueInstant(period, issueTime) : calendar.startOf(period);
}

function endOfDay(day: string | null | undefined, calendar: Calendar): number {
  return day == null ? 0 : calendar.addDays(calendar.startOf(day), 1).getTime();
}
