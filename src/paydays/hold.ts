import type { Hold } from '../affiliates/payouts/payout.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { Refused } from '../kernel/refusals.ts';
import type { StoredHold } from './store.ts';

/** What is held: one payout, or every payout of an account that is due, also those that are drawn up meanwhile. */
export type HoldSubject = { payoutId: string } | { accountId: string };

/** A hold may last a year at most: one by a slip of the pen would be forgotten. */
const LONGEST_HOLD_DAYS = 366;

/** A hold as others see it. */
export type HoldView = Hold & { accountId: string; payoutId: string | null; at: Date; releasedAt: Date | null };

export function viewOf({ subject, accountId, at, until, reason, actor, released }: StoredHold): HoldView {
  const payoutId = subject.startsWith(PAYOUT) ? subject.slice(PAYOUT.length) : null;
  return { accountId, payoutId, at, until, reason, by: actor, releasedAt: released?.at ?? null };
}

const PAYOUT = 'payout:';

/** A subject as the audit trail names it. */
export function subjectOf(subject: HoldSubject): string {
  return 'payoutId' in subject ? `payout:${subject.payoutId}` : `account:${subject.accountId}`;
}

/** Whether a hold holds at an instant: from when it was placed until its end, or until somebody released it. */
export function holdsAt({ at, until, released }: Pick<StoredHold, 'at' | 'until' | 'released'>, now: Date): boolean {
  return at <= now && now < until && (released === undefined || now < released.at);
}

/** Why a hold cannot be placed so; null when it can. */
export function refusedUntil(until: Date, now: Date, calendar: Pick<Calendar, 'addDays'>): Refused | null {
  if (until <= now) return { kind: 'refused', state: 'past', reason: 'hold_not_in_future' };
  if (until > calendar.addDays(now, LONGEST_HOLD_DAYS)) {
    return { kind: 'refused', state: 'too-far', reason: 'hold_too_long' };
  }
  return null;
}

/** Of the holds of one thing that hold at an instant, the one that ends last; of equal ones the first that was placed. */
export function longestAt(holds: readonly StoredHold[], now: Date): StoredHold | null {
  return holds
    .filter((hold) => holdsAt(hold, now))
    .reduce<StoredHold | null>(
      (longest, hold) => (longest === null || hold.until > longest.until ? hold : longest),
      null,
    );
}

/** What a payout says of the hold that keeps it. */
export function holdOf({ until, reason, actor }: Pick<StoredHold, 'until' | 'reason' | 'actor'>): Hold {
  return { until, reason, by: actor };
}

/** Only what is due can be held: a transfer that is under way, or has ended, is no longer in anybody's hands here. */
export function canBeHeld({ status }: { status: string }): boolean {
  return status === 'due';
}
