import { pause } from '../../src/kernel/wait.ts';
import { type Benchmark, type Figure, inBatches, milliseconds, percentile, secondsOf } from './measure.ts';
import { BEGINNING, fillWeek, modelOf, mondayOf, runMonday, topUp } from './weeks.ts';
import { createWorld, type World } from './world.ts';

const MODELS = 2_000;
/** So many of each are timed while nothing else runs, and at most so many beside. */
const CALLS = 200;
const PAUSE_MS = 5;

/**
 * What people wait for, a payment of an invoice and the acceptance of a prepaid order, one after the other while a Monday
 * of 2 000 models runs in the same process. The limit is the same while nothing else runs.
 */
export const besideMonday: Benchmark = {
  run: async () => {
    const world = await createWorld(BEGINNING);
    try {
      await fillWeek(world, 0, MODELS);
      await runMonday(world, 0, MODELS);
      const now = mondayOf(0);
      await fundAll(world);
      await placeOrders(world, 2 * CALLS, now);
      // Every other model could not pay at once.
      const pay = (index: number) => payInvoice(world, `2026-W47:${modelOf(2 * index + 1)}`, now);
      const accept = (index: number) => acceptOrder(world, `o${index}`, now);
      for (const index of [0, 1, 2, 3, 4]) await Promise.all([pay(2 * CALLS + index), pay(2 * CALLS + 10 + index)]);
      const idle = await timed([pay, accept], 0, () => true);
      await fillWeek(world, 1, MODELS);
      let isRunning = true;
      const monday = runMonday(world, 1, MODELS, { anyPaid: true }).finally(() => {
        isRunning = false;
      });
      const beside = await timed([pay, accept], CALLS, () => isRunning);
      await monday;
      return ['paying an invoice', 'accepting an order'].map((what, which): Figure => {
        const [figure = Number.NaN, limit = Number.NaN] = [beside, idle].map((one) => percentile(one[which] ?? [], 99));
        return {
          name: `${what} beside a Monday, p99 of ${beside[which]?.length} / alone`,
          figure: milliseconds(figure),
          limit: milliseconds(limit),
          ratio: figure / limit,
          goal: { atMost: 3 },
        };
      });
    } finally {
      await world.close();
    }
  },
};

type Call = (index: number) => Promise<void>;

/** How long each of these took, in seconds, from the index `first` on. */
async function timed(calls: Call[], first: number, isOn: () => boolean): Promise<number[][]> {
  const times: number[][] = calls.map(() => []);
  for (let index = first; index < first + CALLS && isOn(); index += 1) {
    for (const [which, call] of calls.entries()) times[which]?.push(await secondsOf(() => call(index)));
    await pause(PAUSE_MS);
  }
  return times;
}

async function fundAll({ core }: World): Promise<void> {
  const models = Array.from({ length: MODELS }, (_, index) => modelOf(index));
  for (const batch of inBatches(models, 500)) await core.ledger.append(batch.map((model) => topUp(model, '-more')));
}

async function placeOrders({ core }: World, count: number, now: Date): Promise<void> {
  const indexes = Array.from({ length: count }, (_, index) => index);
  await core.accounts.applyUpdates(
    indexes.map((index) => {
      const accountId = `marketer-${index}`;
      return { eventId: accountId, timestamp: now, data: { accountId, role: 'marketer', name: accountId } };
    }),
  );
  await core.orders.place(
    indexes.map((index) => {
      const parties = { modelId: modelOf(2 * index), marketerId: `marketer-${index}` };
      const terms = { quantity: 10, pricePerFan: 100, prepaid: true, offerId: 'offer', placedAt: now };
      const data = { orderId: `o${index}`, ...parties, ...terms };
      return { eventId: `placed-o${index}`, timestamp: now, arrivedAt: now, data };
    }),
    now,
  );
}

async function payInvoice({ core }: World, invoiceId: string, now: Date): Promise<void> {
  const { kind } = await core.invoicing.invoices.pay(invoiceId, { actor: 'bench' }, now);
  if (kind !== 'paid') throw new Error(`invoice ${invoiceId} is not paid: ${kind}`);
}

async function acceptOrder({ core }: World, orderId: string, now: Date): Promise<void> {
  const { kind } = await core.orders.accept(orderId, { actor: 'bench' }, now);
  if (kind !== 'accepted') throw new Error(`order ${orderId} is not accepted: ${kind}`);
}
