import type { AppliedChecks } from '../../events/toldEvent.ts';
import { wordOf } from '../../events/verifyFacts.ts';
import { groupBy } from '../../kernel/group.ts';
import { linesOnAll } from '../../kernel/lines.ts';
import type { Sales } from '../../sales/sales.ts';
import { isOrderCampaign } from '../order.ts';
import { endIdOf, type OrderStore, type StoredFan, type StoredOrder } from '../store.ts';

const BATCH = 500;

export type SubscriptionReading = Pick<Sales, 'subscriptions' | 'subscriptionsOfFans'>;

type Subscription = Awaited<ReturnType<Sales['subscriptions']>> extends Map<string, infer S> ? S : never;

/**
 * Compares the fans of orders with the subscriptions that they came by, in both directions, and each verdict with the
 * facts that it needs (rules 4.5). What counted stands, whatever came later; but facts only grow, so what a verdict was
 * given for is there for ever.
 */
export function createFanVerification(deps: {
  store: Pick<OrderStore, 'orders' | 'fans'>;
  sales: SubscriptionReading;
}) {
  const { orders, fans } = deps.store;

  async function facts(): Promise<string[]> {
    return linesOnAll(
      fans.find({}),
      BATCH,
      ({ _id }) => `order_fans/${_id}`,
      async (batch) => {
        const subscriptions = await deps.sales.subscriptions(batch.map(({ _id }) => _id));
        const found = await orders.find({ _id: { $in: [...new Set(batch.map(({ orderId }) => orderId))] } }).toArray();
        const byId = new Map(found.map((order) => [order._id, order]));
        const isReturning = await returningAmong(batch, subscriptions, byId);
        const ended = await endedAmong(batch);
        return batch.flatMap((fan) => {
          const order = byId.get(fan.orderId);
          const subscription = subscriptions.get(fan._id);
          return fanDifferences(fan, { order, subscription, isReturning, isEnded: ended.has(fan.orderId) });
        });
      },
    );
  }

  /** Whether a fan of a batch has another subscription that was, or could be, to the order's model. */
  async function returningAmong(
    batch: StoredFan[],
    subscriptions: Map<string, Subscription>,
    orderOf: Map<string, StoredOrder>,
  ): Promise<(fan: StoredFan) => boolean> {
    const returning = batch.filter(
      ({ _id, verdict }) => verdict === 'returning' && subscriptions.get(_id)?.fan?.returning !== true,
    );
    const others = await deps.sales.subscriptionsOfFans(
      returning.map(({ fanId }) => fanId),
      [...new Set(returning.flatMap(({ orderId }) => orderOf.get(orderId)?.modelId ?? []))],
    );
    const byFan = groupBy(others, ({ fanId }) => fanId);
    return ({ _id, fanId }) => (byFan.get(fanId) ?? []).some(({ subscriptionId }) => subscriptionId !== _id);
  }

  /** The orders of a batch that were stopped, by the mark among their fans. */
  async function endedAmong(batch: StoredFan[]): Promise<Set<string>> {
    const late = batch.filter(({ verdict }) => verdict === 'not_running').map(({ orderId }) => endIdOf(orderId));
    if (late.length === 0) return new Set();
    const ends = await fans.find({ _id: { $in: [...new Set(late)] } }, { projection: { orderId: 1 } }).toArray();
    return new Set(ends.map(({ orderId }) => orderId));
  }

  const applied: AppliedChecks = {
    'subscription.started': async (events) => {
      const came = events.filter(({ data }) => isOrderCampaign(data.campaignId));
      if (came.length === 0) return [];
      const campaignIds = [...new Set(came.flatMap(({ data }) => data.campaignId ?? []))];
      const known = await orders
        .find({ campaignId: { $in: campaignIds } }, { projection: { campaignId: 1 } })
        .toArray();
      const orderOf = new Map(known.map(({ _id, campaignId }) => [campaignId, _id]));
      const ids = came.map(({ data }) => data.subscriptionId);
      const found = await fans.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
      const there = new Set(found.map(({ _id }) => _id));
      return came.flatMap(({ eventId, data: { subscriptionId, campaignId } }) => {
        const orderId = orderOf.get(campaignId);
        if (orderId === undefined || there.has(subscriptionId)) return [];
        return [`order_fans/${subscriptionId} is missing: event ${eventId} tells of a fan of order ${orderId}`];
      });
    },
  };

  return { facts, applied };
}

type Known = {
  order: StoredOrder | undefined;
  subscription: Subscription | undefined;
  isReturning: (fan: StoredFan) => boolean;
  isEnded: boolean;
};

function fanDifferences(fan: StoredFan, known: Known): string[] {
  const { _id, orderId, verdict } = fan;
  const where = `order_fans/${_id}`;
  if (known.order === undefined) return [`${where}: there is no order ${orderId}`];
  if (verdict === 'end')
    return _id === endIdOf(orderId) ? [] : [`${where}: it ends order ${orderId} under a fan's name`];
  const { order, subscription } = known;
  if (subscription === undefined) return [`${where}: there is no subscription of that name, though it is ${verdict}`];
  const isCounted = verdict === 'counted';
  const fields: [string, unknown, unknown][] = [
    ['fanId', fan.fanId, subscription.fanId],
    ['startedAt', fan.startedAt, subscription.startedAt],
    ['campaignId', order.campaignId, subscription.campaignId],
    ['modelId', fan.modelId, isCounted ? order.modelId : undefined],
  ];
  return [
    ...fields
      .filter(([, is, should]) => wordOf(is) !== wordOf(should))
      .map(([field, is, should]) => `${where}: ${field} is ${wordOf(is)}, and its subscription says ${wordOf(should)}`),
    ...(isCounted === (fan.number !== undefined)
      ? []
      : [`${where}: it is ${verdict}, and its number is ${fan.number}`]),
    ...(isFounded(fan, { ...known, order, subscription })
      ? []
      : [`${where}: its verdict for order ${orderId} is ${verdict}, and no fact says so`]),
  ];
}

/** Whether the facts have what a verdict is given for. */
function isFounded(
  fan: StoredFan,
  { order, subscription, isReturning, isEnded }: Known & { order: StoredOrder; subscription: Subscription },
): boolean {
  const { modelId, startedAt, fan: flags = {} } = subscription;
  const isOther = modelId !== undefined && modelId !== order.modelId;
  const isEarly = order.acceptedAt === undefined || startedAt < order.acceptedAt;
  switch (fan.verdict) {
    case 'counted':
      return !isEarly && !isOther && flags.bot !== true && flags.returning !== true;
    case 'surplus':
      return order.status === 'completed';
    case 'not_running':
      return isEarly || isEnded;
    case 'other_source':
      return isOther;
    case 'not_real':
      return flags.bot === true;
    case 'returning':
      return flags.returning === true || isReturning(fan);
    default:
      return false;
  }
}
