import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';

import { type ConsoleService, startConsoleService as start } from '../support/consoleService.ts';
import { type Screen, startBrowser, startVisit, type Visit, WIDE } from './browser.ts';

export type { ConsoleService };

/** A service with a console, and a browser, for the tests of a file: there while they run. */
export type Place = ReturnType<typeof startPlace>;

type More = {
  /** Of the browser. */
  switches?: string[];
  /** What else the tests have started. */
  stop?(): Promise<unknown> | undefined;
};

/** Starts both before the tests that it is called among, with what `make` makes of the service, and ends them after. */
export function startPlace(make: () => Promise<ConsoleService>, more: More = {}) {
  const place = createPlace(make, more);
  beforeAll(place.begin);
  afterAll(place.end);
  return place;
}

/** Every service of the place that is open: what is made of one may fail, or take too long, before the place is handed it. */
const begun = new Set<Promise<ConsoleService>>();

export function startConsoleService(environment: Record<string, string> = {}): Promise<ConsoleService> {
  const starting = start(environment);
  begun.add(starting);
  return starting;
}

export function createPlace(make: () => Promise<ConsoleService>, { switches = [], stop }: More = {}) {
  let service: ConsoleService;
  let browser: Browser;
  let opening: Promise<Browser> | undefined;
  return {
    get service() {
      return service;
    },
    begin: async () => {
      opening = startBrowser(switches);
      const [made, opened] = await Promise.allSettled([make(), opening]);
      if (made.status === 'rejected') throw made.reason;
      if (opened.status === 'rejected') throw opened.reason;
      [service, browser] = [made.value, opened.value];
    },
    /** Ends all that has begun, also where the rest of it failed. What failed by itself was told by then. */
    end: async () => {
      const [opened, ...services] = await Promise.allSettled([opening, ...begun]);
      begun.clear();
      const ends = [
        ...(opened.status === 'fulfilled' ? [() => opened.value?.close()] : []),
        ...services.flatMap((one) => (one.status === 'fulfilled' ? [() => one.value.stop()] : [])),
        () => stop?.(),
      ];
      const failures: unknown[] = [];
      for (const end of ends) {
        try {
          await end();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, `not ended: ${failures.join(', ')}`);
    },
    /** A window in which somebody has opened their link, and gone to an address below `/console`. */
    open: (accountId: string, where?: Where) => openConsole(service, browser, accountId, where),
    /** A window in which nobody is. */
    visit: (screen?: Screen) => startVisit(browser, service.origin, screen),
  };
}

type Where = { screen?: Screen; path?: string };

async function openConsole(
  service: ConsoleService,
  browser: Browser,
  accountId: string,
  { screen = WIDE, path = '' }: Where = {},
): Promise<Visit> {
  const visit = await startVisit(browser, service.origin, screen);
  const heading = visit.page.locator('#page').getByRole('heading', { level: 1 });
  await visit.page.goto(await service.linkFor(accountId));
  await heading.waitFor();
  if (path !== '') {
    await visit.page.goto(`${service.origin}/console${path}`);
    await heading.waitFor();
  }
  return visit;
}
