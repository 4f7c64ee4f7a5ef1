import { Temporal } from 'temporal-polyfill';

import type { Settings } from '../accounts/settings.ts';
import type { Cadence } from '../accounts/topics.ts';
import { isoDayOf, zoned } from '../kernel/calendar.ts';
import type { Policy } from '../policy.ts';

/** When a person wants what: by their own zone and hours, else the platform's (rules 3). */
export type PersonalTimes = { timeZone: string; settings: Pick<Settings, 'quiet'> };

type NoticePolicy = Policy['notices'];

/**
 * When quiet hours that hold at `now` end for a person, or null when they do not hold. `from` equal to `until` means none.
 * The end is the wall-clock time, so it keeps its hour across a change of daylight saving.
 */
export function quietEnd(now: Date, { timeZone, settings }: PersonalTimes, policy: NoticePolicy): Date | null {
  const { from, until } = settings.quiet ?? { from: policy.quietFrom, until: policy.quietUntil };
  // Of many who are told at once most have the same hours.
  const key = `${now.getTime()} ${timeZone} ${from} ${until}`;
  const known = knownEnds.get(key);
  if (known !== undefined) return known;
  const end = quietEndOf(now, { timeZone, from, until });
  if (knownEnds.size >= MOST_KNOWN) knownEnds.clear();
  knownEnds.set(key, end);
  return end;
}

const knownEnds = new Map<string, Date | null>();
const MOST_KNOWN = 1_000;

function quietEndOf(
  now: Date,
  { timeZone, from, until }: { timeZone: string; from: string; until: string },
): Date | null {
  const local = zoned(now, timeZone);
  const [begin, end] = [Temporal.PlainTime.from(from), Temporal.PlainTime.from(until)];
  const isBefore = (time: Temporal.PlainTime) => Temporal.PlainTime.compare(local.toPlainTime(), time) < 0;
  const order = Temporal.PlainTime.compare(begin, end);
  if (order === 0) return null;
  const acrossMidnight = order > 0;
  const inMorning = isBefore(end);
  const holds = acrossMidnight ? inMorning || !isBefore(begin) : inMorning && !isBefore(begin);
  if (!holds) return null;
  const day = inMorning ? local.toPlainDate() : local.toPlainDate().add({ days: 1 });
  return instantOf(day, end, timeZone);
}

const MONDAY = 1;

/**
 * When what was gathered until then is told: the next day, or the next Monday, at the hour of the policy, later than `now`;
 * within quiet hours when they end.
 */
export function digestInstant(
  now: Date,
  person: PersonalTimes,
  cadence: Extract<Cadence, 'daily' | 'weekly'>,
  policy: NoticePolicy,
): Date {
  const { timeZone } = person;
  const today = zoned(now, timeZone).toPlainDate();
  const hour = Temporal.PlainTime.from(policy.digestAt);
  const toMonday = cadence === 'weekly' ? (7 + MONDAY - today.dayOfWeek) % 7 : 0;
  const step = cadence === 'weekly' ? 7 : 1;
  const first = instantOf(today.add({ days: toMonday }), hour, timeZone);
  const at = first > now ? first : instantOf(today.add({ days: toMonday + step }), hour, timeZone);
  return quietEnd(at, person, policy) ?? at;
}

/** The calendar day that an instant lies in for a person; sorts as text in the order of time. */
export function personalDay(at: Date, { timeZone }: PersonalTimes): string {
  return isoDayOf(at, timeZone);
}

/** The instant of a wall-clock time on a day in a zone. */
export function instantOf(day: Temporal.PlainDate, plainTime: Temporal.PlainTime, timeZone: string): Date {
  return new Date(day.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds);
}
