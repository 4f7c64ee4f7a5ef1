import type { Policy } from '../policy.ts';

const DAY_MS = 86_400_000;

/** When a trial ends: as the platform says, or so many times 24 hours after the start (rules 5.1). */
export function trialEnd(
  { startedAt, trialEndsAt }: { startedAt: Date; trialEndsAt?: Date | undefined },
  { trialDays }: Pick<Policy['commissions'], 'trialDays'>,
): Date {
  return trialEndsAt ?? new Date(startedAt.getTime() + trialDays * DAY_MS);
}
