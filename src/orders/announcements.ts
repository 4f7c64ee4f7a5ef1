import type { Accounts } from '../accounts/accounts.ts';
import type { AuditAct } from '../audit/acts.ts';
import type { Audit } from '../audit/audit.ts';
import type { OutgoingDataOf, OutgoingType } from '../events/outgoing.ts';
import { BrokenInvariant } from '../kernel/errors.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Notices } from '../notices/notices.ts';
import type { Outgoing, OutgoingMessage } from '../outgoing/outgoing.ts';
import type { DisplayContext } from '../texts/speech.ts';
import { createCards } from './cards.ts';
import type { Client, ClientRecords } from './clientRecords.ts';
import type { DeadlineStep } from './lifecycle/deadlineSteps.ts';
import type { IdleWarning } from './lifecycle/idleness.ts';
import { namesOf } from './names.ts';
import {
  amountNotices,
  answerSubject,
  idleNotices,
  idleSubject,
  insufficientNotice,
  nudgeNotice,
  pendingEffectNotices,
  shortfallNotices,
} from './notices.ts';
import type { OrderView } from './order.ts';
import type { OrderQueries } from './orderQueries.ts';
import { type OrderStore, type PendingEffect, type StoredAmount, type StoredOrder, toOrder } from './store.ts';
import { reasonsOf } from './words.ts';

export type OrderAnnouncements = ReturnType<typeof createOrderAnnouncements>;

