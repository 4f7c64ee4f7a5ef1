import { listen } from '../../webhooks/server.ts';
import { startLoadGenerator } from './loadGenerator.ts';
import { alternate, type Benchmark, type Figure, ratesFigure } from './measure.ts';
import { appOver } from './receiver.ts';
import { createWorld } from './world.ts';

const NOW = new Date('2026-11-18T10:00:00Z');
const ROUNDS = 5;
const PER_BATCH = 500;

/**
 * Events acknowledged per second, in batches and one by one, over as many connections, which are answered alike: when all is in the
 * journal.
 */
export const batch: Benchmark = {
  run: async () => {
    const world = await createWorld(NOW);
    const load = startLoadGenerator();
    const app = appOver(world);
    const server = await listen(app, { host: '127.0.0.1', port: 0 });
    const send = (prefix: string, connections: number, bodies: number, perRequest?: number): Promise<number> =>
      load.run({
        ...{ port: server.port, connections, prefix, bodies, first: 0 },
        ...(perRequest === undefined ? {} : { perRequest }),
      });
    async function compare(connections: number, alone: number, goal: number): Promise<Figure> {
      const rates = await alternate(
        ROUNDS,
        (round) => send(`batch-${connections}-${round}`, connections, 20_000, PER_BATCH),
        (round) => send(`alone-${connections}-${round}`, connections, alone),
      );
      const over = connections === 1 ? '1 connection' : `${connections} connections`;
      return ratesFigure(`events acknowledged in batches of 500 / one by one, ${over}`, rates, { atLeast: goal });
    }
    try {
      await send('warm-alone', 16, 5_000);
      await send('warm-batch', 4, 10_000, PER_BATCH);
      return [await compare(1, 2_000, 5), await compare(4, 4_000, 2)];
    } finally {
      load.stop();
      await server.close();
      await world.close();
    }
  },
};
