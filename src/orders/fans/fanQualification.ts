import type { Fact, Last } from '../../events/handler.ts';
import { BrokenInvariant, failedWrites, isDuplicateKey } from '../../kernel/errors.ts';
import { groupBy } from '../../kernel/group.ts';
import type { FanSubscription, Sales } from '../../sales/sales.ts';
import { writtenNow } from '../../seals/source.ts';
import type { Completion } from '../lifecycle/completion.ts';
import type { IdleOrders } from '../lifecycle/idleOrders.ts';
import type { PendingEffects } from '../lifecycle/pendingEffects.ts';
import type { Queues } from '../lifecycle/queues.ts';
import { isOrderCampaign } from '../order.ts';
import type { OrderQueries } from '../orderQueries.ts';
import { isAnythingDue } from '../settlement/settlement.ts';
import type { OrderStore, StoredFan, StoredOrder } from '../store.ts';
import { type ArrivedFan, type CountingOrder, isEarlier, qualifyFan } from './fan.ts';

type ArrivedBy = ArrivedFan & { campaignId: string };

/** What qualification depends on of an order, and whether anything follows from it. */
const ACCEPTED_FIELDS = {
  ...{ campaignId: 1, modelId: 1, marketerId: 1, quantity: 1, acceptedAt: 1, status: 1 },
  ...{ pricePerFan: 1, prepaid: 1, chunkSize: 1, settled: 1, progress: 1, idle: 1 },
} as const;
type AcceptedOrder = Pick<StoredOrder, '_id' | keyof typeof ACCEPTED_FIELDS>;

/**
 * How many fans now count of each order from which something follows, by its id. `instants`: when those of this batch
 * qualified, by their number.
 */
type QualifiedFans = Map<string, { delivered: number; instants: Map<number, Date> }>;

/** Whether a fan is not new to a model's page. */
type IsKnown = (fan: ArrivedFan, modelId: string) => boolean;

/** Which of these models' pages some subscriptions are to, as far as a campaign says it. */
type ModelsOf = (dated: { campaignId: string; at: Date }[]) => Promise<(string | null)[]>;

/**
 * Fans that came through orders' campaigns (rules 4.5). A fan counts by being inserted with the next number of its
 * order, which is unique and without a gap: whatever races, exactly as many count as were ordered. That a fan counts
 * for a model once is unique, too: of two that race, the later is qualified again, as a returning one. A batch of fans
 * costs a fixed number of queries, however many orders it touches.
 */
