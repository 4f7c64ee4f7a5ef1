import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

import type { Inbox } from '../src/inbox/inbox.ts';
import { withTimeout } from '../src/kernel/wait.ts';
import type { Outgoing } from '../src/outgoing/outgoing.ts';

/** The metrics of one process, with inbox and outgoing webhooks as the database has them at the moment of the scrape. */
export function createMetrics(core: {
  inbox: Pick<Inbox, 'counts'>;
  outgoing: Pick<Outgoing, 'counts'>;
  onError: (error: unknown) => void;
}): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  addCounts(registry, {
    name: 'settlebot_events',
    help: 'Events that are not done with, by state',
    count: core.inbox.counts,
    onError: core.onError,
  });
  addCounts(registry, {
    name: 'settlebot_webhooks_out',
    help: 'Webhooks to the platform that are not delivered, by state',
    count: core.outgoing.counts,
    onError: core.onError,
  });
  return registry;
}

/** While the database is gone these are missing, and all other metrics are there. */
function addCounts(
  registry: Registry,
  of: { name: string; help: string; count: () => Promise<Record<string, number>>; onError: (error: unknown) => void },
): void {
  new Gauge({
    name: of.name,
    help: of.help,
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      this.reset();
      const counts = await withTimeout(COUNT_MS, of.count(), `the database did not count within ${COUNT_MS} ms`).catch(
        of.onError,
      );
      for (const [status, count] of Object.entries(counts ?? {})) this.set({ status }, count);
    },
  });
}

/** A silent database must not hold up the scrape for longer than it waits. */
const COUNT_MS = 2_000;
