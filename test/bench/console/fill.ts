import { inBatches } from '../measure.ts';
import type { World } from '../world.ts';

/** How large a world is: everything in it grows with its models. */
export type Size = { models: number; marketers: number; affiliates: number; orders: number };

export function sizeOf(models: number): Size {
  return {
    models,
    marketers: Math.max(25, models / 200),
    affiliates: Math.max(50, models / 20),
    orders: models / 10,
  };
}

const BATCH = 1_000;
const AT_ONCE = 4;

/** Inserts documents that the slice of a collection would have left behind, as `of` says for each index. */
export async function fill(
  { raw }: Pick<World, 'raw'>,
  name: string,
  count: number,
  of: (index: number) => object | object[],
): Promise<void> {
  const collection = raw(name);
  for (let from = 0; from < count; from += BATCH) {
    const documents = Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => of(from + at)).flat();
    // Each is whole, by the type of its slice.
    await Promise.all(
      inBatches(documents, Math.ceil(documents.length / AT_ONCE) || 1).map((part) =>
        collection.insertMany(part as { _id: string }[], { ordered: false }),
      ),
    );
  }
}

/** A number below `below` that follows from others, so that every run fills the same world. */
export function drawn(below: number, ...from: number[]): number {
  let state = 2_166_136_261;
  for (const one of from) state = Math.imul(state ^ (one + 0x9e37), 16_777_619) >>> 0;
  state = Math.imul(state ^ (state >>> 15), 2_246_822_507) >>> 0;
  return ((state ^ (state >>> 13)) >>> 0) % below;
}

export const modelOf = (index: number): string => `model-${index}`;
export const marketerOf = (index: number): string => `marketer-${index}`;
export const affiliateOf = (index: number): string => `affiliate-${index}`;

/** When the console is looked at: a day after the latest invoices fell due. */
export const NOW = new Date('2026-11-27T12:00:00Z');
export const DAY_MS = 86_400_000;
export const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * DAY_MS);
