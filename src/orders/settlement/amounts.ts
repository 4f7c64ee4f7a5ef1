import { insertIgnoringDuplicates } from '../../database/duplicates.ts';
import { durable } from '../../database/durable.ts';
import type { Debt } from '../../debts/debts.ts';
import { BrokenInvariant } from '../../kernel/errors.ts';
import { groupBy, roundsOf } from '../../kernel/group.ts';
import type { Unfinished } from '../../kernel/unfinished.ts';
import { awaitAll } from '../../kernel/wait.ts';
import type { EntryDraft } from '../../ledger/entry.ts';
import type { Ledger } from '../../ledger/journal.ts';
import { writtenNow } from '../../seals/source.ts';
import type { OrderAnnouncements } from '../announcements.ts';
import { amountIdOf, type OrderStore, type StoredAmount, type StoredOrder, UNPAID } from '../store.ts';
import { amountEntry } from './entries.ts';
import { type Amount, amountsDue, fansPerAmount, isPaidByFan, settledBy } from './settlement.ts';

/** An order with the fans that count by now. `instants`: when fans qualified, by their number, where known. */
export type Delivered = {
  order: StoredOrder;
  delivered: number;
  /** When it was stopped; an order with all its fans is over by itself. */
  stoppedAt?: Date;
  instants?: Map<number, Date>;
};

export type OrderAmounts = ReturnType<typeof createOrderAmounts>;

/**
 * Amounts that fall due as fans count (rules 4.6): each is a document and one ledger entry, both keyed by order and
 * number, so settling again changes nothing. Out of escrow they are paid at once; else from the client's balance, whole
 * or not at all, and what is not covered stays owed.
 */
