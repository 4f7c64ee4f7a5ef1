import type { RecordedAct } from '../../events/recordedAct.ts';
import { type AppliedChecks, isReadable, type ToldEvent, type ToldEvents } from '../../events/toldEvent.ts';
import { wordOf } from '../../events/verifyFacts.ts';
import type { Calendar } from '../../kernel/calendar.ts';
import { linesOnAll } from '../../kernel/lines.ts';
import type { OrderStore, StoredOrder } from '../store.ts';

const BATCH = 500;

type Deps = {
  store: Pick<OrderStore, 'orders'>;
  /** Which of these models were terminated. */
  terminatedAmong: (modelIds: string[], now: Date) => Promise<Set<string>>;
  /** When the last fan of an order counted. */
  lastCounted: (orderId: string) => Promise<Date | undefined>;
  calendar: Pick<Calendar, 'addDays'>;
};

/** What came of orders is of people or events: whoever accepted, rejected, cancelled or stopped one has done so. */
export function createOrderEnds(deps: Deps) {
  const { orders } = deps.store;

  /** A line for each order that is answered, or over, and nobody did that. */
  async function facts(
    { events, trail }: { events: ToldEvents; trail: { byKey(keys: string[]): Promise<Map<string, RecordedAct>> } },
    now: Date,
  ): Promise<string[]> {
    return linesOnAll(
      orders.find({ status: { $ne: 'placed' } }),
      BATCH,
      ({ _id }) => `order ${_id}`,
      async (batch) => {
        const differences: string[] = [];
        const ids = batch.map(({ _id }) => _id);
        const acts = await trail.byKey(ids.flatMap((id) => ACTS.map((act) => `order:${id}:${act}`)));
        const told = await events.byId(
          batch.flatMap(({ eventId, endedByEvent }) => [eventId ?? [], endedByEvent ?? []].flat()),
        );
        const terminated = await deps.terminatedAmong([...new Set(batch.map(({ modelId }) => modelId))], now);
        for (const order of batch) {
          const known = { acts, told, isTerminated: terminated.has(order.modelId), now };
          differences.push(...acceptance(order, acts), ...(await end(order, known)));
        }
        return differences;
      },
    );
  }

  /** Who accepted an order, and when; that is told after the change, which bears a mark until then. */
  function acceptance(order: StoredOrder, acts: Map<string, RecordedAct>): string[] {
    return order.acceptedAt === undefined ? [] : act(order, 'accepted', order.acceptedAt, acts);
  }

  function act(order: StoredOrder, kind: (typeof ACTS)[number], at: Date | undefined, acts: Map<string, RecordedAct>) {
    const { _id, pendingEffects = [] } = order;
    if (pendingEffects.some((effect) => effect.kind === kind)) return [];
    const record = acts.get(`order:${_id}:${kind}`);
    if (record === undefined) return [`order ${_id}: it was ${kind}, and the audit trail says nobody did that`];
    if (wordOf(record.at) === wordOf(at)) return [];
    return [`order ${_id}: it was ${kind} on ${wordOf(at)}, and ${record.actor} did that on ${wordOf(record.at)}`];
  }

  async function end(order: StoredOrder, known: Known): Promise<string[]> {
    const { _id, status, endedAt, respondBy } = order;
    switch (status) {
      case 'rejected':
        return act(order, 'rejected', endedAt, known.acts);
      case 'cancelled':
        return endedBy(order, 'order.cancelled', known);
      case 'expired':
        return wordOf(endedAt) === wordOf(respondBy) && respondBy <= known.now
          ? []
          : [`order ${_id}: it expired on ${wordOf(endedAt)}, and could be answered until ${wordOf(respondBy)}`];
      case 'refused':
        return refusal(order, known);
      case 'stopped':
        return stop(order, known);
      default:
        return [];
    }
  }

  /** The event that ended an order is of that type, and of that order. */
  function endedBy(
    order: StoredOrder,
    type: 'order.cancelled' | 'order.guarantee_violated',
    { told }: Known,
  ): string[] {
    const { _id, status, endedByEvent } = order;
    const name = `order ${_id}: it is ${status}`;
    if (endedByEvent === undefined) return [`${name}, and names no event that it came of`];
    const event = told.get(endedByEvent);
    if (event === undefined) return [`${name}, by event ${endedByEvent}, which never came in`];
    if (event.type !== type) return [`${name}, by event ${endedByEvent}, which is ${event.type}`];
    if (!isReadable(event, type) || event.data.orderId === _id) return [];
    return [`${name}, by event ${endedByEvent}, which is of order ${event.data.orderId}`];
  }

  /** Refused when it came in, or when its client was terminated (rules 2.2, 2.5). */
  function refusal({ _id, eventId, endedAt, reasons = [] }: StoredOrder, { told, isTerminated }: Known): string[] {
    const event = told.get(eventId ?? '');
    const cameIn = event === undefined ? [] : [event.receivedAt, ...event.arrivals];
    if (event === undefined || cameIn.some((at) => wordOf(at) === wordOf(endedAt))) return [];
    if (event.arrivals.length === 0) return [];
    if (isTerminated && reasons.some(({ kind }) => kind === 'client-terminated')) return [];
    return [`order ${_id}: it was refused on ${wordOf(endedAt)}, and came in on ${wordOf(event.receivedAt)}`];
  }

  async function stop(order: StoredOrder, known: Known): Promise<string[]> {
    const { _id, reasons: [reason] = [] } = order;
    switch (reason?.kind) {
      case 'stopped-by-manager':
        return act(order, 'stopped', order.endedAt, known.acts);
      case 'guarantee-violated':
        return endedBy(order, 'order.guarantee_violated', known);
      case 'partnership-terminated':
        return known.isTerminated ? [] : [`order ${_id}: it was stopped, though its client was not terminated`];
      case 'idle':
        return idleness(order, reason.reason);
      default:
        return [`order ${_id}: it was stopped, and nothing says why`];
    }
  }

  /** It ran that long, and no fan counted; the reason says for how long that had to be (rules 4.10). */
  async function idleness({ _id, startedAt, endedAt }: StoredOrder, reason: string): Promise<string[]> {
    const countedAt = await deps.lastCounted(_id);
    const since = [startedAt, countedAt].filter((at) => at !== undefined).map((at) => at.getTime());
    const days = Number(/\d+/.exec(reason)?.[0]);
    const until = since.length === 0 ? undefined : deps.calendar.addDays(new Date(Math.max(...since)), days || 0);
    if (until !== undefined && endedAt !== undefined && days > 0 && endedAt >= until) return [];
    return [`order ${_id}: it was stopped as idle on ${wordOf(endedAt)}, and was not before ${wordOf(until)}`];
  }

  const applied: AppliedChecks = {
    'order.cancelled': async (events) => {
      const found = await byId(events.map(({ data }) => data.orderId));
      return events.flatMap(({ eventId, data: { orderId } }) => {
        const status = found.get(orderId)?.status;
        if (status !== undefined && status !== 'placed') return [];
        return [`order ${orderId} is ${status ?? 'missing'}, though event ${eventId}, which cancels it, was applied`];
      });
    },
    'order.guarantee_violated': async (events) => {
      const found = await byId(events.map(({ data }) => data.orderId));
      return events.flatMap(({ eventId, receivedAt, data: { orderId } }) => {
        const { status, acceptedAt, stopping } = found.get(orderId) ?? {};
        const runs = status === 'running' || status === 'queued';
        // Before it was accepted a violation has no effect (rules 4.9).
        const wasAccepted = acceptedAt !== undefined && acceptedAt < receivedAt && stopping === undefined;
        if (status !== undefined && !(runs && wasAccepted)) return [];
        return [`order ${orderId} is ${status ?? 'missing'}, though event ${eventId}, which stops it, was applied`];
      });
    },
  };

  /** A line for each act of a person that did not become of its order. */
  async function acts(batch: RecordedAct[]): Promise<string[]> {
    const found = await byId(batch.map(orderOf));
    return batch.flatMap((act) => {
      const order = found.get(orderOf(act));
      const has = {
        'order.accept': order?.acceptedAt !== undefined,
        'order.reject': order?.status === 'rejected',
        'order.stop': order?.status === 'stopped',
      }[act.action];
      if (has === true) return [];
      const is = order?.status ?? 'missing';
      return [`order ${orderOf(act)} is ${is}, but ${act.actor} did ${act.action} on ${wordOf(act.at)}`];
    });
  }

  async function byId(ids: string[]): Promise<Map<string, StoredOrder>> {
    const found = await orders.find({ _id: { $in: [...new Set(ids)] } }).toArray();
    return new Map(found.map((order) => [order._id, order]));
  }

  return { facts, applied, acts: { 'order.accept': acts, 'order.reject': acts, 'order.stop': acts } };
}

type Known = {
  acts: Map<string, RecordedAct>;
  told: Map<string, ToldEvent>;
  isTerminated: boolean;
  now: Date;
};

const ACTS = ['accepted', 'rejected', 'stopped'] as const;

function orderOf({ subject }: RecordedAct): string {
  return subject.slice('order:'.length);
}
