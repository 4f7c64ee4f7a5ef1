import fc from 'fast-check';
import { test } from 'vitest';

/**
 * How much is tried. `npm test` takes a sample of what kills, freezes and makes writes fail, `npm run test:all` all of
 * it; a test file that is run by itself is run in full.
 */
export const isSample = process.env.TEST_DEPTH === 'sample';

/** What chance decides in this run follows from this number; vitest.config.ts chooses it, and the run shows it. */
export const seed = Number(process.env.TEST_SEED ?? 7);

/** How many times something is tried: so often, or in a sample a tenth of that, at least once. */
export function timesOf(inFull: number): number {
  return isSample ? Math.max(1, Math.floor(inFull / 10)) : inFull;
}

/** A test that a sample does without, because another one of its family is in it. */
export const deepTest = test.skipIf(isSample);

/** All items, or for a sample so many of them, chosen by the seed, in their order. */
export function sampleOf<T>(items: readonly T[], count: number): T[] {
  if (!isSample || items.length <= count) return [...items];
  const [chosen = []] = fc.sample(fc.subarray([...items], { minLength: count, maxLength: count }), {
    seed,
    numRuns: 1,
  });
  return chosen;
}

/**
 * Lets something go wrong at each write of some work, one after the other: `attempt` does the work from the beginning,
 * disturbed at its write number `write` (from 0), and answers how many writes it came to. The last attempt comes to none
 * that is disturbed. A sample counts the writes first, and takes so many of them, one unless told. Answers how many there are.
 */
export async function atEachWrite(attempt: (write: number) => Promise<number>, inSample = 1): Promise<number> {
  if (isSample) {
    const total = await attempt(Number.POSITIVE_INFINITY);
    for (const write of sampleOf([...Array(total).keys()], inSample)) await attempt(write);
    return total;
  }
  for (let write = 0; ; write += 1) {
    const reached = await attempt(write);
    if (reached <= write) return reached;
  }
}
