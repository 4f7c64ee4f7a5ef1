import { travel } from '../../jobs/clockStand.ts';
import { createSchedule } from '../../jobs/schedule.ts';
import { ticksOf } from '../../jobs/ticks.ts';
import { readConfig } from '../../src/config.ts';
import { type Core, createCore } from '../../src/core.ts';
import { buildIndexes } from '../../src/database/indexes.ts';
import { createServiceClock } from '../../src/kernel/clock.ts';
import { awaitAll } from '../../src/kernel/wait.ts';
import { type Policy, policySchema } from '../../src/policy.ts';
import { testDatabase } from '../support/database.ts';

export type TestEvent = { id: string; type: string; timestamp: string; data: Record<string, unknown> };

export type World = Awaited<ReturnType<typeof createWorld>>;

/** The parts of the policy that a test wants otherwise. */
export type PolicyChanges = { [K in keyof Policy]?: Partial<Policy[K]> };

/**
 * The business over a database of its own, without a way in: events go straight into the inbox, and time goes only
 * where the test takes it. `processes` are as many services as asked for, over the one database.
 */
export async function createWorld(
  options: {
    zone?: string;
    policy?: PolicyChanges;
    processes?: number;
    environment?: Record<string, string>;
    eventsPerBatch?: number;
  } = {},
) {
  const database = await testDatabase();
  const clock = createServiceClock();
  const errors: unknown[] = [];
  let zone = options.zone ?? 'UTC';
  let policy = options.policy;
  let processes = boot();
  await buildIndexes(database.connection);

  function boot(): Core[] {
    return Array.from({ length: options.processes ?? 1 }, () =>
      createCore({
        database,
        config: configOf(zone, policy, options.environment),
        clock,
        eventsPerBatch: options.eventsPerBatch,
        onError: (error) => errors.push(error),
      }),
    );
  }

  function core(): Core {
    const [first] = processes;
    if (first === undefined) throw new Error('a world has at least one process');
    return first;
  }

  /** Puts events into the inbox at the clock's instant. */
  async function receive(...events: TestEvent[]) {
    return Promise.all(
      events.map(({ id, type, timestamp, data }, index) =>
        (processes[index % processes.length] ?? core()).inbox.receive({
          id,
          type,
          timestamp: new Date(timestamp),
          body: JSON.stringify({ type, timestamp, data }),
          known: true,
        }),
      ),
    );
  }

  /** All processes work off the inbox; nothing goes on behind the back of the next step, also when one fails. */
  async function drain(): Promise<void> {
    await awaitAll(processes.map(({ inboxWorker }) => inboxWorker.drain()));
  }

  /** Takes the service there, with every tick that falls between at its own instant, as the test clock does. */
  async function travelTo(at: Date | string) {
    const from = clock.now();
    const schedule = createSchedule(ticksOf(core()));
    await drain();
    const ran = await travel(
      { core: { inboxWorker: { ...core().inboxWorker, drain } }, clock, schedule },
      from,
      new Date(at),
    );
    await drain();
    return ran;
  }

  /** Starts anew, as after a kill: nothing in memory is left, and leases of the dead have expired. */
  async function restart(changed = policy): Promise<void> {
    policy = changed;
    processes = boot();
    await collection('leases').deleteMany({});
  }

  function collection(name: string) {
    return database.connection.collection<{ _id: string }>(name);
  }

  /** An empty database, and the clock at an instant. */
  async function reset(at: Date | string, inZone = zone): Promise<void> {
    zone = inZone;
    await database.clear();
    errors.length = 0;
    clock.pin(new Date(at));
    processes = boot();
  }

  return {
    database,
    clock,
    errors,
    get core(): Core {
      return core();
    },
    get processes(): Core[] {
      return processes;
    },
    pin: (at: Date | string) => clock.pin(new Date(at)),
    receive,
    drain,
    travelTo,
    restart,
    reset,
    collection,
    /** Everything received is applied. */
    send: async (...events: TestEvent[]): Promise<void> => {
      await receive(...events);
      await drain();
    },
    close: database.close,
  };
}

/** Nothing is sent from here: what the platform would be told stays in the outbox. */
export const PLATFORM = {
  PLATFORM_WEBHOOK_URL: 'http://127.0.0.1:9',
  PLATFORM_WEBHOOK_SECRET: `whsec_${'A'.repeat(32)}`,
};

