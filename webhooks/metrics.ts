import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

import type { Inbox } from '../src/events/inbox.ts';
import type { Outgoing } from '../src/outgoing/outgoing.ts';

/** The metrics of one process, with inbox and outgoing webhooks as the database has them at the moment of the scrape. */
export function createMetrics(core: { inbox: Pick<Inbox, 'counts'>; outgoing: Pick<Outgoing, 'counts'> }): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'settlebot_events',
    help: 'Events that are not done with, by state',
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      for (const [status, count] of Object.entries(await core.inbox.counts())) this.set({ status }, count);
    },
  });
  new Gauge({
    name: 'settlebot_webhooks_out',
    help: 'Webhooks to the platform that are not delivered, by state',
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      for (const [status, count] of Object.entries(await core.outgoing.counts())) this.set({ status }, count);
    },
  });
  return registry;
}
