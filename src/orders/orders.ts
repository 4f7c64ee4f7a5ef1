import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit/audit.ts';
import type { Debts } from '../debts/debts.ts';
import type { Fact } from '../events/handler.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Notices } from '../notices/notices.ts';
import type { Outgoing } from '../outgoing/outgoing.ts';
import type { Policy } from '../policy.ts';
import type { Sales } from '../sales/sales.ts';
import type { CompletedOrder } from '../standing/standing.ts';
import type { DisplayContext } from '../texts/speech.ts';
import { createOrderAnnouncements } from './announcements.ts';
import { createClientRecords } from './clientRecords.ts';
import { createFanQualification } from './fans/fanQualification.ts';
import { createOrderAnswers } from './lifecycle/answers.ts';
import { createCompletion } from './lifecycle/completion.ts';
import { createDeadlines } from './lifecycle/deadlines.ts';
import { createFundedOrders } from './lifecycle/fundedOrders.ts';
import { createIdleOrders } from './lifecycle/idleOrders.ts';
import { createOrderBlockers, type Standings } from './lifecycle/orderBlockers.ts';
import { createPendingEffects } from './lifecycle/pendingEffects.ts';
import { createOrderPlacement } from './lifecycle/placement.ts';
import { createQueues } from './lifecycle/queues.ts';
import { createStops } from './lifecycle/stops.ts';
import { createTermination } from './lifecycle/termination.ts';
import { createOrderQueries } from './orderQueries.ts';
import { createOrderSeries } from './orderSeries.ts';
import type { By, StopOutcome } from './outcome.ts';
import { sealedAmounts, sealedFans, sealedOrders } from './sealed.ts';
import { createOrderAmounts } from './settlement/amounts.ts';
import type { OrderStore, StoredOrder } from './store.ts';
import { createOrderVerification } from './verification/verification.ts';

export type { MarketerQueue } from './orderQueries.ts';
export type Orders = ReturnType<typeof createOrders>;

const PLATFORM = 'platform';