function configOf(zone: string, changes: PolicyChanges = {}, environment: Record<string, string> = {}) {
  const result = readConfig({ PLATFORM_TIME_ZONE: zone, ...environment });
  if ('errors' in result) throw new Error(result.errors.join('\n'));
  return { ...result.config, policy: policySchema.parse(changes) };
}

/** Events as the platform tells them; ids follow from what they tell, unless given. */
export const tell = {
  account: (
    accountId: string,
    role: string,
    more: Record<string, unknown> & { id?: string; at?: string } = {},
  ): TestEvent => {
    const { id = `account-${accountId}`, at = '2026-01-01T00:00:00Z', ...rest } = more;
    return { id, type: 'account.updated', timestamp: at, data: { accountId, role, name: accountId, ...rest } };
  },
  campaign: (
    campaignId: string,
    modelId: string,
    contractorId: string,
    rateBps: number,
    { id = `campaign-${campaignId}`, at = '2026-01-01T00:00:00Z' } = {},
  ): TestEvent => ({
    id,
    type: 'campaign.updated',
    timestamp: at,
    data: { campaignId, kind: 'revshare', modelId, contractorId, rateBps, status: 'active' },
  }),
  payment: (
    paymentId: string,
    amount: number,
    paidAt: string,
    { id = `payment-${paymentId}`, kind = 'tip', ...of }: Record<string, unknown> & { id?: string; kind?: string },
  ): TestEvent => ({
    id,
    type: 'payment.succeeded',
    timestamp: paidAt,
    data: { paymentId, fanId: 'fan', kind, amount, paidAt, ...of },
  }),
  refund: (
    refundId: string,
    paymentId: string,
    amount: number,
    refundedAt: string,
    { id = `refund-${refundId}` } = {},
  ): TestEvent => ({
    id,
    type: 'payment.refunded',
    timestamp: refundedAt,
    data: { refundId, paymentId, amount, refundedAt },
  }),
  topUp: (topUpId: string, accountId: string, amount: number, { id = `topup-${topUpId}` } = {}): TestEvent => ({
    id,
    type: 'balance.topped_up',
    timestamp: '2026-01-01T00:00:00Z',
    data: { topUpId, accountId, amount, toppedUpAt: '2026-01-01T00:00:00Z' },
  }),
  subscription: (subscriptionId: string, more: Record<string, unknown> = {}): TestEvent => ({
    id: `subscription-${subscriptionId}`,
    type: 'subscription.started',
    timestamp: '2026-01-01T00:00:00Z',
    data: { subscriptionId, fanId: 'fan', startedAt: '2026-01-01T00:00:00Z', ...more },
  }),
  order: (
    orderId: string,
    more: Record<string, unknown> & { placedAt: string; id?: string } = { placedAt: '2026-03-02T00:00:00Z' },
  ): TestEvent => {
    const { id = `order-${orderId}`, ...terms } = more;
    const offered = { modelId: 'M', marketerId: 'c', offerId: 'offer', quantity: 10, pricePerFan: 100, prepaid: false };
    return { id, type: 'order.placed', timestamp: more.placedAt, data: { orderId, ...offered, ...terms } };
  },
  orderCancelled: (orderId: string, cancelledAt: string, { id = `cancelled-${orderId}` } = {}): TestEvent => ({
    id,
    type: 'order.cancelled',
    timestamp: cancelledAt,
    data: { orderId, cancelledAt },
  }),
  violation: (orderId: string, violatedAt: string, { id = `violated-${orderId}` } = {}): TestEvent => ({
    id,
    type: 'order.guarantee_violated',
    timestamp: violatedAt,
    data: { orderId, reason: 'bots', violatedAt },
  }),
  /** A fan who came through an order's campaign; each its own person unless told. */
  fan: (subscriptionId: string, orderId: string, startedAt: string, more: Record<string, unknown> = {}): TestEvent => ({
    id: `subscription-${subscriptionId}`,
    type: 'subscription.started',
    timestamp: startedAt,
    data: { subscriptionId, fanId: `fan-${subscriptionId}`, startedAt, campaignId: `cpl-${orderId}`, ...more },
  }),
};
