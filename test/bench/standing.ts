import { Agent, request } from 'node:http';
import { listen } from '../../webhooks/server.ts';
import { latePayers, NOW, PER_MODEL } from './latePayers.ts';
import {
  alternate,
  type Benchmark,
  type Figure,
  inBatches,
  milliseconds,
  percentile,
  seconds,
  secondsOf,
} from './measure.ts';
import { appOver } from './receiver.ts';
import { createWorld, type World } from './world.ts';

const SMALL = 10_000;
const LARGE = 100_000;
const BATCH = 500;
const ROUNDS = 3;
const READ_ROUNDS = 5;
const READS = 2_000;
const KEY = 'bench-key-of-some-length';

/**
 * Standing of many models, computed from their invoices in batches, beside one plain read of the same documents; how both
 * grow with the models, so that a machine that slows down in between slows both; and one over the API beside a single
 * plain read by id.
 */
export const standing: Benchmark = {
  run: async () => {
    // The large one first: its memory counts. Each on a database of its own.
    const { large, call } = await withModels(LARGE, async (world) => ({
      large: await beside(world, LARGE),
      call: await overTheApi(world),
    }));
    const small = await withModels(SMALL, (world) => beside(world, SMALL));
    const [grown, readGrown] = [large.product / small.product, large.limit / small.limit];
    return [
      {
        name: `standing of ${LARGE} models / one read of their invoices`,
        figure: seconds(large.product),
        limit: seconds(large.limit),
        ratio: large.product / large.limit,
        goal: { atMost: 3 },
      },
      {
        name: `standing, growth ${SMALL} to ${LARGE} models / growth of the read`,
        figure: `x ${grown.toFixed(2)}`,
        limit: `x ${readGrown.toFixed(2)}`,
        ratio: grown / readGrown,
        goal: { atMost: 1.1 },
      },
      call,
    ];
  },
};

async function withModels<T>(models: number, measure: (world: World) => Promise<T>): Promise<T> {
  const world = await createWorld(NOW);
  try {
    await latePayers(world, models);
    await recompute(world, SMALL);
    return await measure(world);
  } finally {
    await world.close();
  }
}

function beside(world: World, models: number): Promise<{ product: number; limit: number }> {
  return alternate(
    ROUNDS,
    () => secondsOf(() => recompute(world, models)),
    () => secondsOf(() => readAll(world, models)),
  );
}

async function recompute({ core }: World, models: number): Promise<void> {
  const ids = Array.from({ length: models }, (_, index) => `model-${index}`);
  let blocked = 0;
  for (const batch of inBatches(ids, BATCH)) {
    const found = await core.standing.standings.standings(batch, NOW);
    for (const one of found.values()) if (one.cplOrders === 'blocked') blocked += 1;
  }
  if (blocked !== models / PER_MODEL) throw new Error(`${blocked} of ${models} models are blocked`);
}

/** What standing needs of an invoice. */
const FIELDS = { modelId: 1, dueAt: 1, total: 1, completedAt: 1 };

async function readAll({ raw }: World, models: number): Promise<void> {
  let count = 0;
  for await (const _invoice of raw('invoices').find({}, { projection: FIELDS, batchSize: BATCH })) count += 1;
  if (count !== models * PER_MODEL) throw new Error(`${count} invoices of ${models} models`);
}

/** One call after the other, each beside a read, so that whatever disturbs the machine meets both. */
async function overTheApi(world: World): Promise<Figure> {
  const server = await listen(appOver(world, { apiKeys: [{ name: 'bench', key: KEY }] }), {
    host: '127.0.0.1',
    port: 0,
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const invoices = world.raw('invoices');
  const idOf = (index: number) => `model-${(index * 7_919) % SMALL}`;
  const ask = (index: number) => get(server.port, agent, `/v1/models/${idOf(index)}/standing`);
  const read = async (index: number): Promise<void> => {
    if ((await invoices.findOne({ _id: `2026-W40:${idOf(index)}` })) === null) throw new Error('no such invoice');
  };
  try {
    await percentiles(ask, read);
    const rounds: { product: number; limit: number }[] = [];
    for (let round = 0; round < READ_ROUNDS; round += 1) rounds.push(await percentiles(ask, read));
    rounds.sort((a, b) => a.product / a.limit - b.product / b.limit);
    const { product, limit } = rounds[READ_ROUNDS >> 1] ?? { product: Number.NaN, limit: Number.NaN };
    return {
      name: 'GET /v1/models/{id}/standing, p99 / a read by id, p99',
      figure: milliseconds(product),
      limit: milliseconds(limit),
      ratio: product / limit,
      goal: { atMost: 5 },
    };
  } finally {
    agent.destroy();
    await server.close();
  }
}

type Call = (index: number) => Promise<void>;

async function percentiles(ask: Call, read: Call): Promise<{ product: number; limit: number }> {
  const products: number[] = [];
  const limits: number[] = [];
  for (let index = 0; index < READS; index += 1) {
    products.push(await secondsOf(() => ask(index)));
    limits.push(await secondsOf(() => read(index)));
  }
  return { product: percentile(products, 99), limit: percentile(limits, 99) };
}

function get(port: number, agent: Agent, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${KEY}` };
    request({ host: '127.0.0.1', port, path, agent, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${path}: ${response.statusCode}`));
      });
    })
      .on('error', reject)
      .end();
  });
}
