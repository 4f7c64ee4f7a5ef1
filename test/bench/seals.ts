import { buildIndexes } from '../../src/database/indexes.ts';
import { type SealKey, sealKeyOf } from '../../src/seals/seal.ts';
import {
  alternate,
  type Benchmark,
  type Figure,
  inBatches,
  processorSecondsOf,
  ratesFigure,
  secondsOf,
} from './measure.ts';
import { MONTH_START, month } from './month.ts';
import { createWorld, type World } from './world.ts';

const EVENTS = 4_000;
const ROUNDS = 3;
const SIDE_BY_SIDE = 64;
const FANS = 2_000;
const RECEIPTS = 20;
const STEP_MS = 300_000;
const KEYS: SealKey[] = [sealKeyOf(Buffer.alloc(32, 1))];

/**
 * What sealing costs those who write: the same service with seals, with their indexes, and without, in turns, by the seconds of
 * processor that it takes. And what a receipt costs, beside one read of what it is about.
 */
export const seals: Benchmark = {
  run: async () => {
    const world = await createWorld(MONTH_START, KEYS);
    try {
      return [await applying(world), await intake(world), await receipts(world)];
    } finally {
      await world.close();
    }
  },
};

/** Without seals nobody would want these. */
async function dropSealIndexes({ core, raw }: World): Promise<void> {
  for (const name of core.seals.collections) await raw(name).dropIndex('insertedAt_1');
}

/** The service without seals: no index of theirs, and nobody seals. */
async function withoutSeals<T>(world: World, work: () => Promise<T>): Promise<T> {
  await dropSealIndexes(world);
  try {
    return await work();
  } finally {
    await buildIndexes(world.core.connection);
  }
}

/** All of them are sealed within the time that counts, as where events come for five minutes and then are sealed. */
async function intake(world: World): Promise<Figure> {
  const receive = async (prefix: string): Promise<void> => {
    for (const batch of inBatches(month(EVENTS, prefix), SIDE_BY_SIDE)) {
      await Promise.all(batch.map((event) => world.core.inbox.receive(event)));
    }
  };
  const rateOf = async (work: () => Promise<unknown>): Promise<number> => EVENTS / (await processorSecondsOf(work));
  await receive('first');
  await sealAll(world);
  const rates = await alternate(
    ROUNDS,
    (round) => rateOf(() => receive(`i${round}`).then(() => sealAll(world))),
    async (round) => {
      const rate = await withoutSeals(world, () => rateOf(() => receive(`j${round}`)));
      await sealAll(world);
      return rate;
    },
  );
  return ratesFigure('events acknowledged and sealed / acknowledged alone', rates, { atLeast: 0.5 });
}

async function applying({ core, ...world }: World): Promise<Figure> {
  const apply = async (prefix: string): Promise<number> => {
    for (const batch of inBatches(month(EVENTS, prefix), SIDE_BY_SIDE)) {
      await Promise.all(batch.map((event) => core.inbox.receive(event)));
    }
    return EVENTS / (await processorSecondsOf(() => core.inboxWorker.drain()));
  };
  await apply('warm');
  const rates = await alternate(
    ROUNDS,
    (round) => apply(`a${round}`),
    (round) => withoutSeals({ core, ...world }, () => apply(`b${round}`)),
  );
  return ratesFigure('events applied, all of them to be sealed / without seals', rates, { atLeast: 0.85 });
}

/** A receipt of an order with many fans, in a database whose seals are full. */
async function receipts(world: World): Promise<Figure> {
  const { core, raw } = world;
  const at = MONTH_START;
  const fans = Array.from({ length: FANS }, (_, index) => ({
    ...{
      _id: `fan-${index}`,
      orderId: 'bench',
      fanId: `f${index}`,
      startedAt: at,
      judgedAt: at,
      insertedAt: new Date(),
    },
    ...{ verdict: 'counted', number: index + 1 },
  }));
  const terms = { modelId: 'm', marketerId: 'k', offerId: 'o', quantity: FANS, pricePerFan: 100, prepaid: false };
  await raw('orders').insertOne({ _id: 'bench', ...terms, placedAt: at, insertedAt: new Date() } as never);
  await raw('order_fans').insertMany(fans as never);
  await sealAll(world);
  const rates = await alternate(
    ROUNDS,
    async () => {
      const elapsed = await secondsOf(async () => {
        for (let count = 0; count < RECEIPTS; count += 1) {
          const issued = await core.receipts.issue({ kind: 'order', id: 'bench', accountId: 'k' });
          if (issued.kind !== 'issued') throw new Error(`the receipt is ${issued.kind}`);
        }
      });
      return elapsed / RECEIPTS;
    },
    async () => {
      const read = () =>
        raw('order_fans')
          .find({ orderId: 'bench' } as object)
          .toArray();
      return (
        (await secondsOf(async () => {
          for (let count = 0; count < RECEIPTS; count += 1) await read();
        })) / RECEIPTS
      );
    },
  );
  return {
    name: `a receipt of an order with ${FANS} fans / one read of them`,
    figure: `${(rates.product * 1_000).toFixed(1)} ms`,
    limit: `${(rates.limit * 1_000).toFixed(1)} ms`,
    ratio: rates.product / rates.limit,
    goal: { atMost: 20 },
  };
}

let clock = MONTH_START.getTime();

function sealOnce({ core }: World) {
  clock += STEP_MS;
  return core.seals.sealDue(new Date(clock));
}

async function sealAll(world: World): Promise<void> {
  while (((await sealOnce(world))?.count ?? 0) > 0);
}