/** The slice of CPL orders, put together: placed by clients, accepted, queued, delivered and settled (rules 4). */
export function createOrders(deps: {
  store: OrderStore;
  ledger: Ledger;
  accounts: Pick<Accounts, 'getMany' | 'namesOf'>;
  notices: Pick<Notices, 'enqueue' | 'drop'>;
  outgoing: Pick<Outgoing, 'emit' | 'enabled'>;
  audit: Pick<Audit, 'record'>;
  sales: Pick<Sales, 'subscriptionsOfFans' | 'subscriptions'>;
  debts: Pick<Debts, 'payAll'>;
  /** Clients' standing, from the slice that knows; orders count in it in turn. */
  standings: Standings;
  refreshStanding: (modelIds: string[], now: Date) => Promise<void>;
  /** The models of campaigns that are no order's, each at an instant. */
  campaignModels: (dated: { campaignId: string; at: Date }[]) => Promise<(string | null)[]>;
  /** These things exist now, as `campaign:…`: events that wait for them go on. */
  arrived: (keys: string[]) => Promise<void>;
  calendar: Pick<Calendar, 'addDays'>;
  policy: Policy['orders'];
  /** Template of a tracking link, with `{campaignId}` in it. */
  trackingLink: string;
  /** How programs are told of orders. */
  platform: DisplayContext;
}) {
  const { store, policy } = deps;
  const orderQueries = createOrderQueries(deps);
  const orderBlockers = createOrderBlockers({ ...deps, orderQueries });
  const clientRecords = createClientRecords(deps);
  const queues = createQueues(deps);
  const orderPlacement = createOrderPlacement({ store, orderBlockers, answerHours: policy.answerHours });
  const announcements = createOrderAnnouncements({ ...deps, orderQueries, clientRecords });
  const pendingEffects = createPendingEffects({ ...deps, queues, orderBlockers, orderPlacement, announcements });
  const fundedOrders = createFundedOrders({ ...deps, orderQueries, clientRecords });
  const orderAmounts = createOrderAmounts({ ...deps, announcements });
  const completion = createCompletion({ ...deps, orderQueries, orderAmounts, queues, pendingEffects });
  const stops = createStops({ ...deps, orderQueries, orderAmounts, completion, pendingEffects });
  const idleOrders = createIdleOrders({
    ...{ ...deps, idleDays: policy.idleDays },
    ...{ orderQueries, completion, stops, announcements },
  });
  const orderAnswers = createOrderAnswers({
    ...deps,
    ...{ queues, orderBlockers, orderQueries, pendingEffects },
    stopTerminated: (modelId, now) => termination.stopAll(modelId, now),
  });
  const termination = createTermination({ store, orderAnswers, stops, idleOrders });
  const fanQualification = createFanQualification({
    ...deps,
    ...{ orderQueries, queues, completion, idleOrders, pendingEffects },
  });

  /** Places orders; answers those whose id has other content already, by event id. */
  async function place(facts: Fact<'order.placed'>[], now: Date): Promise<Map<string, string>> {
    const refused = await orderPlacement.place(facts, now);
    await pendingEffects.process(facts.filter(({ eventId }) => !refused.has(eventId)).map(({ data }) => data.orderId));
    return refused;
  }

  /** Cancels orders; one that is not placed any more stays as it is (rules 4.9). */
  async function cancel(facts: Fact<'order.cancelled'>[]): Promise<void> {
    for (const { eventId, data, arrivedAt } of facts) {
      await orderAnswers.cancel(data.orderId, { reason: data.reason, eventId }, arrivedAt);
    }
  }

  /** Stops orders whose guarantee was violated; one that is not accepted, or is over, stays as it is (rules 4.9). */
  async function violate(facts: Fact<'order.guarantee_violated'>[], now: Date): Promise<void> {
    await idleOrders.settle(
      facts.map(({ data }) => data.orderId),
      now,
    );
    for (const { eventId, data } of facts) {
      const { orderId, reason } = data;
      await stops.stop(orderId, { cause: 'guarantee-violated', reason, actor: PLATFORM, eventId }, now);
    }
  }

  /** Stops an accepted order for a manager; refuses one that is not accepted, or is over. */
  async function stop(orderId: string, { actor, reason }: By & { reason: string }, now: Date): Promise<StopOutcome> {
    await idleOrders.settle([orderId], now);
    return stops.stop(orderId, { cause: 'stopped-by-manager', reason, actor }, now);
  }

  /** The capacity of these marketers may have changed: what can start now does (rules 4.4). */
  async function capacityChanged(marketerIds: string[], now: Date): Promise<void> {
    await pendingEffects.process(await queues.advance(marketerIds, now));
  }

  /** Which of these are orders' campaigns: they come into being with the acceptance. */
  async function existingCampaigns(ids: string[]): Promise<Set<string>> {
    const found = await store.orders.find({ campaignId: { $in: ids } }, { projection: { campaignId: 1 } }).toArray();
    return new Set(found.flatMap(({ campaignId }) => campaignId ?? []));
  }

  /** Whose these orders are: the model's and the marketer's. */
  async function partiesOf(ids: string[]): Promise<Map<string, string[]>> {
    const parties = { modelId: 1, marketerId: 1 } as const;
    const found = await store.orders.find({ _id: { $in: ids } }, { projection: parties }).toArray();
    return new Map(found.map(({ _id, modelId, marketerId }) => [_id, [modelId, marketerId]]));
  }

  async function existing(ids: string[]): Promise<Set<string>> {
    const found = await store.orders.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  /** The completed orders of models, as they bear on standing (rules 2.3, 2.4, 2.7). */
  async function completedOf(modelIds: string[]): Promise<Map<string, CompletedOrder[]>> {
    const found = await store.orders
      .find(
        { modelId: { $in: modelIds }, status: 'completed' },
        { projection: { modelId: 1, quantity: 1, endedAt: 1, placedAt: 1 } },
      )
      .toArray();
    const byModel = new Map<string, CompletedOrder[]>();
    for (const { _id: orderId, modelId, quantity, endedAt, placedAt } of found) {
      const mine = byModel.get(modelId) ?? [];
      mine.push({ orderId, quantity, completedAt: endedAt ?? placedAt });
      byModel.set(modelId, mine);
    }
    return byModel;
  }

  /** What is not settled with an account: orders that are not over, on either side, and amounts that it owes. */
  async function openOf(accountId: string): Promise<{ orders: number; owed: number }> {
    const isOpen = { status: { $in: ['placed', 'queued', 'running'] satisfies StoredOrder['status'][] } };
    const [asModel, asMarketer, owed] = await Promise.all([
      store.orders.countDocuments({ modelId: accountId, ...isOpen }),
      store.orders.countDocuments({ marketerId: accountId, ...isOpen }),
      store.amounts.countDocuments({ modelId: accountId, status: { $in: ['due', 'owed'] } }),
    ]);
    return { orders: asModel + asMarketer, owed };
  }

  /** Every order that an account placed or was placed with. */
  async function idsOf(accountId: string): Promise<string[]> {
    const ofAccount = { $or: [{ modelId: accountId }, { marketerId: accountId }] };
    return (await store.orders.find(ofAccount, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id);
  }

  /** Finishes what a crash left between a decision and what follows from it. */
  async function repair(now: Date): Promise<void> {
    await orderAnswers.repair();
    await orderAmounts.repair(now);
    await stops.repair();
    await completion.repair(now);
    await idleOrders.followPolicy(now);
    await pendingEffects.process(await queues.advance(await queues.waiting(), now));
    await pendingEffects.repair();
  }

  return {
    openOf,
    idsOf,
    partiesOf,
    get: orderQueries.get,
    series: createOrderSeries(deps),
    inEscrow: orderQueries.inEscrow,
    list: orderQueries.list,
    otherSides: orderQueries.otherSides,
    marketerQueue: orderQueries.marketerQueue,
    queueCounts: orderQueries.queueCounts,
    capacity: queues.capacity,
    fans: orderQueries.fans,
    fansByWeek: orderQueries.fansByWeek,
    backlogs: orderQueries.backlogs,
    orderOfFan: orderQueries.orderOfFan,
    amountIds: orderQueries.amountIds,
    owedBy: orderQueries.owedBy,
    accept: orderAnswers.accept,
    reject: orderAnswers.reject,
    stop,
    place,
    cancel,
    violate,
    qualify: fanQualification.qualify,
    stopAll: termination.stopAll,
    capacityChanged,
    debts: orderAmounts.debts,
    announceFunded: fundedOrders.announce,
    deadlines: createDeadlines({ store, orderAnswers, announcements }),
    idleOrders: { nextDue: idleOrders.nextDue, run: idleOrders.run },
    idleOutlook: idleOrders.outlook,
    clientsOf: clientRecords.of,
    existing,
    existingCampaigns,
    completedOf,
    repair,
    unfinished: [orderAnswers, stops, orderAmounts, pendingEffects].map(({ unfinished }) => unfinished),
    verification: createOrderVerification({ ...deps, orderQueries }),
    sealed: [sealedOrders(store), sealedFans(store), sealedAmounts(store)],
  };
}