/** Webhooks and notices about orders. Everything is keyed, so announcing twice is announcing once. */
export function createOrderAnnouncements(deps: {
  store: OrderStore;
  orderQueries: OrderQueries;
  clientRecords: ClientRecords;
  ledger: Pick<Ledger, 'balance' | 'balances'>;
  accounts: Pick<Accounts, 'getMany' | 'namesOf'>;
  notices: Pick<Notices, 'enqueue' | 'drop'>;
  outgoing: Pick<Outgoing, 'emit' | 'enabled'>;
  audit: Pick<Audit, 'record'>;
  /** How programs are told of it. */
  platform: DisplayContext;
}) {
  const { notices, outgoing } = deps;
  const cards = createCards(deps);

  /** Announces what became of orders, each with its pending announcements. */
  async function announceOrders(stored: StoredOrder[]): Promise<void> {
    const all = stored.flatMap(({ pendingEffects = [] }) => pendingEffects);
    const latest = latestOf(all.map(({ at }) => at));
    const views = await deps.orderQueries.views(stored, latest);
    const names = await namesOf(deps.accounts, views);
    const clients = await clientsFor(views, stored, latest);
    const pairs = views.flatMap((order, index) =>
      (stored[index]?.pendingEffects ?? []).map((pendingEffects) => ({ order, pendingEffects })),
    );
    await outgoing.emit(
      pairs.flatMap((pair) => messagesOf(pair.order, pair.pendingEffects)),
      latest,
    );
    const idsWhere = (isMeant: (kind: PendingEffect['kind']) => boolean) => [
      ...new Set(pairs.flatMap(({ order, pendingEffects: { kind } }) => (isMeant(kind) ? [order.orderId] : []))),
    ];
    const answered = idsWhere((kind) => kind !== 'placed');
    const over = idsWhere((kind) => kind === 'completed' || kind === 'stopped');
    await notices.drop([...answered.map(answerSubject), ...over.map(idleSubject)]);
    await notices.enqueue(
      pairs.flatMap(({ order, pendingEffects }) =>
        pendingEffectNotices(order, pendingEffects, { names, client: clients.get(order.orderId) }),
      ),
      latest,
    );
    for (const { order, pendingEffects } of pairs) await recordAct(order, pendingEffects);
  }

  async function recordAct(order: OrderView, pendingEffects: PendingEffect): Promise<void> {
    const { orderId, modelId, marketerId, status, startedAt } = order;
    const { kind, actor, reason, at } = pendingEffects;
    const action = ACTS[kind];
    if (action === undefined || actor === undefined || actor === PLATFORM) return;
    await deps.audit.record({
      key: `order:${orderId}:${kind}`,
      actor,
      action,
      subject: `order:${orderId}`,
      about: [modelId, marketerId],
      ...(reason === undefined ? {} : { reason }),
      before: { status: kind !== 'stopped' ? 'placed' : startedAt === null ? 'queued' : 'running' },
      after: { status },
      at,
    });
  }

  /** Announces amounts that became owed or were paid; people hear only of those that were owed. */
  async function announceAmounts(pendingEffects: StoredAmount[]): Promise<void> {
    const amounts = outgoing.enabled ? pendingEffects : pendingEffects.filter(({ wasOwed }) => wasOwed === true);
    if (amounts.length === 0) return;
    const ids = [...new Set(amounts.map(({ orderId }) => orderId))];
    const stored = await deps.store.orders.find({ _id: { $in: ids } }).toArray();
    const latest = latestOf(amounts.map((one) => one.paidAt ?? one.fellDueAt));
    const views = new Map((await deps.orderQueries.views(stored, latest)).map((order) => [order.orderId, order]));
    const names = await namesOf(deps.accounts, [...views.values()]);
    const balances = await deps.ledger.balances([...new Set(amounts.map(({ modelId }) => `model:${modelId}`))]);
    const sorted = [...amounts].sort((a, b) => a.number - b.number);
    const paired = sorted.flatMap((amount) => {
      const order = views.get(amount.orderId);
      return order === undefined ? [] : [{ amount, order }];
    });
    await outgoing.emit(
      paired.flatMap(({ amount, order }) => chargeMessages(order, amount)),
      latest,
    );
    const wasOwed = paired.filter(({ amount }) => amount.wasOwed === true);
    await notices.drop(
      wasOwed
        .filter(({ amount: { status } }) => status === 'paid')
        .map(({ amount: { orderId, number } }) => `order:${orderId}:amount:${number}`),
    );
    await notices.enqueue(
      wasOwed.flatMap(({ amount, order }) =>
        amountNotices(order, amount, balances.get(`model:${amount.modelId}`) ?? 0, names),
      ),
      latest,
    );
    await cards.refreshPaidCards(
      wasOwed.flatMap(({ amount }) => (amount.status === 'paid' ? amount : [])),
      latest,
      names,
    );
  }

  /** To the client: money came in, and does not cover an owed amount. */
  async function announceUncoveredAmount(amount: StoredAmount, cause: string, now: Date): Promise<void> {
    const balance = await deps.ledger.balance(`model:${amount.modelId}`);
    if (balance >= amount.amount) return;
    const order = await deps.store.orders.findOne({ _id: amount.orderId });
    if (order === null) throw new BrokenInvariant(`an amount of order ${amount.orderId} has lost it`);
    const names = await namesOf(deps.accounts, [order]);
    await notices.enqueue([insufficientNotice(toOrder(order), amount, { balance, cause, at: now, names })], now);
  }

  /** To both: what is missing for a prepaid order to be accepted. */
  async function announceShortfall(stored: StoredOrder, missing: number, actor: string, now: Date): Promise<void> {
    const order = await deps.orderQueries.view(stored, now);
    await notices.enqueue(shortfallNotices(order, missing, actor, now, await namesOf(deps.accounts, [order])), now);
  }

  /** To marketers: their answers are due. */
  async function announceNudges(
    nudged: { stored: StoredOrder; step: DeadlineStep; next: Date }[],
    now: Date,
  ): Promise<void> {
    const views = await deps.orderQueries.views(
      nudged.map(({ stored }) => stored),
      now,
    );
    const [names, clients] = await Promise.all([namesOf(deps.accounts, views), deps.clientRecords.of(views, now)]);
    await notices.enqueue(
      nudged.flatMap(({ step, next }, index) => {
        const order = views[index];
        return order === undefined
          ? []
          : [nudgeNotice(order, step, next, { names, client: clients.get(order.orderId) })];
      }),
      now,
    );
  }

  /** To both: no fan counts, and when the order is stopped for that (rules 4.10). */
  async function announceIdle(warnings: { stored: StoredOrder; warning: IdleWarning }[], now: Date): Promise<void> {
    if (warnings.length === 0) return;
    const views = await deps.orderQueries.views(
      warnings.map(({ stored }) => stored),
      now,
    );
    const names = await namesOf(deps.accounts, views);
    await notices.enqueue(
      warnings.flatMap(({ warning }, index) => {
        const order = views[index];
        return order === undefined ? [] : idleNotices(order, warning, names);
      }),
      now,
    );
  }

  /** The clients of those orders of which the marketer reads how the client stands, by order. */
  async function clientsFor(views: OrderView[], stored: StoredOrder[], now: Date): Promise<Map<string, Client>> {
    const concerned = views.filter((_, index) =>
      (stored[index]?.pendingEffects ?? []).some(({ kind }) => WITH_RECORD.has(kind)),
    );
    return deps.clientRecords.of(concerned, now);
  }

  function messagesOf(order: OrderView, { kind, key, at }: PendingEffect): OutgoingMessage[] {
    const type = TYPES[kind] ?? (kind === 'placed' && order.renewalOf !== null ? 'order.renewed' : undefined);
    return type === undefined
      ? []
      : [{ key: `order:${order.orderId}:${key}`, subject: subjectOf(order), type, at, data: dataOf(order) }];
  }

  /** One that is paid was owed before, as the platform hears before, too: whoever found that may be slower than the payment. */
  function chargeMessages(order: OrderView, amount: StoredAmount): OutgoingMessage[] {
    if (amount.status !== 'paid') return [chargeMessage(order, amount, 'owed')];
    const paid = chargeMessage(order, amount, 'paid');
    return amount.wasOwed === true ? [chargeMessage(order, amount, 'owed'), paid] : [paid];
  }

  function chargeMessage(order: OrderView, amount: StoredAmount, state: 'owed' | 'paid'): OutgoingMessage {
    const { orderId, modelId, marketerId, number, fans, amount: cents, fellDueAt } = amount;
    const paidAt = state === 'paid' ? (amount.paidAt ?? null) : null;
    return {
      key: `order:${orderId}:amount:${number}:${state}`,
      subject: subjectOf(order),
      type: `charge.${state}`,
      at: paidAt ?? fellDueAt,
      data: {
        ...{ chargeId: `${orderId}/${number}`, orderId, modelId, marketerId, number, fans, amount: cents },
        ...{ status: state, fellDueAt, paidAt, order: dataOf(order) },
      },
    };
  }

  /** An order as the API shows it. */
  function dataOf(order: OrderView): OutgoingDataOf<OrderWebhook> {
    return { ...order, ...reasonsOf(order, deps.platform) };
  }

  return {
    ...{ announceOrders, announceAmounts, announceUncoveredAmount, announceShortfall },
    ...{ announceNudges, announceIdle },
  };
}

const PLATFORM = 'platform';

/** What tells the marketer how the client stands (rules 2.10). */
const WITH_RECORD: ReadonlySet<PendingEffect['kind']> = new Set(['placed', 'started', 'progress']);

const ACTS: Partial<Record<PendingEffect['kind'], AuditAct>> = {
  accepted: 'order.accept',
  rejected: 'order.reject',
  stopped: 'order.stop',
};

type OrderWebhook = Extract<OutgoingType, `order.${string}`>;

/** The platform itself sent that the order was placed or cancelled. */
const TYPES: Partial<Record<PendingEffect['kind'], OrderWebhook>> = {
  accepted: 'order.accepted',
  rejected: 'order.rejected',
  expired: 'order.expired',
  refused: 'order.refused',
  started: 'order.started',
  progress: 'order.progressed',
  completed: 'order.completed',
  stopped: 'order.stopped',
};

function subjectOf({ orderId }: OrderView): string {
  return `order:${orderId}`;
}

function latestOf(instants: Date[]): Date {
  return instants.reduce((latest, at) => (at > latest ? at : latest), new Date(0));
}