export function createFanQualification(deps: {
  store: OrderStore;
  sales: Pick<Sales, 'subscriptionsOfFans'>;
  campaignModels: ModelsOf;
  orderQueries: Pick<OrderQueries, 'lastFans'>;
  queues: Queues;
  completion: Pick<Completion, 'advance'>;
  idleOrders: Pick<IdleOrders, 'settle' | 'resume'>;
  pendingEffects: Pick<PendingEffects, 'process'>;
}) {
  const { orders, fans } = deps.store;
  let advancing: Promise<void> = Promise.resolve();

  /**
   * Qualifies the fans among subscriptions that have just been recorded; earlier verdicts stand. Answers the step that
   * applies the consequences: it may run while the next fans are qualified.
   */
  async function qualify(facts: Fact<'subscription.started'>[], now: Date): Promise<Last> {
    const arrived = facts.flatMap(({ data }) => fanOf(data));
    if (arrived.length === 0) return nothing;
    const byCampaign = await ordersOf(arrived, now);
    const mine = arrived.filter(({ campaignId }) => byCampaign.has(campaignId));
    if (mine.length === 0) return nothing;
    const lastFans = () => deps.orderQueries.lastFans([...byCampaign.values()].map(({ _id }) => _id));
    let [isKnown, last] = await Promise.all([knownFans(mine, byCampaign), lastFans()]);
    const isKnownFromStart = isKnown;
    const instants = new Map<string, Map<number, Date>>();
    // A fan hardly ever has a verdict already; when it has, its insert says so.
    for (let left = mine; left.length > 0; ) {
      const documents = verdictsOf(left, byCampaign, last, isKnown, now);
      const count = await insertInOrder(documents);
      for (const { orderId, number, judgedAt } of documents.slice(0, count)) {
        if (number !== undefined) instants.set(orderId, (instants.get(orderId) ?? new Map()).set(number, judgedAt));
      }
      left = left.slice(count);
      if (left.length === 0) break;
      // Another process was faster with a number, or with a fan: the others are qualified again, by what counts now.
      isKnown = await alsoCounted(isKnownFromStart, left, byCampaign);
      left = await unqualified(left);
      last = await lastFans();
    }
    const qualified: QualifiedFans = new Map(
      [...byCampaign.values()].flatMap((order) => {
        const inserted = instants.get(order._id) ?? new Map<number, Date>();
        const delivered = deliveredWith(last.get(order._id)?.delivered ?? 0, inserted);
        return isConcerned(order, delivered, inserted.size > 0) ? [[order._id, { delivered, instants: inserted }]] : [];
      }),
    );
    if (qualified.size === 0) return nothing;
    return () => {
      advancing = advance(qualified, now);
      return advancing;
    };
  }

  /** Reads the orders as the fans before these left them. */
  async function advance(qualified: QualifiedFans, now: Date): Promise<void> {
    const current = await orders.find({ _id: { $in: [...qualified.keys()] } }).toArray();
    const items = current.flatMap((order) => {
      const one = qualified.get(order._id);
      return one === undefined ? [] : [{ order, ...one }];
    });
    await deps.completion.advance(items, now);
    const warned = items.filter(({ order, instants }) => order.idle?.isWarned && instants.size > 0);
    if (warned.length > 0) {
      await deps.idleOrders.resume(
        warned.map(({ order }) => order._id),
        now,
      );
    }
  }

  async function unqualified(arrived: ArrivedBy[]): Promise<ArrivedBy[]> {
    const found = await fans.find(idsOf(arrived), { projection: { _id: 1 } }).toArray();
    const qualified = new Set(found.map(({ _id }) => _id));
    return arrived.filter(({ subscriptionId }) => !qualified.has(subscriptionId));
  }

  /** The orders of fans' campaigns, as they are once what is due for them was done: one has started, or was stopped. */
  async function ordersOf(arrived: ArrivedBy[], now: Date): Promise<Map<string, AcceptedOrder>> {
    const campaignIds = [...new Set(arrived.map(({ campaignId }) => campaignId))];
    const find = () => orders.find({ campaignId: { $in: campaignIds } }, { projection: ACCEPTED_FIELDS }).toArray();
    let found: AcceptedOrder[] = await find();
    const queued = found.filter(({ status }) => status === 'queued').map(({ marketerId }) => marketerId);
    const idle = found.filter((order) => order.idle !== undefined && order.idle.stepAt <= now).map(({ _id }) => _id);
    if (queued.length + idle.length > 0) {
      // Earlier fans may have completed the order that one queues behind; a failure of theirs is reported to their own caller.
      await advancing.catch(() => undefined);
      if (idle.length > 0) await deps.idleOrders.settle(idle, now);
      await deps.pendingEffects.process(await deps.queues.advance([...new Set(queued)], now));
      found = await find();
    }
    return new Map(found.map((order) => [order.campaignId ?? '', order]));
  }

  /**
   * Whether a fan has subscribed to the order's model before, in any way, or has counted for it before. Every
   * subscription ever recorded is considered, also those that no order paid for.
   */
  async function knownFans(arrived: ArrivedBy[], byCampaign: Map<string, AcceptedOrder>): Promise<IsKnown> {
    const all = await deps.sales.subscriptionsOfFans(
      arrived.map(({ fanId }) => fanId),
      [...new Set([...byCampaign.values()].map(({ modelId }) => modelId))],
    );
    const pages = await pagesOf(all, byCampaign);
    const paged = all.map((subscription, index) => ({ subscription, page: pages[index] ?? '' }));
    const byPage = groupBy(paged, ({ page, subscription }) => `${page}\n${subscription.fanId}`);
    const several = [...byPage.values()]
      .filter(({ length }) => length > 1)
      .flat()
      .map(({ subscription }) => subscription);
    const ids = several.filter(({ campaignId }) => isOrderCampaign(campaignId ?? undefined));
    const counted = new Set(
      (ids.length === 0
        ? []
        : await fans.find({ ...idsOf(ids), verdict: 'counted' }, { projection: { _id: 1 } }).toArray()
      ).map(({ _id }) => _id),
    );
    return (fan: ArrivedFan, modelId: string): boolean =>
      (byPage.get(`${modelId}\n${fan.fanId}`) ?? []).some(
        ({ subscription: other }) =>
          other.subscriptionId !== fan.subscriptionId && (isEarlier(other, fan) || counted.has(other.subscriptionId)),
      );
  }

  /** The same, with the fans that have counted for the model meanwhile, through a subscription not seen before. */
  async function alsoCounted(isKnown: IsKnown, left: ArrivedBy[], byCampaign: Map<string, AcceptedOrder>) {
    const modelIds = [...new Set([...byCampaign.values()].map(({ modelId }) => modelId))];
    const fanIds = [...new Set(left.map(({ fanId }) => fanId))];
    const counted = await fans
      .find({ modelId: { $in: modelIds }, fanId: { $in: fanIds } }, { projection: { modelId: 1, fanId: 1 } })
      .toArray();
    const subscriptions = new Map(counted.map(({ _id, modelId, fanId }) => [`${modelId}\n${fanId}`, _id]));
    return (fan: ArrivedFan, modelId: string): boolean =>
      (subscriptions.get(`${modelId}\n${fan.fanId}`) ?? fan.subscriptionId) !== fan.subscriptionId ||
      isKnown(fan, modelId);
  }

  /** The model of each subscription: its own, or else its campaign's. */
  async function pagesOf(all: FanSubscription[], byCampaign: Map<string, AcceptedOrder>): Promise<(string | null)[]> {
    const indirect = all.filter(({ modelId, campaignId }) => modelId === null && campaignId !== null);
    const unknown = [...new Set(indirect.map(({ campaignId }) => campaignId ?? ''))].filter(
      (id) => !byCampaign.has(id),
    );
    const others = unknown.filter((id) => isOrderCampaign(id));
    const found =
      others.length === 0
        ? []
        : await orders.find({ campaignId: { $in: others } }, { projection: { campaignId: 1, modelId: 1 } }).toArray();
    const modelOf = new Map([...byCampaign.values(), ...found].map(({ campaignId, modelId }) => [campaignId, modelId]));
    const sold = indirect.filter(({ campaignId }) => !modelOf.has(campaignId ?? ''));
    const models = await deps.campaignModels(
      sold.map(({ campaignId, startedAt }) => ({ campaignId: campaignId ?? '', at: startedAt })),
    );
    const soldTo = new Map(sold.map(({ subscriptionId }, index) => [subscriptionId, models[index] ?? null]));
    return all.map(
      ({ modelId, campaignId, subscriptionId }) =>
        modelId ?? modelOf.get(campaignId ?? '') ?? soldTo.get(subscriptionId) ?? null,
    );
  }

  /** Inserts up to the first document whose number, verdict or fan is taken; answers how many are in. */
  async function insertInOrder(documents: StoredFan[]): Promise<number> {
    if (documents.length === 0) return 0;
    try {
      const written = writtenNow();
      await fans.insertMany(
        documents.map((one) => ({ ...one, ...written })),
        { ordered: true },
      );
      return documents.length;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      // Everything before the write that failed is in.
      return failedWrites(error)[0];
    }
  }

  return { qualify };
}