export function createOrderAmounts(deps: {
  store: OrderStore;
  ledger: Ledger;
  announcements: Pick<OrderAnnouncements, 'announceAmounts' | 'announceUncoveredAmount'>;
}) {
  const { ledger } = deps;
  const { fans, amounts } = deps.store;

  type Due = { order: StoredOrder; amount: Amount; fellDueAt: Date };

  /**
   * Settles everything that has fallen due, of many orders in a few commands. Answers how many fans are settled of each
   * order where those are more than before, to be stored.
   */
  async function settle(items: Delivered[], now: Date): Promise<Map<string, number>> {
    const open = items.filter(({ order, delivered }) => order.settled < delivered);
    const due: Due[] = [];
    for (const item of open) due.push(...(await dueOf(item)));
    if (due.length > 0) {
      const ids = await awaitAll([
        payFromEscrow(due.filter(({ order }) => order.prepaid)),
        payFromBalance(due.filter(({ order }) => !order.prepaid).sort(inOrder), now),
      ]);
      await announce(ids.flat());
    }
    const moved = open.filter((item) => settledOf(item) > item.order.settled);
    return new Map(moved.map((item) => [item.order._id, settledOf(item)]));
  }

  async function dueOf({ order, delivered, stoppedAt, instants = new Map() }: Delivered): Promise<Due[]> {
    const due = amountsDue(paymentOf(order), order.settled, delivered, stoppedAt !== undefined);
    const unknown = due.map(({ through }) => through).filter((through) => !instants.has(through));
    const stored = unknown.length === 0 ? [] : await judgedAt(order._id, unknown);
    const known = new Map([...instants, ...stored]);
    return due.map((amount) => {
      const isRest = stoppedAt !== undefined && amount.fans < fansPerAmount(paymentOf(order));
      const fellDueAt = isRest ? stoppedAt : known.get(amount.through);
      if (fellDueAt === undefined) throw new BrokenInvariant(`order ${order._id} has no fan ${amount.through}`);
      return { order, amount, fellDueAt };
    });
  }

  async function judgedAt(orderId: string, numbers: number[]): Promise<[number, Date][]> {
    const found = await fans
      .find({ orderId, number: { $in: numbers } }, { projection: { number: 1, judgedAt: 1 } })
      .toArray();
    return found.map(({ number = 0, judgedAt: at }) => [number, at]);
  }

  /** Answers the amounts to announce. */
  async function payFromEscrow(due: Due[]): Promise<string[]> {
    if (due.length === 0) return [];
    await ledger.append(due.map(entryOf));
    const recorded = due.filter(({ order }) => !isPaidByFan(paymentOf(order)));
    const documents = recorded.map((one): StoredAmount => {
      return { ...documentOf(one), status: 'paid', paidAt: one.fellDueAt, notificationPending: true };
    });
    await insertNew(documents);
    return documents.map(({ _id }) => _id);
  }

  async function payFromBalance(due: Due[], now: Date): Promise<string[]> {
    if (due.length === 0) return [];
    await insertNew(due.map((one): StoredAmount => ({ ...documentOf(one), status: 'due' })));
    const written = new Map<string, Date>();
    // Each is a decision on the balance that the one before left.
    for (const round of roundsOf(due, ({ order }) => order.modelId)) {
      const taken = await ledger.takeMany(round.map((one) => entryOf({ ...one, fellDueAt: now })));
      for (const [id, { effectiveAt }] of taken) written.set(id, effectiveAt);
    }
    const paid = due.filter((one) => written.has(entryOf(one).entryId));
    // One that was paid before a crash was paid then.
    for (const [paidAt, some] of groupBy(
      paid,
      (one) => written.get(entryOf(one).entryId)?.getTime() ?? now.getTime(),
    )) {
      await markPaid(some.map(idOf), new Date(paidAt));
    }
    const owed = due.filter((one) => !written.has(entryOf(one).entryId));
    if (owed.length > 0) await amounts.updateMany({ _id: { $in: owed.map(idOf) }, status: 'due' }, OWED);
    return due.map(idOf);
  }

  async function markPaid(ids: string[], paidAt: Date): Promise<void> {
    await amounts.updateMany(
      { _id: { $in: ids }, ...UNPAID },
      { $set: { status: 'paid', paidAt, notificationPending: true } },
      durable(amounts),
    );
  }

  /** Announces amounts that were paid or became owed, where that is still pending. */
  async function announce(ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    const pending = await amounts.find({ _id: { $in: ids }, notificationPending: true }).toArray();
    await announceStored(pending);
  }

  async function announceStored(pending: StoredAmount[]): Promise<void> {
    if (pending.length === 0) return;
    await deps.announcements.announceAmounts(pending);
    for (const status of ['owed', 'paid'] as const) {
      const announced = pending.filter((one) => one.status === status).map(({ _id }) => _id);
      // One that was paid meanwhile keeps its mark.
      if (announced.length > 0)
        await amounts.updateMany({ _id: { $in: announced }, status }, { $unset: { notificationPending: '' } });
    }
  }

  /** What these clients owe for fans, to be tried when their balances have grown (rules 1.8). */
  async function debts(modelIds: string[]): Promise<Debt[]> {
    const unpaid = await amounts.find({ modelId: { $in: modelIds }, ...UNPAID }).toArray();
    return unpaid.map((amount) => ({
      accountId: amount.modelId,
      since: amount.fellDueAt,
      subject: amount.orderId,
      number: amount.number,
      pay: (now) => pay(amount, now),
      announceShortfall: (cause, now) => deps.announcements.announceUncoveredAmount(amount, cause, now),
    }));
  }

  async function pay(amount: StoredAmount, now: Date): Promise<'paid' | 'insufficient' | 'settled'> {
    const taken = await ledger.take(amountEntry({ ...amount, prepaid: false }, amount, now));
    if (taken.kind === 'insufficient') return 'insufficient';
    const paidAt = taken.kind === 'written' ? now : taken.entry.effectiveAt;
    await markPaid([amount._id], paidAt);
    await announce([amount._id]);
    return taken.kind === 'written' ? 'paid' : 'settled';
  }

  /** Finishes amounts that a crash left untried, or paid and not marked so, or not announced. */
  async function repair(now: Date): Promise<void> {
    const unfinished = await amounts.find(UNPAID).toArray();
    const entryIdOf = (one: StoredAmount) => amountEntry({ ...one, prepaid: false }, one, now).entryId;
    const written = await ledger.written(unfinished.map(entryIdOf));
    for (const one of unfinished.filter((each) => each.status === 'due' || written.has(entryIdOf(each)))) {
      if ((await pay(one, now)) !== 'insufficient') continue;
      await amounts.updateOne({ _id: one._id, status: 'due' }, OWED);
    }
    await announceStored(await amounts.find({ notificationPending: true }).toArray());
  }

  const unfinished: Unfinished = {
    kind: 'amounts of orders',
    find: async (limit) => {
      const found = await amounts.find({ notificationPending: true }).limit(limit).toArray();
      return found.map(({ _id, paidAt, fellDueAt }) => ({ id: _id, since: paidAt ?? fellDueAt }));
    },
    finish: announce,
  };

  async function insertNew(documents: StoredAmount[]): Promise<void> {
    const written = writtenNow();
    await insertIgnoringDuplicates(
      amounts,
      documents.map((one) => ({ ...one, ...written })),
      durable(amounts),
    );
  }

  return { settle, debts, repair, unfinished };

  function documentOf({ order, amount, fellDueAt }: Due): Omit<StoredAmount, 'status'> {
    const { _id: orderId, modelId, marketerId } = order;
    const { number, fans: count, amount: cents } = amount;
    return {
      _id: amountIdOf(orderId, number),
      orderId,
      modelId,
      marketerId,
      number,
      fans: count,
      amount: cents,
      fellDueAt,
    };
  }

  function idOf({ order, amount }: Due): string {
    return amountIdOf(order._id, amount.number);
  }

  function entryOf({ order, amount, fellDueAt }: Due): EntryDraft {
    return amountEntry(paymentOf(order), amount, fellDueAt);
  }
}

/** The balance did not cover it. */
const OWED = { $set: { status: 'owed', wasOwed: true, notificationPending: true } } as const;

/** The terms that paying for an order's fans depends on. */
function paymentOf({ _id: orderId, modelId, marketerId, quantity, pricePerFan, prepaid, chunkSize }: StoredOrder) {
  return { orderId, modelId, marketerId, quantity, pricePerFan, prepaid, chunkSize: chunkSize ?? null };
}

function settledOf({ order, delivered, stoppedAt }: Delivered): number {
  return settledBy(paymentOf(order), delivered, stoppedAt !== undefined);
}

/** In the order of the fans; equally old ones by order, and then in its order (rules 4.6). */
function inOrder(
  a: { order: StoredOrder; amount: Amount; fellDueAt: Date },
  b: { order: StoredOrder; amount: Amount; fellDueAt: Date },
): number {
  const apart = a.fellDueAt.getTime() - b.fellDueAt.getTime();
  if (apart !== 0) return apart;
  if (a.order._id === b.order._id) return a.amount.number - b.amount.number;
  return a.order._id < b.order._id ? -1 : 1;
}
