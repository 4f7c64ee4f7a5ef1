import { durable } from '../../src/database/durable.ts';
import { BUCKETS } from '../../src/inbox/store.ts';
import { hashOf } from '../../src/kernel/ids.ts';
import { listen } from '../../webhooks/server.ts';
import { bodyOf, type LoadGenerator, startLoadGenerator } from './loadGenerator.ts';
import { alternate, type Benchmark, type Figure, ratesFigure } from './measure.ts';
import { appOver } from './receiver.ts';
import { createWorld, type World } from './world.ts';

const NOW = new Date('2026-11-18T10:00:00Z');
const ROUNDS = 5;

/**
 * Events acknowledged per second, over real sockets. At many connections the limit is the same app whose inbox answers
 * at once: verify, parse, validate, answer. At one connection it is one durable insert after the other.
 */
export const receive: Benchmark = {
  run: async () => {
    const world = await createWorld(NOW);
    const load = startLoadGenerator();
    const product = await listen(appOver(world), LOCAL);
    const stub = await listen(
      appOver(world, { inbox: { ...world.core.inbox, receive: async () => 'accepted' } }),
      LOCAL,
    );
    const send = async (port: number, name: string, connections: number, bodies: number): Promise<number> =>
      load.run({ port, connections, prefix: name, bodies, first: 0 });
    try {
      // Both are warm before anything counts.
      await send(product.port, 'warm', 64, 5_000);
      await send(stub.port, 'warm', 64, 5_000);
      return [await manyConnections(send, product.port, stub.port), await oneConnection(send, world, product.port)];
    } finally {
      load.stop();
      await Promise.all([product.close(), stub.close()]);
      await world.close();
    }
  },
};

const LOCAL = { host: '127.0.0.1', port: 0 };

type Send = (port: number, name: string, connections: number, bodies: number) => ReturnType<LoadGenerator['run']>;

async function manyConnections(send: Send, product: number, stub: number): Promise<Figure> {
  const rates = await alternate(
    ROUNDS,
    (round) => send(product, `many-${round}`, 64, 10_000),
    (round) => send(stub, `many-${round}`, 64, 10_000),
  );
  return ratesFigure('events acknowledged, 64 connections / without a database', rates, { atLeast: 0.5 });
}

async function oneConnection(send: Send, world: World, product: number): Promise<Figure> {
  const raw = world.raw('raw_events');
  const inserts = async (round: number): Promise<number> => {
    const documents = Array.from({ length: 2_000 }, (_, index) => storedLike(`raw-${round}-${index}`, index));
    const start = performance.now();
    for (const document of documents) await raw.insertOne(document, durable(raw));
    return documents.length / ((performance.now() - start) / 1_000);
  };
  await inserts(-1);
  const rates = await alternate(ROUNDS, (round) => send(product, `one-${round}`, 1, 2_000), inserts);
  return ratesFigure('events acknowledged, 1 connection / single durable inserts', rates, { atLeast: 0.7 });
}

/** The document that the inbox stores for an event. */
function storedLike(id: string, index: number) {
  const body = JSON.stringify(bodyOf(id, index));
  const hash = hashOf(body);
  return {
    _id: id,
    type: 'payment.succeeded',
    timestamp: NOW,
    body,
    hash,
    receivedAt: NOW,
    status: 'received',
    bucket: hash.charCodeAt(0) % BUCKETS,
    nextAt: NOW,
    attempts: 0,
  };
}
