import { durable } from '../../database/durable.ts';
import { BrokenInvariant } from '../../kernel/errors.ts';
import { inBatches } from '../../kernel/group.ts';
import type { Entry } from '../../ledger/entry.ts';
import type { Ledger } from '../../ledger/journal.ts';
import { undoneDecisions } from '../../ledger/undoneDecisions.ts';
import type { OrderBlocker } from '../../notices/messages/orders.ts';
import { type AnswerKind, decideAnswer, type OrderReason, totalOf } from '../order.ts';
import type { OrderQueries } from '../orderQueries.ts';
import type { AcceptOutcome, By, OrderRefusal, RejectOutcome } from '../outcome.ts';
import { answeredBy, answerOf, type DeclinedStatus, declineEntry, holdEntry } from '../settlement/entries.ts';
import { expiryReason, type OrderStore, type StoredOrder, toOrder } from '../store.ts';
import type { OrderBlockers } from './orderBlockers.ts';
import type { PendingEffects } from './pendingEffects.ts';
import type { Queues } from './queues.ts';

/** The actor of an answer that no person gave. */
const PLATFORM = 'platform';

const BATCH = 500;

type Decline = {
  status: DeclinedStatus;
  at: Date;
  actor: string;
  reason: string | null;
  blockers?: OrderBlocker[];
  /** The platform's event that asks for it. */
  eventId?: string | undefined;
};

export type OrderAnswers = ReturnType<typeof createOrderAnswers>;

/**
 * Answers to placed orders (rules 4.2, 4.3, 4.9): whoever is first in the database wins. An answer to a prepaid order is
 * one entry of the ledger, the hold or a decline, and the state follows it; else it is one conditional update.
 */
