import { Temporal } from 'temporal-polyfill';

/** An ISO week, `2026-W47`: Monday to Sunday in the platform's zone. Sorts as text in the order of time. */
export type WeekId = string;

/** A calendar month, `2026-11`. Sorts as text in the order of time. */
export type MonthId = string;

/** A half-open period: `start` is in it, `end` is not. */
export type Period = { start: Date; end: Date };

/** A wall-clock time of a day, `06:00`. */
export type WallTime = { hour: number; minute: number };

export type Calendar = ReturnType<typeof createCalendar>;

/**
 * The platform's calendar in one IANA zone. All its answers are instants; days, weeks and months are calendar ones, so
 * "3 days later" keeps the wall-clock time across a change of daylight saving. A wall time that does not exist is moved
 * later, one that exists twice is the earlier. Throws RangeError for an unknown zone.
 */
export function createCalendar(zone: string) {
  Temporal.Now.zonedDateTimeISO(zone);
  const daysLater = new Map<string, number>();
  const weeksByDay = new Map<number, { week: WeekId; start: number; end: number }>();

  /** The week that an instant lies in. Remembers per UTC day, because the hot path asks for every payment. */
  function weekOf(at: Date): WeekId {
    const day = Math.floor(at.getTime() / DAY_MS);
    const known = weeksByDay.get(day);
    if (known !== undefined && known.start <= at.getTime() && at.getTime() < known.end) return known.week;
    const week = weekIdOf(zoned(at, zone).toPlainDate());
    const { start, end } = weekPeriod(week);
    if (weeksByDay.size > 10_000) weeksByDay.clear();
    weeksByDay.set(day, { week, start: start.getTime(), end: end.getTime() });
    return week;
  }

  /** `[Monday 00:00, Monday 00:00)` of a week (rules 1.2). */
  function weekPeriod(week: WeekId): Period {
    const monday = mondayOf(week);
    return { start: atWallTime(monday, MIDNIGHT), end: atWallTime(monday.add({ days: 7 }), MIDNIGHT) };
  }

  /** The week after. */
  function nextWeek(week: WeekId): WeekId {
    return weekIdOf(mondayOf(week).add({ days: 7 }));
  }

  /** So many weeks, the oldest first: those before the week of an instant, and that one; and when they begin. */
  function weeksUntil(at: Date, count: number): { weeks: WeekId[]; start: Date } {
    const first = mondayOf(weekOf(at)).subtract({ days: 7 * (count - 1) });
    const weeks = Array.from({ length: count }, (_, index) => weekIdOf(first.add({ days: 7 * index })));
    return { weeks, start: atWallTime(first, MIDNIGHT) };
  }

  /** When the invoice of a week is issued: at `time` of the Monday that ends it (rules 1.2). */
  function issueInstant(week: WeekId, time: WallTime): Date {
    return atWallTime(mondayOf(week).add({ days: 7 }), time);
  }

  /** The last week whose invoices are issued at `now` or earlier. */
  function latestIssuedWeek(now: Date, time: WallTime): WeekId {
    const thisMonday = mondayOf(weekOf(now));
    const candidate = weekIdOf(thisMonday.subtract({ days: 7 }));
    return issueInstant(candidate, time) <= now ? candidate : weekIdOf(thisMonday.subtract({ days: 14 }));
  }

  /**
   * The same wall-clock time, so many calendar days later (or earlier when negative). Remembers, because a standing asks
   * for every late invoice, and those of all models are due at the same instants.
   */
  function addDays(at: Date, days: number): Date {
    const key = `${at.getTime()}+${days}`;
    const known = daysLater.get(key);
    if (known !== undefined) return new Date(known);
    const later = instant(zoned(at, zone).add({ days }));
    if (daysLater.size > 10_000) daysLater.clear();
    daysLater.set(key, later.getTime());
    return later;
  }

  /** The same wall-clock time, so many calendar months later; the 31st becomes the last day of a shorter month. */
  function addMonths(at: Date, months: number): Date {
    return instant(zoned(at, zone).add({ months }));
  }

  /** The calendar day that an instant lies in, `2026-11-23`. */
  function dayOf(at: Date): string {
    return isoDayOf(at, zone);
  }

  /** The calendar month that an instant lies in. */
  function monthOf(at: Date): MonthId {
    return dayOf(at).slice(0, '2026-11'.length);
  }

  /** From the beginning of a month to that of the next. Throws RangeError for a text that is none. */
  function monthPeriod(month: MonthId): Period {
    const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 });
    return { start: atWallTime(first, MIDNIGHT), end: atWallTime(first.add({ months: 1 }), MIDNIGHT) };
  }

  /** How many whole calendar days lie between two instants; negative when `to` is the earlier. */
  function daysBetween(from: Date, to: Date): number {
    return zoned(from, zone).until(zoned(to, zone), { largestUnit: 'day' }).days;
  }

  /** The instant of a local date, which begins it, or of a local date and time, `2026-12-01T10:30`; null for neither. */
  function instantOf(local: string): Date | null {
    if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?$/.test(local)) return null;
    try {
      return instant(Temporal.PlainDateTime.from(local, { overflow: 'reject' }).toZonedDateTime(zone));
    } catch {
      return null;
    }
  }

  /** The instant at which a local date begins, or of a local date and time. Throws RangeError for a text that is neither. */
  function startOf(local: string): Date {
    const at = instantOf(local);
    if (at === null) throw new RangeError(`${local} is no calendar day`);
    return at;
  }

  function atWallTime(date: Temporal.PlainDate, time: WallTime): Date {
    return instant(date.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) }));
  }

  return {
    zone,
    weekOf,
    weekPeriod,
    nextWeek,
    weeksUntil,
    issueInstant,
    latestIssuedWeek,
    addDays,
    addMonths,
    dayOf,
    monthOf,
    monthPeriod,
    daysBetween,
    instantOf,
    startOf,
  };
}

