import { Temporal } from 'temporal-polyfill';

import type { Accounts } from '../../accounts/accounts.ts';
import type { Policy } from '../../policy.ts';

/** Hours of a day in which only urgent messages arrive, as wall-clock times of the person's zone: `22:00`, `08:00`. */
type QuietHours = { from: string; until: string };

/**
 * When quiet hours that hold at `now` end in a zone, or null when they do not hold. `from` equal to `until` means none.
 * The end is the wall-clock time, so it keeps its hour across a change of daylight saving.
 */
function quietEnd(now: Date, timeZone: string, { from, until }: QuietHours): Date | null {
  const local = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone);
  const [begin, end] = [Temporal.PlainTime.from(from), Temporal.PlainTime.from(until)];
  const isBefore = (time: Temporal.PlainTime) => Temporal.PlainTime.compare(local.toPlainTime(), time) < 0;
  const order = Temporal.PlainTime.compare(begin, end);
  if (order === 0) return null;
  const acrossMidnight = order > 0;
  const inMorning = isBefore(end);
  const holds = acrossMidnight ? inMorning || !isBefore(begin) : inMorning && !isBefore(begin);
  if (!holds) return null;
  const day = inMorning ? local.toPlainDate() : local.toPlainDate().add({ days: 1 });
  return new Date(day.toZonedDateTime({ timeZone, plainTime: end }).epochMilliseconds);
}

/**
 * The end of quiet hours of each of these people at an instant, by their own zone and hours, else the platform's (rules
 * 3).
 */
export function createQuiet(deps: {
  accounts: Pick<Accounts, 'getMany' | 'settingsOf'>;
  policy: Policy['notices'];
  timeZone: string;
}) {
  return async (accountIds: string[], now: Date): Promise<Map<string, Date>> => {
    const [accounts, settings] = await Promise.all([
      deps.accounts.getMany(accountIds),
      deps.accounts.settingsOf(accountIds),
    ]);
    const ends = new Map<string, Date>();
    for (const [accountId, { timeZone = deps.timeZone }] of accounts) {
      const hours = settings.get(accountId)?.quiet ?? { from: deps.policy.quietFrom, until: deps.policy.quietUntil };
      const end = quietEnd(now, timeZone, hours);
      if (end !== null) ends.set(accountId, end);
    }
    return ends;
  };
}