export function createOrderAnswers(deps: {
  store: OrderStore;
  ledger: Ledger;
  queues: Queues;
  orderBlockers: OrderBlockers;
  orderQueries: Pick<OrderQueries, 'view'>;
  pendingEffects: Pick<PendingEffects, 'process' | 'announceShortfall'>;
  /** Stops what a concurrent termination did not see. */
  stopTerminated: (modelId: string, now: Date) => Promise<void>;
}) {
  const { ledger } = deps;
  const { orders } = deps.store;

  /**
   * Accepts an order for its marketer. Refuses one that is not placed, or is past `respondBy`, and one whose client was
   * terminated, which ends it as refused; too little balance for a prepaid one leaves it placed (rules 4.3).
   */
  async function accept(orderId: string, by: By, now: Date): Promise<AcceptOutcome> {
    const answerable = await answerableAt(orderId, 'accept', now);
    if ('outcome' in answerable) return answerable.outcome ?? { kind: 'already-accepted', order: answerable.view };
    const { stored, at } = answerable;
    if (await deps.orderBlockers.isTerminated(stored.modelId, now)) {
      const blockers: OrderBlocker[] = [{ kind: 'client-terminated' }];
      await decline(stored, { status: 'refused', at, actor: PLATFORM, reason: null, blockers });
      return accept(orderId, by, now);
    }
    if (stored.prepaid) {
      const taken = await ledger.take(holdEntry(toOrder(stored), at, by));
      if (taken.kind === 'insufficient') {
        if (await isOutdated(stored)) return accept(orderId, by, now);
        await deps.pendingEffects.announceShortfall(stored, taken.missing, by.actor, now);
        return { kind: 'insufficient', order: await deps.orderQueries.view(stored, now), missing: taken.missing };
      }
      await follow(stored, taken.entry);
      return taken.kind === 'written' ? accepted(orderId, now) : accept(orderId, by, now);
    }
    if (!(await deps.queues.join(stored, at, by))) return accept(orderId, by, now);
    await afterAcceptance(stored, at);
    return accepted(orderId, now);
  }

  /**
   * Marks that the order waits for money. True when it no longer does: money came before anybody could see the mark, or
   * another acceptance took what seemed to be missing.
   */
  async function isOutdated({ _id, modelId, ...order }: StoredOrder): Promise<boolean> {
    await orders.updateOne({ _id, status: 'placed' }, { $set: { awaitingFunds: true } }, durable(orders));
    if ((await ledger.outcome(`model:${modelId}`, answerOf(_id))) !== undefined) return true;
    return (await ledger.balance(`model:${modelId}`)) >= totalOf(order);
  }

  async function accepted(orderId: string, now: Date): Promise<AcceptOutcome> {
    return { kind: 'accepted', order: await deps.orderQueries.view(await existing(orderId), now) };
  }

  /** Rejects an order for its marketer (rules 4.2); refuses one that is not placed. */
  async function reject(orderId: string, { actor, reason }: By, now: Date): Promise<RejectOutcome> {
    const answerable = await answerableAt(orderId, 'reject', now);
    if ('outcome' in answerable) return answerable.outcome ?? { kind: 'already-rejected', order: answerable.view };
    const { stored, at } = answerable;
    const won = await decline(stored, { status: 'rejected', at, actor, reason: reason ?? null });
    if (!won) return reject(orderId, { actor, reason }, now);
    return { kind: 'rejected', order: await deps.orderQueries.view(await existing(orderId), now) };
  }

  /** Cancels an order for its client; does nothing when it is not placed any more (rules 4.9). */
  async function cancel(
    orderId: string,
    { reason, eventId }: { reason: string | undefined; eventId: string },
    now: Date,
  ): Promise<void> {
    const answerable = await answerableAt(orderId, 'cancel', now);
    if ('outcome' in answerable) return;
    const { stored, at } = answerable;
    await decline(stored, { status: 'cancelled', at, actor: PLATFORM, reason: reason ?? null, eventId });
  }

  /** Ends an order that nobody answered, at its `respondBy`, when that has come by `now`. */
  async function expire(stored: StoredOrder, now: Date): Promise<void> {
    if (now < stored.respondBy) return;
    await decline(stored, { status: 'expired', at: stored.respondBy, actor: PLATFORM, reason: null });
  }

  /** Refuses a placed order whose client was terminated. */
  async function refuse(stored: StoredOrder, now: Date): Promise<void> {
    if (now >= stored.respondBy) return expire(stored, now);
    const blockers: OrderBlocker[] = [{ kind: 'client-terminated' }];
    await decline(stored, { status: 'refused', at: now, actor: PLATFORM, reason: null, blockers });
  }

  type Answerable =
    | { stored: StoredOrder; at: Date }
    | { outcome: OrderRefusal | { kind: 'not-found' } }
    | { outcome: null; view: OrderRefusal['order'] };

  /**
   * The order, when it can be answered so at `now`, else the refusal; `outcome` null: the same answer was given before.
   */
  async function answerableAt(orderId: string, answer: AnswerKind, now: Date): Promise<Answerable> {
    const stored = await orders.findOne({ _id: orderId });
    if (stored === null) return { outcome: { kind: 'not-found' } };
    const decision = decideAnswer(toOrder(stored), answer, now);
    switch (decision.kind) {
      case 'answer':
        return { stored, at: decision.at };
      case 'expire-first':
        await expire(stored, now);
        return answerableAt(orderId, answer, now);
      case 'already':
        return { outcome: null, view: await deps.orderQueries.view(stored, now) };
      case 'refused':
        return { outcome: { ...decision, order: await deps.orderQueries.view(stored, now) } };
    }
  }

  /** Ends a placed order without acceptance. False when somebody else answered first; then that is carried out. */
  async function decline(stored: StoredOrder, wanted: Decline): Promise<boolean> {
    if (!stored.prepaid) return close(stored, wanted);
    const taken = await ledger.take(declineEntry(toOrder(stored), wanted));
    if (taken.kind === 'insufficient') throw new BrokenInvariant(`declining order ${stored._id} took money`);
    await follow(stored, taken.entry);
    return taken.kind === 'written';
  }

  async function entryOf({ _id, modelId }: StoredOrder): Promise<Entry> {
    const entry = await ledger.outcome(`model:${modelId}`, answerOf(_id));
    if (entry === undefined) throw new BrokenInvariant(`order ${_id} has lost its ledger entry`);
    return entry;
  }

  /** Brings a prepaid order to the state that follows from the ledger. Every step can be done again. */
  async function follow(stored: StoredOrder, entry: Entry): Promise<void> {
    const status = answeredBy(entry);
    const { effectiveAt: at, actor = PLATFORM, reason, eventId } = entry;
    if (status !== 'accepted') {
      await close(stored, { status, at, actor, reason: reason ?? null, eventId });
      return;
    }
    await deps.queues.join(stored, at, { actor, reason });
    await afterAcceptance(stored, at);
  }

  async function close(
    { _id }: StoredOrder,
    { status, at, actor, reason, blockers, eventId }: Decline,
  ): Promise<boolean> {
    // Read again: that money was missing may have been found out since.
    const reasons = status === 'expired' ? [expiryReason(await existing(_id))] : reasonsOf(status, reason, blockers);
    const { matchedCount } = await orders.updateOne(
      { _id, status: 'placed' },
      {
        $set: { status, endedAt: at, reasons, ...(eventId === undefined ? {} : { endedByEvent: eventId }) },
        $push: { pendingEffects: { key: status, kind: status, at, actor, ...(reason === null ? {} : { reason }) } },
        $unset: { nextStepAt: '' },
      },
      durable(orders),
    );
    await deps.pendingEffects.process([_id]);
    return matchedCount === 1;
  }

  async function afterAcceptance({ _id, modelId, marketerId }: StoredOrder, at: Date): Promise<void> {
    const started = await deps.queues.advance([marketerId], at);
    await deps.pendingEffects.process([_id, ...started]);
    // A termination decided meanwhile may have read the orders before this one was accepted.
    if (await deps.orderBlockers.isTerminated(modelId, at)) await deps.stopTerminated(modelId, at);
  }

  async function existing(orderId: string): Promise<StoredOrder> {
    const stored = await orders.findOne({ _id: orderId });
    if (stored === null) throw new BrokenInvariant(`order ${orderId} is gone`);
    return stored;
  }

  /** Finishes what a crash left between a ledger entry and the state that follows it. */
  async function repair(): Promise<void> {
    for await (const batch of inBatches(orders.find({ status: 'placed', prepaid: true }), BATCH)) {
      const decided = await ledger.decided(batch.map(({ _id, modelId }) => [`model:${modelId}`, answerOf(_id)]));
      for (const one of batch) if (decided.has(answerOf(one._id))) await follow(one, await entryOf(one));
    }
  }

  const unfinished = undoneDecisions({
    kind: 'answers to orders',
    ledger,
    questionOf: answerOf,
    subjects: orders,
    undone: { status: 'placed' },
    finish: async (stored) => follow(stored, await entryOf(stored)),
  });

  return { accept, reject, cancel, expire, refuse, repair, unfinished };
}

function reasonsOf(
  status: Exclude<DeclinedStatus, 'expired'>,
  reason: string | null,
  blockers: OrderBlocker[] = [],
): OrderReason[] {
  switch (status) {
    case 'rejected':
    case 'cancelled':
      return [{ kind: status, reason }];
    case 'refused':
      return blockers.length > 0 ? blockers : [{ kind: 'client-terminated' }];
  }
}
