import type { Config } from '../config.ts';
import { createServiceClock } from '../kernel/clock.ts';
import { type Business, withBusiness } from './business.ts';
import { say } from './output.ts';

/** Works off the inbox, then runs everything that is due until `at`, each at its own instant, and says what ran. */
export async function tick(config: Config, at: Date): Promise<number> {
  // In production the clock is the real one, and no database has to be asked.
  if (config.NODE_ENV === 'production') refuseFutureInProduction(at, createServiceClock().now());
  const ran = await withBusiness(config, 'writes', async (business) => {
    refuseFuture(config, business, at);
    const now = business.core.clock.now();
    const until = at < now ? at : now;
    // What was missed goes by arrival first; then all of the inbox, also what came in later than `at`.
    const missed = await business.travel(earlier(business.stood, until), until);
    const due = await business.travel(now, at);
    await business.core.invoicing.invoices.reconcile();
    await business.saveStand(config.TEST_CLOCK ? at : until);
    await business.core.seals.sealDue(until);
    return [...missed, ...due];
  });
  for (const { job, at: ranAt } of ran) say(`${job} ${readable(ranAt)}`);
  if (ran.length === 0) say(`nothing was due until ${readable(at)}`);
  return 0;
}

/** Money would be dated in the future: fine for a rehearsal alone, not where a service goes by the present. */
function refuseFuture(config: Config, { core, kind }: Business, at: Date): void {
  const now = core.clock.now();
  if (at <= now || kind !== 'shared') return;
  throw new Error(`${laterThan(at, now)}, and a service is running on this database: ${otherWay(config)}`);
}

function refuseFutureInProduction(at: Date, now: Date): void {
  if (at > now) throw new Error(`${laterThan(at, now)}; in production only the past can be run`);
}

function laterThan(at: Date, now: Date): string {
  return `${readable(at)} is later than the service's clock, ${readable(now)}`;
}

function otherWay(config: Config): string {
  return config.TEST_CLOCK ? 'move its clock by POST /test/clock' : 'stop it first';
}

function earlier(stood: Date | null, until: Date): Date {
  return stood !== null && stood < until ? stood : until;
}

/** `2026-03-09T06:00:00Z`, as one types it. */
function readable(at: Date): string {
  return at.toISOString().replace('.000Z', 'Z');
}
