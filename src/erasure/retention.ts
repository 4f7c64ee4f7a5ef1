import type { Audit } from '../audit/audit.ts';
import type { JobResult } from '../kernel/activity.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Keyring } from '../privacy/keyring.ts';

const DAY_MS = 86_400_000;

export type Retention = ReturnType<typeof createRetention>;

/**
 * Bodies of events older than so many days cannot be read any more: the secret of the day when they came in is deleted
 * (docs/configuration.md, `RETENTION_DAYS`). A day of which an event can still have an effect keeps its secret until then.
 */
export function createRetention(deps: {
  keyring: Pick<Keyring, 'days' | 'shredDay'>;
  isPending: (day: string) => Promise<boolean>;
  audit: Pick<Audit, 'record'>;
  clock: Clock;
  /** Undefined: they are kept for good. */
  retentionDays: number | undefined;
}) {
  const { keyring, isPending, clock, retentionDays } = deps;

  /** When the next day's time is over, or null. */
  async function nextDue(): Promise<Date | null> {
    if (retentionDays === undefined) return null;
    const now = clock.now();
    for (const day of await keyring.days(dayOf(now))) {
      const endsAt = endOf(day, retentionDays);
      if (endsAt > now || !(await isPending(day))) return endsAt;
    }
    return null;
  }

  async function run(at: Date): Promise<JobResult> {
    if (retentionDays === undefined) return {};
    let count = 0;
    for (const day of await keyring.days(dayOf(at))) {
      if (endOf(day, retentionDays) > at || (await isPending(day))) continue;
      await deps.audit.record({
        ...{ key: retentionKey(day), actor: 'service', action: 'day.erase', subject: `day:${day}`, at },
      });
      await keyring.shredDay(day);
      count += 1;
    }
    return { count };
  }

  return { nextDue, run };
}

/** What the audit trail has it under that the time of a day is over. */
export function retentionKey(day: string): string {
  return `retention:${day}`;
}

/** So many whole days after the day itself is over. */
function endOf(day: string, retentionDays: number): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + (retentionDays + 1) * DAY_MS);
}

function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 'YYYY-MM-DD'.length);
}
