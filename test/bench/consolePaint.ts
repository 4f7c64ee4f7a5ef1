import { loadavg } from 'node:os';
import type { Browser, BrowserContext } from 'playwright-core';

import { CHROMIUM_PATH, isChromiumThere, NARROW, startBrowser, WIDE } from '../support/chromium.ts';
import { type ConsoleService, startConsoleService } from '../support/consoleService.ts';
import { type Benchmark, type Figure, median } from './measure.ts';

const LOADS = 10;
const LIMIT_MS = 1_000;
const MANAGER = 'olga';

/**
 * How soon a manager who is in sees the console, with nothing of it kept by the browser: the first contentful paint, which may take a
 * second, and the heading of Today.
 */
export const consolePaint: Benchmark = {
  run: async () => {
    if (!isChromiumThere) {
      process.stdout.write(`SKIP  console-paint: no browser at ${CHROMIUM_PATH} (CHROMIUM_PATH names one)\n`);
      return [];
    }
    const service = await startConsoleService();
    const browser = await startBrowser();
    try {
      const figures: Figure[] = [];
      for (const screen of [WIDE, NARROW]) figures.push(...(await paintsAt(screen, { service, browser })));
      process.stdout.write(
        `      load ${loadavg()
          .map((one) => one.toFixed(1))
          .join(' ')}\n`,
      );
      return figures;
    } finally {
      await browser.close();
      await service.stop();
    }
  },
};

type Place = { service: ConsoleService; browser: Browser };

async function paintsAt(screen: { width: number; height: number }, { service, browser }: Place): Promise<Figure[]> {
  const session = await signedIn({ service, browser });
  const paints: number[] = [];
  const headings: number[] = [];
  // The first shows the service and the browser its code; it is no cold load of theirs alone.
  for (let load = -1; load < LOADS; load += 1) {
    const context = await browser.newContext({ viewport: screen, storageState: session });
    const { paint, heading } = await loadIn(context, `${service.origin}/console/`);
    await context.close();
    if (load < 0) continue;
    paints.push(paint);
    headings.push(heading);
  }
  return [
    figureOf(`first paint at ${screen.width} px, median of ${LOADS}`, median(paints)),
    figureOf(`first paint at ${screen.width} px, the slowest of ${LOADS}`, Math.max(...paints)),
    figureOf(`the heading of Today at ${screen.width} px, median of ${LOADS}`, median(headings)),
    figureOf(`the heading of Today at ${screen.width} px, the slowest of ${LOADS}`, Math.max(...headings)),
  ];
}

/** What a browser keeps of a manager's session. */
async function signedIn({ service, browser }: Place) {
  await service.send({ type: 'account.updated', data: { accountId: MANAGER, role: 'manager', name: 'Olga' } });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(await service.linkFor(MANAGER));
  await page.getByRole('heading', { level: 1 }).waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

async function loadIn(context: BrowserContext, address: string): Promise<{ paint: number; heading: number }> {
  const page = await context.newPage();
  await page.addInitScript(WATCH);
  await page.goto(address);
  // Set by `WATCH`, in milliseconds since the page was asked for.
  return (await page.evaluate(SEEN)) as { paint: number; heading: number };
}

const WATCH = `
  window.seen = {};
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries())
      if (name === 'first-contentful-paint') window.seen.paint = startTime;
  }).observe({ type: 'paint', buffered: true });
  new MutationObserver((_, observer) => {
    if (document.querySelector('h1') === null) return;
    window.seen.heading = performance.now();
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true });
`;

const SEEN = `new Promise((resolve) => {
  const look = () => {
    const { paint, heading } = window.seen;
    if (paint === undefined || heading === undefined) setTimeout(look, 10);
    else resolve(window.seen);
  };
  look();
})`;

function figureOf(name: string, value: number): Figure {
  const limit = `${LIMIT_MS} ms`;
  return { name, figure: `${value.toFixed(0)} ms`, limit, ratio: value / LIMIT_MS, goal: { atMost: 1 } };
}
