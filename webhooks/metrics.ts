import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

import type { Inbox } from '../src/inbox/inbox.ts';
import type { Activity, Report } from '../src/kernel/activity.ts';
import type { MinorUnits } from '../src/kernel/money.ts';
import { shareFor } from '../src/kernel/shared.ts';
import { withTimeout } from '../src/kernel/wait.ts';
import type { Outgoing } from '../src/outgoing/outgoing.ts';

/**
 * The metrics of one process: what it did, by `report`, and what the database has at the moment of the scrape. Labels are
 * words of the service's own, never ids: their number is bounded.
 */
export function createMetrics(sources: {
  inbox: Pick<Inbox, 'counts'>;
  outgoing: Pick<Outgoing, 'counts'>;
  /** In minor units of the platform currency. */
  money?: () => Promise<Record<'overdue' | 'escrow' | 'payable', MinorUnits>>;
  /** How each channel stands, `on` where it is served. */
  channels?: () => Record<string, string>;
  /** How long ago the last seal was made; null while there is none. */
  sealAgeSeconds?: () => Promise<number | null>;
  /** Whether the service is in shadow, and sends nothing out. */
  isShadow?: boolean;
  registry?: Registry;
  /** Real milliseconds. */
  now?: () => number;
  onError: (error: unknown) => void;
}): Registry {
  const { registry = new Registry(), now = () => performance.now(), inbox, outgoing, money, onError } = sources;
  const { channels, sealAgeSeconds, isShadow = false } = sources;
  collectDefaultMetrics({ register: registry });
  addCounts(registry, {
    name: 'settlebot_events',
    help: 'Events that are not done with, by state',
    label: 'status',
    count: inbox.counts,
    ...{ now, onError },
  });
  addCounts(registry, {
    name: 'settlebot_webhooks_out',
    help: 'Webhooks to the platform that are not delivered, by state',
    label: 'status',
    count: outgoing.counts,
    ...{ now, onError },
  });
  if (money !== undefined) {
    addCounts(registry, {
      name: 'settlebot_money_minor_units',
      help: 'Money that is unpaid past due, held in escrow, and due to payees in payouts',
      label: 'of',
      count: money,
      ...{ now, onError },
    });
  }
  new Gauge({
    name: 'settlebot_shadow',
    help: 'Whether the service is in shadow, so that it sends nothing out: 1, or 0',
    registers: [registry],
  }).set(Number(isShadow));
  if (channels !== undefined) {
    addCounts(registry, {
      name: 'settlebot_channel_up',
      help: 'Whether a chat channel is served: 1, or 0',
      label: 'channel',
      count: async () =>
        Object.fromEntries(Object.entries(channels()).map(([name, state]) => [name, Number(state === 'on')])),
      ...{ now, onError },
    });
  }
  if (sealAgeSeconds !== undefined) {
    addCounts(registry, {
      name: 'settlebot_seal_age_seconds',
      help: 'How long ago the last seal was made; none while there is no seal',
      label: 'of',
      count: async () => {
        const age = await sealAgeSeconds();
        return age === null ? {} : { last: age };
      },
      ...{ now, onError },
    });
  }
  return registry;
}

/** How far the database's clock is from ours. */
export function addClockMetric(registry: Registry, offsetMs: () => number): void {
  new Gauge({
    name: 'settlebot_database_clock_offset_seconds',
    help: 'How far the clock of the database is ahead of ours, at least, when it was last compared',
    registers: [registry],
    collect() {
      this.set(offsetMs() / 1_000);
    },
  });
}

/** Counts what the business does, in `registry`. */
export function createActivityMetrics(registry: Registry): Report {
  const registers = [registry];
  const jobs = new Histogram({
    name: 'settlebot_job_seconds',
    help: 'Ticks that ran, and how long each took',
    labelNames: ['job'],
    buckets: [0.01, 0.05, 0.25, 1, 5, 30, 120],
    registers,
  });
  const worked = new Counter({
    name: 'settlebot_job_items_total',
    help: 'What ticks worked on: invoices, payouts, commissions, orders',
    labelNames: ['job'],
    registers,
  });
  const applied = new Counter({ name: 'settlebot_events_worked_total', help: 'Events worked on', registers });
  const quarantined = new Counter({
    name: 'settlebot_events_quarantined_total',
    help: 'Events that went into quarantine, by type',
    labelNames: ['type'],
    registers,
  });
  const decisions = new Counter({
    name: 'settlebot_decisions_total',
    help: 'Acts in the audit trail, by action',
    labelNames: ['action'],
    registers,
  });
  const notices = new Histogram({
    name: 'settlebot_notice_seconds',
    help: 'Notices handed to a channel, by outcome, and how long after they were due',
    labelNames: ['channel', 'outcome'],
    buckets: [0.5, 1, 5, 30, 120, 600, 3_600],
    registers,
  });
  const webhooks = new Counter({
    name: 'settlebot_webhooks_sent_total',
    help: 'Tries to send a webhook to the platform, by outcome',
    labelNames: ['outcome'],
    registers,
  });
  const anchors = new Counter({
    name: 'settlebot_anchors_posted_total',
    help: 'Tries to post the last seal of a day to ANCHOR_URL, by outcome',
    labelNames: ['outcome'],
    registers,
  });
  const dropped = new Counter({
    name: 'settlebot_chat_dropped_total',
    help: 'What was sent to a bot and is not worked on, by channel and reason: flood, stranger, crowded',
    labelNames: ['channel', 'reason'],
    registers,
  });
  const wrongCodes = new Counter({
    name: 'settlebot_wrong_link_codes_total',
    help: 'Codes to link a chat with that are none',
    registers,
  });

  return (activity: Activity) => {
    switch (activity.kind) {
      case 'job':
        jobs.observe({ job: activity.job }, activity.ms / 1_000);
        return worked.inc({ job: activity.job }, activity.count ?? 0);
      case 'events-applied':
        return applied.inc(activity.count);
      case 'event-quarantined':
        return quarantined.inc({ type: activity.type });
      case 'decision':
        return decisions.inc({ action: activity.action });
      case 'notice':
        return notices.observe({ channel: activity.channel, outcome: activity.outcome }, activity.waitedMs / 1_000);
      case 'webhook-out':
        return webhooks.inc({ outcome: activity.outcome });
      case 'anchor-out':
        return anchors.inc({ outcome: activity.outcome });
      case 'day-sealed':
      case 'shadow-week':
        return undefined;
      case 'chat-dropped':
        return dropped.inc({ channel: activity.channel, reason: activity.reason });
      case 'wrong-code':
        return wrongCodes.inc();
    }
  };
}

type Counts = {
  name: string;
  help: string;
  label: string;
  count: () => Promise<Record<string, number>>;
  now: () => number;
  onError: (error: unknown) => void;
};

/** While the database is gone these are missing, and all other metrics are there. */
function addCounts(registry: Registry, { name, help, label, count, now, onError }: Counts): void {
  // One that is slow is waited for by the next scrapes, too, and not asked again.
  const countOnce = shareFor(COUNTED_AGAIN_MS, now, count);
  new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    async collect() {
      this.reset();
      const tooLate = `the database did not count within ${COUNT_MS} ms`;
      const counts = await withTimeout(COUNT_MS, countOnce(), tooLate).catch(onError);
      for (const [value, number] of Object.entries(counts ?? {})) this.set({ [label]: value }, number);
    },
  });
}

/** A silent database must not hold up the scrape for longer than it waits. */
const COUNT_MS = 2_000;
const COUNTED_AGAIN_MS = 1_000;
