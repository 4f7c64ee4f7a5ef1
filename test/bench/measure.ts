/** One figure beside its limit, both taken in the same run. `ratio` is figure to limit; `goal` bounds it. */
export type Figure = {
  name: string;
  figure: string;
  limit: string;
  ratio: number;
  goal: { atLeast: number } | { atMost: number };
};

/** A benchmark: runs in a process of its own, so that its peak of memory is its own too. */
export type Benchmark = { run: () => Promise<Figure[]> };

export function isMet({ ratio, goal }: Pick<Figure, 'ratio' | 'goal'>): boolean {
  return 'atLeast' in goal ? ratio >= goal.atLeast : ratio <= goal.atMost;
}

let productPeak: number | undefined;

/**
 * Runs the product and its limit in turns, so that a noisy neighbour meets both; answers the median of each. The memory
 * that counts is the product's: what was resident at most before the limit ran for the first time.
 */
export async function alternate(
  rounds: number,
  product: (round: number) => Promise<number>,
  limit: (round: number) => Promise<number>,
): Promise<{ product: number; limit: number }> {
  const products: number[] = [];
  const limits: number[] = [];
  for (let round = 0; round < rounds; round++) {
    products.push(await product(round));
    productPeak ??= residentAtMost();
    limits.push(await limit(round));
  }
  return { product: median(products), limit: median(limits) };
}

/** What `alternate` answered, of work whose rates are a second's. */
export function ratesFigure(name: string, rates: { product: number; limit: number }, goal: Figure['goal']): Figure {
  const { product, limit } = rates;
  return { name, figure: perSecond(product), limit: perSecond(limit), ratio: product / limit, goal };
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Of measured times, the one that so many of a hundred stay below. */
export function percentile(times: number[], percent: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length * percent) / 100)] ?? Number.NaN;
}

export function milliseconds(value: number): string {
  return `${(value * 1_000).toFixed(2)} ms`;
}

/** How long some work takes, in seconds. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

/** How long some work takes, and how much of the processor, the embedded engine's part included: both in seconds. */
export async function costOf(work: () => Promise<unknown>): Promise<{ elapsed: number; processor: number }> {
  let processor = 0;
  const elapsed = await secondsOf(async () => {
    processor = await processorSecondsOf(work);
  });
  return { elapsed, processor };
}

/** How much of the processor some work takes, the embedded engine's part included, in seconds: whatever else runs here. */
export async function processorSecondsOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000_000;
}

/** The most memory that the product had resident in this process, with the engine and all, in MiB. */
export function peakMebibytes(): number {
  return productPeak ?? residentAtMost();
}

function residentAtMost(): number {
  return process.resourceUsage().maxRSS / 1_024;
}

export function perSecond(rate: number): string {
  return `${Math.round(rate).toLocaleString('en-US')}/s`;
}

export function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

export function inBatches<T>(items: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
