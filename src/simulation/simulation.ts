import type { Clock } from '../kernel/clock.ts';
import { createReadLately } from '../kernel/readLately.ts';
import { type Preview, type PreviewRow, ranked } from './preview.ts';

export type SimulatedRun = Preview['run'];

/** `asOf`: when it was simulated; `ranked`: its rows once more, the greatest amount first. */
export type SimulatedAsOf = Preview & { asOf: Date; ranked: PreviewRow[] };

type Source = { next(): Promise<Preview>; weight(most: number): Promise<number> };

/** What reads no more documents is simulated for each answer. */
const MOST_WHEN_ASKED = 2_000;
const FRESH_MS = 60_000;
const KEPT_MS = 600_000;

export type Simulation = ReturnType<typeof createSimulation>;

/** What the next runs would do, for whoever asks part by part. Reads only. */
export function createSimulation({ clock, ...runs }: Record<SimulatedRun, Source> & { clock: Clock }) {
  const simulate = async (run: SimulatedRun): Promise<SimulatedAsOf> => {
    const asOf = clock.now();
    const preview = await runs[run].next();
    return { ...preview, asOf, ranked: ranked(preview.rows) };
  };
  const simulatedLately = createReadLately<SimulatedRun, SimulatedAsOf>({
    read: simulate,
    clock,
    freshMs: FRESH_MS,
    mostMs: KEPT_MS,
    most: 2,
  });

  /**
   * For pages, which ask for it part by part: a run that reads much is simulated for all of them at once, and kept for a minute, or for ten
   * for whoever asks first after that.
   */
  async function lately(run: SimulatedRun): Promise<SimulatedAsOf> {
    const isHeavy = (await runs[run].weight(MOST_WHEN_ASKED + 1)) > MOST_WHEN_ASKED;
    return (isHeavy ? simulatedLately : simulate)(run);
  }

  return { lately };
}
