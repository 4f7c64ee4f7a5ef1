import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

import type { Inbox } from '../src/events/inbox.ts';

/** The metrics of one process, with the inbox as the database has it at the moment of the scrape. */
export function createMetrics(inbox: Pick<Inbox, 'counts'>): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'settlebot_events',
    help: 'Events that are not done with, by state',
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      for (const [status, count] of Object.entries(await inbox.counts())) this.set({ status }, count);
    },
  });
  return registry;
}
