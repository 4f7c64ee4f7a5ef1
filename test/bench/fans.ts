import type { DataOf } from '../../src/events/catalogue.ts';
import type { Incoming } from '../../src/inbox/inbox.ts';
import { inBatches } from './measure.ts';
import type { World } from './world.ts';

export const FANS_PER_ORDER = 100;
export const NOW = new Date('2026-11-18T10:00:00Z');
const FANS_PER_CHUNK = 25;
const PRICE = 100;
const ORDERS_PER_MODEL = 4;
const ORDERS_PER_MARKETER = 10;

export type Terms = { prepaid: boolean; chunkSize?: number };

/** The four ways in which fans are paid for: out of escrow or from the balance, in parts or not. */
export const TERMS = 4;

/** One of them after the other. */
export function termsOf(index: number): Terms {
  return { prepaid: index % TERMS < 2, ...(index % 2 === 0 ? {} : { chunkSize: FANS_PER_CHUNK }) };
}

/** `termsOf` is asked for each order by its index, from 0. */
export type Wanted = { prefix: string; orders: number; quantity: number; termsOf: (index: number) => Terms };

/** Orders that run, each for a client who can pay for it. */
export async function startOrders({ core }: World, { prefix, orders, quantity, termsOf }: Wanted): Promise<void> {
  const indexes = Array.from({ length: orders }, (_, index) => index);
  const models = new Set(indexes.map((index) => modelOf(prefix, index)));
  const marketers = new Set(indexes.map((index) => marketerOf(prefix, index)));
  await core.accounts.applyUpdates([
    ...[...models].map((accountId) => account(accountId, { role: 'model' })),
    ...[...marketers].map((accountId) => account(accountId, { role: 'marketer', capacity: ORDERS_PER_MARKETER })),
  ]);
  await core.ledger.append([...models].map((modelId) => topUp(modelId, ORDERS_PER_MODEL * quantity * PRICE)));
  for (const batch of inBatches(indexes, 500)) {
    const facts = batch.map((index) => {
      const common = { quantity, pricePerFan: PRICE, offerId: 'offer', placedAt: NOW, ...termsOf(index) };
      const parties = { modelId: modelOf(prefix, index), marketerId: marketerOf(prefix, index) };
      const data: DataOf<'order.placed'> = { orderId: orderOf(prefix, index), ...parties, ...common };
      return { eventId: `placed-${data.orderId}`, timestamp: NOW, arrivedAt: NOW, data };
    });
    await core.orders.place(facts, NOW);
    // Each marketer's one after the other, all marketers at once.
    for (let turn = 0; turn < ORDERS_PER_MARKETER; turn += 1) {
      const mine = facts.filter((_fact, index) => index % ORDERS_PER_MARKETER === turn);
      await Promise.all(mine.map(({ data }) => accept(core, data.orderId)));
    }
  }
}

async function accept(core: World['core'], orderId: string): Promise<void> {
  const { kind } = await core.orders.accept(orderId, { actor: 'bench' }, NOW);
  if (kind !== 'accepted') throw new Error(`order ${orderId} is not accepted: ${kind}`);
}

/** As many fans as the orders need, each a person of their own, in an order that is mixed and always the same. */
export function* fansOf(wanted: Wanted, batch: number): Generator<Incoming[]> {
  const turns = shuffled(wanted.orders * wanted.quantity);
  for (let from = 0; from < turns.length; from += batch) {
    yield Array.from(turns.subarray(from, from + batch), (turn, index) =>
      fanOf(wanted, turn % wanted.orders, from + index),
    );
  }
}

function fanOf({ prefix }: Wanted, order: number, index: number): Incoming {
  const subscriptionId = `${prefix}-fan-${index}`;
  const data = {
    subscriptionId,
    fanId: `fan-${subscriptionId}`,
    modelId: modelOf(prefix, order),
    campaignId: `cpl~${orderOf(prefix, order)}`,
    startedAt: NOW,
  };
  const type = 'subscription.started';
  const body = JSON.stringify({ type, timestamp: NOW, data });
  return { id: `event-${subscriptionId}`, type, timestamp: NOW, body, known: true };
}

/** Throws unless these orders are all complete, with all that was due paid. */
export async function checkDelivered({ raw }: World, { prefix, orders, quantity }: Wanted): Promise<void> {
  const mine = { $regex: `^${prefix}-` };
  const completed = await raw('orders').countDocuments({ _id: mine, status: 'completed', settled: quantity });
  const counted = await raw('order_fans').countDocuments({ _id: mine, verdict: 'counted' });
  const unpaid = await raw('order_amounts').countDocuments({ _id: mine, status: { $ne: 'paid' } });
  if (completed !== orders || counted !== orders * quantity || unpaid > 0)
    throw new Error(
      `${completed} of ${orders} orders are complete, ${counted} fans count, ${unpaid} amounts are unpaid`,
    );
}

/** Where fans and what follows from them are stored, and which documents of it are those of a prefix. */
export function documentsOf(prefix: string) {
  const mine = { _id: { $regex: `^${prefix}-` } };
  return [
    { name: 'subscriptions', filter: mine },
    { name: 'order_fans', filter: mine },
    { name: 'order_amounts', filter: mine },
    { name: 'ledger_entries', filter: { _id: { $regex: `^order:${prefix}-.*:amount:` } } },
  ];
}

function orderOf(prefix: string, index: number): string {
  return `${prefix}-order-${index}`;
}

function modelOf(prefix: string, index: number): string {
  return `${prefix}-model-${Math.floor(index / ORDERS_PER_MODEL)}`;
}

function marketerOf(prefix: string, index: number): string {
  return `${prefix}-marketer-${Math.floor(index / ORDERS_PER_MARKETER)}`;
}

function account(accountId: string, more: { role: 'model' | 'marketer'; capacity?: number }) {
  return { eventId: `account-${accountId}`, timestamp: NOW, data: { accountId, name: accountId, ...more } };
}

function topUp(modelId: string, amount: number) {
  return {
    entryId: `topup:${modelId}`,
    book: `model:${modelId}`,
    postings: [
      { account: 'world:topups', amount: -amount },
      { account: `model:${modelId}`, amount },
    ],
    effectiveAt: NOW,
  };
}

/** The numbers below `count`, mixed by a generator that always starts at the same place. */
function shuffled(count: number): Uint32Array {
  const numbers = Uint32Array.from({ length: count }, (_, index) => index);
  let state = 1;
  for (let last = count - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (last + 1));
    [numbers[last], numbers[other]] = [numbers[other] ?? 0, numbers[last] ?? 0];
  }
  return numbers;
}
