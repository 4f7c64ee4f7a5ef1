import { mkdirSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';

import { buildIndexes } from '../../src/database/indexes.ts';
import { type Browser, openBrowser } from './console/browser.ts';
import { type ConsolePage, consolePages } from './console/calls.ts';
import { NOW, type Size, sizeOf } from './console/fill.ts';
import { fillInvoices, LATEST_WEEK } from './console/invoices.ts';
import { fillOrders } from './console/orders.ts';
import { fillPayouts } from './console/payouts.ts';
import { fillPeople } from './console/people.ts';
import { fillEvents, fillWebhooks } from './console/traffic.ts';
import { type Benchmark, costOf, type Figure, median, percentile, secondsOf } from './measure.ts';
import { createWorld, type World } from './world.ts';

const LIMIT_SECONDS = 0.2;
const WARMING = 10;
const DRAWS = 100;
/** A page that takes long is not asked for as often. */
const MOST_SECONDS = 60;
const LEAST_DRAWS = 10;

/**
 * Every page of the console with all that it asks for at first sight, over HTTP; the p95 of a hundred that are drawn at random. Beside
 * it, in the same run, raw reads by id of as many documents as its answers list.
 */
export const consoleData: Benchmark = { run: () => measure(5_000) };

/** The same with 100 000 models and a million transactions; it takes long, so it runs only when it is named. */
export const consoleDataWhole: Benchmark = { run: () => measure(100_000) };

async function measure(models: number): Promise<Figure[]> {
  const size = sizeOf(models);
  const world = await createWorld(NOW, [], { keptIn: folderOf(models) });
  const browser = await openBrowser(world);
  try {
    await filled(world, size);
    const wanted = (process.env.BENCH_PAGES ?? '').split(',');
    const pages = consolePages(size).filter(({ name }) => wanted.some((part) => name.includes(part)));
    const figures: Figure[] = [];
    for (const page of pages) figures.push(await figureOf(page, { world, browser, size }));
    say(
      `${models} models, load ${loadavg()
        .map((one) => one.toFixed(1))
        .join(' ')}`,
    );
    return figures;
  } finally {
    await browser.close();
    await world.close();
  }
}

/** Where the world is kept for the next run, so that it is filled once: `BENCH_DATA_DIR`. */
function folderOf(models: number): string | undefined {
  const { BENCH_DATA_DIR } = process.env;
  if (BENCH_DATA_DIR === undefined) return undefined;
  const folder = join(BENCH_DATA_DIR, `${models}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Fills the world without its indexes, which are then built at once: that takes a part of the time. What is done stays done. */
async function filled(world: World, size: Size): Promise<void> {
  const done = world.raw('bench_worlds');
  const steps: [string, () => Promise<unknown>][] = [
    ['people', () => fillPeople(world, size)],
    ['bare', () => Promise.all(BARE.map((name) => world.raw(name).dropIndexes()))],
    ['invoices', () => fillInvoices(world, size)],
    ['orders', () => fillOrders(world, size)],
    ['payouts', () => fillPayouts(world, size)],
    ['indexes', () => buildIndexes(world.core.connection)],
    ['webhooks', () => fillWebhooks(world, size)],
    ['events', () => fillEvents(world, size)],
    ['cycles', () => world.core.affiliates.cycles.nextDue()],
    ['series', () => drawSeries(world)],
    ['months', () => closeMonths(world)],
  ];
  for (const [name, fillIt] of steps) {
    if ((await done.findOne({ _id: name })) !== null) continue;
    const { elapsed, processor } = await costOf(fillIt);
    await done.insertOne({ _id: name });
    say(`filled: ${name} in ${elapsed.toFixed(0)} s, ${processor.toFixed(0)} of the processor`);
  }
}

async function drawSeries({ core }: World): Promise<void> {
  while ((await core.series.drawDue(NOW)) !== null);
}

/** As the service does an hour after each of them: a ledger of half a year with no month closed is nobody's. */
async function closeMonths({ core: { books } }: World): Promise<void> {
  for (;;) {
    const due = await books.months.nextDue();
    if (due === null || due > NOW) return;
    await books.months.run(NOW);
  }
}

const BARE = ['transactions', 'invoices', 'ledger_entries', 'order_fans', 'orders', 'commissions', 'payouts'];

type Place = { world: World; browser: Browser; size: Size };

async function figureOf({ name, visit }: ConsolePage, { world, browser, size }: Place): Promise<Figure> {
  let documents = 0;
  for (let draw = 0; draw < WARMING; draw += 1)
    documents = Math.max(documents, documentsIn(await browser.load(visit(draw))));
  const times: number[] = [];
  const processor: number[] = [];
  const reads: number[] = [];
  const begin = performance.now();
  for (let draw = 0; draw < DRAWS; draw += 1) {
    if (draw >= LEAST_DRAWS && performance.now() - begin > MOST_SECONDS * 1_000) break;
    const wanted = visit(draw + WARMING);
    if (wanted.user !== undefined) await browser.load({ ...wanted, waves: [] });
    const cost = await costOf(() => browser.load(wanted));
    times.push(cost.elapsed);
    processor.push(cost.processor);
    reads.push(await secondsOf(() => readRaw(world, size, documents, draw)));
  }
  const p95 = percentile(times, 95);
  const beside = `${documents} documents, ${(median(times) / median(reads)).toFixed(1)} x raw`;
  const words = `p50 ${ms(median(times))}, processor ${ms(median(processor))}, ${beside}`;
  return {
    name: `${name}: ${words}`,
    figure: ms(p95),
    limit: ms(LIMIT_SECONDS),
    ratio: p95 / LIMIT_SECONDS,
    goal: { atMost: 1 },
  };
}

/** So many invoices by their ids, in one read. */
async function readRaw({ raw }: World, { models }: Size, count: number, draw: number): Promise<void> {
  const _id = {
    $in: Array.from({ length: count }, (_, at) => `${LATEST_WEEK}:model-${(draw * 7_919 + at * 104_729) % models}`),
  };
  await raw('invoices').find({ _id }).toArray();
}

/** What the answers list; one that is no list counts once. */
function documentsIn(texts: string[]): number {
  return texts.reduce((sum, text) => {
    const { items } = JSON.parse(text) as { items?: unknown[] };
    return sum + Math.max(1, items?.length ?? 1);
  }, 0);
}

function ms(seconds: number): string {
  return `${(seconds * 1_000).toFixed(0)} ms`;
}

function say(line: string): void {
  process.stdout.write(`      ${line}\n`);
}
