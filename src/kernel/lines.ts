import { BrokenInvariant, messageOf } from './errors.ts';
import { inBatches } from './group.ts';
import { awaitAtMost } from './wait.ts';

type Check<T> = (items: T[]) => string[] | Promise<string[]>;

/**
 * What a check of documents has to say, a line each. One that is not even of its shape makes the check throw: then each is
 * checked by itself, and that one is named.
 */
export async function linesOn<T>(items: T[], nameOf: (item: T) => string, check: Check<T>): Promise<string[]> {
  try {
    return await check(items);
  } catch (error) {
    if (!isOfTheData(error)) throw error;
    const [only] = items;
    if (only === undefined) throw error;
    if (items.length === 1) return [`${nameOf(only)} cannot be read: ${messageOf(error)}`];
    const lines: string[] = [];
    for (const item of items) lines.push(...(await linesOn([item], nameOf, check)));
    return lines;
  }
}

/** The same of everything that comes one by one, in batches of `size`. */
export async function linesOnAll<T>(
  items: AsyncIterable<T>,
  size: number,
  nameOf: (item: T) => string,
  check: Check<T>,
): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of inBatches(items, size)) lines.push(...(await linesOn(batch, nameOf, check)));
  return lines;
}

/**
 * What several checks have to say, in their order. Some go on side by side: one question after the other costs the
 * database, and us, twice as much. No more of them than keep memory bounded, and leave room for a service beside us.
 */
export async function linesOnParts(parts: Record<string, () => Promise<string[]>>): Promise<string[]> {
  const work = Object.entries(parts).map(
    ([name, check]) =>
      () =>
        linesOnPart(name, check),
  );
  return (await awaitAtMost(PARTS_AT_ONCE, work)).flat();
}

const PARTS_AT_ONCE = 4;

/** The last resort, of a check that cannot say which document it stumbled over. */
async function linesOnPart(name: string, check: () => Promise<string[]>): Promise<string[]> {
  try {
    return await check();
  } catch (error) {
    if (!isOfTheData(error)) throw error;
    return [`${name} cannot be compared: ${messageOf(error)}`];
  }
}

/** What reading something of another shape than expected throws; the trouble of the database is none of it. */
function isOfTheData(error: unknown): boolean {
  return [TypeError, RangeError, SyntaxError, BrokenInvariant].some((kind) => error instanceof kind);
}