/** An instant as people read it, always with its zone (rules 0): `Thu 26 Nov 2026, 06:00 (Europe/Berlin)`. */
export function formatInstant(at: Date, zone: string): string {
  return `${withWeekday(zoned(at, zone))}, ${clockOf(at, zone)} (${zone})`;
}

/** The same where the zone is said elsewhere and room is scarce: `23 Nov 2026, 06:00`. */
export function formatShortInstant(at: Date, zone: string): string {
  return `${withoutWeekday(zoned(at, zone))}, ${clockOf(at, zone)}`;
}

/** A calendar day of a zone as people read it: `Mon 23 Nov 2026`. */
export function formatDay(at: Date, zone: string): string {
  return withWeekday(zoned(at, zone));
}

/** A day of the platform's as people read it: `1 Apr 2026`. No zone moves it. */
export function formatDate(day: string): string {
  return withoutWeekday(Temporal.PlainDate.from(day));
}

/** A week as people read it: `16–22 Nov 2026`, or `28 Dec 2026 – 3 Jan 2027`. */
export function formatWeek(week: WeekId): string {
  const first = mondayOf(week);
  const last = first.add({ days: 6 });
  if (first.year !== last.year) return `${withoutWeekday(first)} – ${withoutWeekday(last)}`;
  if (first.month !== last.month) return `${first.day} ${MONTHS[first.month - 1]} – ${withoutWeekday(last)}`;
  return `${first.day}–${withoutWeekday(last)}`;
}

/** The first and the last day of a week, `2026-11-16` and `2026-11-22`. */
export function daysOfWeek(week: WeekId): [first: string, last: string] {
  const first = mondayOf(week);
  return [first.toString(), first.add({ days: 6 }).toString()];
}

/**
 * Whether this is an IANA zone that the calendar can work in. An offset is none, and neither is an instant that names
 * one: both have no summer time, and Temporal would take them.
 */
export function isTimeZone(zone: string): boolean {
  if (!ZONE_NAME.test(zone)) return false;
  try {
    Temporal.Now.zonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

/** Whether a text names a month, as `2026-11`. */
export function isMonth(text: string): boolean {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
}

const ZONE_NAME = /^[A-Za-z][\w+-]*(\/[A-Za-z][\w+-]*)*$/;
const DAY_MS = 86_400_000;
const MIDNIGHT: WallTime = { hour: 0, minute: 0 };
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** The calendar day of a zone that an instant lies in, `2026-11-26`. */
export function isoDayOf(at: Date, zone: string): string {
  return zoned(at, zone).toPlainDate().toString();
}

/** The year that it is in a zone. */
export function yearAt(at: Date, zone: string): number {
  return zoned(at, zone).year;
}

/** An instant on the clocks of a zone. */
export function zoned(at: Date, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);
}

function instant(at: Temporal.ZonedDateTime): Date {
  return new Date(at.epochMilliseconds);
}

function weekIdOf(date: Temporal.PlainDate): WeekId {
  return `${date.yearOfWeek}-W${two(date.weekOfYear ?? 0)}`;
}

/** The Monday of an ISO week: the fourth of January always lies in week 1. */
function mondayOf(week: WeekId): Temporal.PlainDate {
  const [year, number] = week.split('-W');
  const fourth = Temporal.PlainDate.from({ year: Number(year), month: 1, day: 4 });
  return fourth.subtract({ days: fourth.dayOfWeek - 1 }).add({ days: 7 * (Number(number) - 1) });
}

function withWeekday(local: Temporal.ZonedDateTime): string {
  return `${DAYS[local.dayOfWeek - 1]} ${withoutWeekday(local)}`;
}

function withoutWeekday({ day, month, year }: { day: number; month: number; year: number }): string {
  return `${day} ${MONTHS[month - 1]} ${year}`;
}

function clockOf(at: Date, zone: string): string {
  const { hour, minute } = zoned(at, zone);
  return `${two(hour)}:${two(minute)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
