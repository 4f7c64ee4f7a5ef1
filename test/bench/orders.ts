import {
  checkDelivered,
  documentsOf,
  FANS_PER_ORDER,
  fansOf,
  NOW,
  startOrders,
  TERMS,
  termsOf,
  type Wanted,
} from './fans.ts';
import { alternate, type Benchmark, type Figure, perSecond, ratesFigure, seconds, secondsOf } from './measure.ts';
import { createWorld, insertCopies, type World } from './world.ts';

const PARTS = 10;
const SENDERS = 64;
const HOT_FANS = 5_000;
const BATCH = 1_000;

/**
 * Fans of many orders, from the inbox to verdicts, amounts and ledger entries; a tenth of the orders are delivered at a
 * time, mixed. The limit is plain inserts, a thousand at a time, of the documents that this left behind. Then one order
 * that everybody sends to at once, beside many.
 */
export const orders: Benchmark = { run: () => deliver(500) };

/** The same with a million fans over ten thousand orders; it takes long, so it runs only when it is named. */
export const ordersWhole: Benchmark = { run: () => deliver(10_000) };

async function deliver(count: number): Promise<Figure[]> {
  const world = await createWorld(NOW);
  try {
    return [...(await manyOrders(world, count)), await hotOrder(world)];
  } finally {
    await world.close();
  }
}

async function manyOrders(world: World, count: number): Promise<Figure[]> {
  const part = (prefix: string): Wanted => ({
    prefix,
    orders: count / PARTS,
    quantity: FANS_PER_ORDER,
    termsOf,
  });
  // The first two warm the code up, so that the growth is that of the work; each part comes after inserts of the limit.
  let tenth = Number.NaN;
  for (const prefix of ['warm', 'warmer', 'tenth']) {
    tenth = await applyFans(world, part(prefix));
    await insertAgain(world, prefix);
  }
  let product = 0;
  let limit = 0;
  for (let index = 0; index < PARTS; index += 1) {
    product += await applyFans(world, part(`part${index}`));
    limit += await insertAgain(world, `part${index}`);
  }
  const fans = count * FANS_PER_ORDER;
  return [
    {
      name: `${fans} fans of ${count} orders / batched inserts of the same`,
      figure: perSecond(fans / product),
      limit: perSecond(fans / limit),
      ratio: limit / product,
      goal: { atLeast: 0.25 },
    },
    {
      name: `${fans} fans / a tenth of them`,
      figure: seconds(product),
      limit: seconds(tenth),
      ratio: product / tenth,
      goal: { atMost: 11 },
    },
  ];
}

/** Receives the fans of orders that run, then applies them with the workers of a running service; in seconds. */
async function applyFans(world: World, wanted: Wanted): Promise<number> {
  await startOrders(world, wanted);
  for (const batch of fansOf(wanted, BATCH)) {
    await Promise.all(batch.map((fan) => world.core.inbox.receive(fan)));
  }
  const elapsed = await secondsOf(() => world.core.inboxWorker.drain());
  await checkDelivered(world, wanted);
  return elapsed;
}

async function insertAgain(world: World, prefix: string): Promise<number> {
  let elapsed = 0;
  for (const { name, filter } of documentsOf(prefix)) elapsed += await insertCopies(world, name, filter);
  return elapsed;
}

/** Each of the four ways to pay once: one order that all fans come to, beside orders of a hundred fans. */
async function hotOrder(world: World): Promise<Figure> {
  const measure = (prefix: string, round: number, count: number) =>
    sendAndApply(world, { prefix, orders: count, quantity: HOT_FANS / count, termsOf: () => termsOf(round) });
  const rates = await alternate(
    TERMS,
    (round) => measure(`hot${round}`, round, 1),
    (round) => measure(`spread${round}`, round, HOT_FANS / FANS_PER_ORDER),
  );
  return ratesFigure(
    `one hot order, ${SENDERS} senders / ${HOT_FANS / FANS_PER_ORDER} orders, ${SENDERS} senders`,
    rates,
    { atLeast: 0.3 },
  );
}

/** Fans a second, from the first that is sent to the last that is applied. */
async function sendAndApply(world: World, wanted: Wanted): Promise<number> {
  await startOrders(world, wanted);
  const fans = [...fansOf(wanted, BATCH)].flat();
  const { inbox, inboxWorker } = world.core;
  let isSending = true;
  const send = async (sender: number): Promise<void> => {
    for (let index = sender; index < fans.length; index += SENDERS) {
      const fan = fans[index];
      if (fan !== undefined) await inbox.receive(fan);
    }
  };
  const elapsed = await secondsOf(async () => {
    const sent = Promise.all(Array.from({ length: SENDERS }, (_, sender) => send(sender))).finally(() => {
      isSending = false;
    });
    while (isSending) await inboxWorker.drain();
    await sent;
    await inboxWorker.drain();
  });
  await checkDelivered(world, wanted);
  return fans.length / elapsed;
}
