import type { Clock } from '../kernel/clock.ts';
import { createReadLately } from '../kernel/readLately.ts';
import { type Preview, type PreviewRow, ranked } from './preview.ts';

export type SimulatedRun = Preview['run'];

/** `asOf`: when it was simulated; `ranked`: its rows once more, the greatest amount first. */
export type SimulatedAsOf = Preview & { asOf: Date; ranked: PreviewRow[] };

type Source = { next(): Promise<Preview>; weight(most: number): Promise<number> };

const KEPT_MS = 600_000;

export type Simulation = ReturnType<typeof createSimulation>;

/** What the next runs would do, for whoever asks part by part. Reads only. */
export function createSimulation({ clock, ...runs }: Record<SimulatedRun, Source> & { clock: Clock }) {
  const simulate = async (run: SimulatedRun): Promise<SimulatedAsOf> => {
    const asOf = clock.now();
    const preview = await runs[run].next();
    return { ...preview, asOf, ranked: ranked(preview.rows) };
  };
  /**
   * For pages, which ask for it part by part: a run that reads much is simulated for all of them at once, and kept for a minute, or for ten
   * for whoever asks first after that.
   */
  const lately = createReadLately({
    ...{ read: simulate, weight: (run: SimulatedRun, most) => runs[run].weight(most), clock, mostMs: KEPT_MS, most: 2 },
  });

  return { lately };
}