/** For a batch without consequences. */
const nothing: Last = async () => undefined;

function verdictsOf(
  arrived: ArrivedBy[],
  byCampaign: Map<string, AcceptedOrder>,
  last: Map<string, { delivered: number; isEnded: boolean }>,
  isKnown: IsKnown,
  now: Date,
): StoredFan[] {
  const delivered = new Map([...last].map(([orderId, one]) => [orderId, one.delivered]));
  return arrived.flatMap((fan) => {
    const order = byCampaign.get(fan.campaignId);
    if (order === undefined) return [];
    const { _id: orderId, modelId, quantity, acceptedAt } = order;
    if (acceptedAt === undefined) throw new BrokenInvariant(`order ${orderId} has a campaign, but is not accepted`);
    const count = delivered.get(orderId) ?? 0;
    const isStopped = last.get(orderId)?.isEnded === true || order.status === 'stopped';
    const counting: CountingOrder = { modelId, quantity, delivered: count, acceptedAt, isStopped };
    const verdict = qualifyFan(fan, counting, isKnown(fan, modelId));
    if (verdict === 'counted') delivered.set(orderId, count + 1);
    return [
      {
        ...{ _id: fan.subscriptionId, orderId, fanId: fan.fanId, startedAt: fan.startedAt, judgedAt: now, verdict },
        ...(verdict === 'counted' ? { number: count + 1, modelId } : {}),
      },
    ];
  });
}

/** Whether something follows for an order from so many fans: it starts, it is not idle any more, or money is due. */
function isConcerned(order: AcceptedOrder, delivered: number, hasCounted: boolean): boolean {
  if (order.status === 'queued' && delivered > 0) return true;
  if (order.idle?.isWarned && hasCounted) return true;
  return isAnythingDue({ ...order, chunkSize: order.chunkSize ?? null }, delivered);
}

function fanOf(data: Fact<'subscription.started'>['data']): ArrivedBy[] {
  const { subscriptionId, fanId, modelId, startedAt, campaignId, fan = {} } = data;
  if (!isOrderCampaign(campaignId)) return [];
  const flags = { returning: fan.returning === true, bot: fan.bot === true };
  return [{ subscriptionId, fanId, modelId, startedAt, campaignId, ...flags }];
}

function idsOf(list: { subscriptionId: string }[]) {
  return { _id: { $in: list.map(({ subscriptionId }) => subscriptionId) } };
}

function deliveredWith(before: number, inserted: Map<number, Date>): number {
  let delivered = before;
  for (const number of inserted.keys()) delivered = Math.max(delivered, number);
  return delivered;
}
