import type { StoredFan, StoredOrder } from '../../../src/orders/store.ts';
import type { World } from '../world.ts';
import { DAY_MS, daysAgo, drawn, fill, marketerOf, modelOf, NOW, type Size } from './fill.ts';
import { written } from './invoices.ts';

const QUANTITY = 20;
const PRICE = 100;
/** Fans of the one order that has many. */
const MANY = 2_000;

export const orderOf = (index: number): string => `order-${index}`;

/** Orders in every state, with their fans and amounts. Each marketer has as many; those of the first hundredth are the latest. */
export async function fillOrders(world: World, size: Size): Promise<void> {
  const { orders, marketers } = size;
  const at = (index: number) => orderAt(index, size);
  await fill(world, 'orders', orders, at);
  await fill(world, 'order_fans', orders, (index) => {
    const { delivered, acceptedAt, modelId } = at(index);
    return acceptedAt === undefined ? [] : fansOf(index, modelId, acceptedAt, index === 0 ? MANY : delivered);
  });
  const paid = (index: number) => at(index).status === 'completed';
  await fill(world, 'order_amounts', orders, (index) => {
    if (!paid(index)) return [];
    const common = { orderId: orderOf(index), modelId: modelOf(index), marketerId: marketerOf(index % marketers) };
    const sums = { number: QUANTITY, fans: QUANTITY, amount: QUANTITY * PRICE, fellDueAt: daysAgo(index % 60) };
    const end = { status: 'paid', paidAt: daysAgo(index % 60), insertedAt: daysAgo(index % 60) };
    return [{ _id: `${orderOf(index)}/${QUANTITY}`, ...common, ...sums, ...end }];
  });
  await fill(world, 'ledger_entries', orders, (index) => {
    if (!paid(index)) return [];
    const [model, marketer] = [`model:${modelOf(index)}`, `marketer:${marketerOf(index % marketers)}`];
    const postings = [
      { account: model, amount: -QUANTITY * PRICE },
      { account: marketer, amount: QUANTITY * PRICE },
    ];
    const entryId = `order:${orderOf(index)}:amount:${QUANTITY}`;
    return [written({ entryId, book: model, postings, effectiveAt: daysAgo(index % 60) })];
  });
}

function orderAt(index: number, { marketers }: Size): StoredOrder {
  const placedAt = new Date(daysAgo(index % 90).getTime() - 2 * DAY_MS - (index % 997) * 60_000);
  const terms = { offerId: 'offer', quantity: QUANTITY, pricePerFan: PRICE, prepaid: false, autoRenew: false };
  const common = {
    ...{ _id: orderOf(index), hash: `hash-${index}`, insertedAt: placedAt, eventId: `placed-${index}` },
    ...{ modelId: modelOf(index), marketerId: marketerOf(index % marketers), ...terms, placedAt },
    ...{ respondBy: new Date(placedAt.getTime() + 3 * DAY_MS), delivered: 0, settled: 0, progress: 0 },
  };
  const acceptedAt = new Date(placedAt.getTime() + DAY_MS / 2);
  const accepted = {
    acceptedAt,
    campaignId: `cpl~${orderOf(index)}`,
    acceptanceNumber: Math.floor(index / marketers) + 1,
  };
  const luck = drawn(100, index, 5);
  if (index === 0 || luck < 15) {
    const idle = {
      days: 14,
      since: daysAgo(luck),
      stepAt: daysAgo(-3),
      ...(luck < 1 ? { isWarned: true as const } : {}),
    };
    const running = { status: 'running' as const, startedAt: acceptedAt, delivered: 10, settled: 0, progress: 50 };
    return { ...common, ...accepted, ...running, idle };
  }
  if (luck < 18) return { ...common, ...accepted, status: 'queued' };
  const endedAt = new Date(placedAt.getTime() + 2 * DAY_MS);
  if (luck < 20) {
    const respondBy = new Date(NOW.getTime() + (luck % 3) * DAY_MS);
    return { ...common, placedAt: daysAgo(1), respondBy, status: 'placed', nextStepAt: respondBy };
  }
  if (luck < 25) return { ...common, status: 'rejected', endedAt, reasons: [{ kind: 'rejected' }] } as StoredOrder;
  const done = { startedAt: acceptedAt, endedAt, delivered: QUANTITY, settled: QUANTITY, progress: 100 };
  return { ...common, ...accepted, ...done, status: 'completed' };
}

function fansOf(index: number, modelId: string, acceptedAt: Date, counted: number): StoredFan[] {
  return Array.from({ length: counted + 2 }, (_, number) => {
    const _id = `fan-${index}-${number}`;
    const at = new Date(acceptedAt.getTime() + number * 60_000);
    const fan = { _id, insertedAt: at, orderId: orderOf(index), fanId: `person-${_id}`, startedAt: at, judgedAt: at };
    if (number < counted) return { ...fan, verdict: 'counted', number: number + 1, modelId };
    return { ...fan, verdict: number % 2 === 0 ? 'surplus' : 'not_real' };
  });
}
