import { Temporal } from 'temporal-polyfill';

import { zoned } from '../kernel/calendar.ts';
import { instantOf } from '../notices/personalTimes.ts';

/** Who gets a digest by the calendar; the others hear of their orders as they go. */
const DIGEST_ROLES = ['manager', 'model', 'affiliate'] as const;
export type DigestRole = (typeof DIGEST_ROLES)[number];

/** A digest for everybody of a role in a time zone, at the same instant. */
export type Round = { role: DigestRole; timeZone: string };

/**
 * The days of the week, Monday is 1, on which somebody of a role is told: managers each morning, models the day before the
 * invoices are issued, affiliates when the week is over (rules 3).
 */
const DAYS: { [R in DigestRole]: readonly number[] } = {
  manager: [1, 2, 3, 4, 5, 6, 7],
  model: [7],
  affiliate: [1],
};

/** The first instant after `after` at which a round is due: `hour`, such as `09:00`, on the clocks of its zone. */
export function nextRound({ role, timeZone }: Round, after: Date, hour: string): Date {
  const plainTime = Temporal.PlainTime.from(hour);
  for (let day = zoned(after, timeZone).toPlainDate(); ; day = day.add({ days: 1 })) {
    const at = instantOf(day, plainTime, timeZone);
    if (at > after && DAYS[role].includes(day.dayOfWeek)) return at;
  }
}

export function isDigestRole(role: string): role is DigestRole {
  return DIGEST_ROLES.some((known) => known === role);
}
