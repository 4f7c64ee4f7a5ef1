import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';

import { type ConsoleService, startConsoleService } from '../support/consoleService.ts';
import { type Screen, startBrowser, startVisit, type Visit, WIDE } from './browser.ts';

export { type ConsoleService, startConsoleService };

/** A service with a console, and a browser, for the tests of a file: there while they run. */
export type Place = ReturnType<typeof startPlace>;

type More = {
  /** Of the browser. */
  switches?: string[];
  /** What else the tests have started. */
  stop?(): Promise<unknown> | undefined;
};

/** Starts both before the tests that it is called among, with what `start` makes of the service, and ends them after. */
export function startPlace(start: () => Promise<ConsoleService>, { switches = [], stop }: More = {}) {
  let service: ConsoleService;
  let browser: Browser;
  const starting = async () => {
    service = await start();
  };
  const opening = async () => {
    browser = await startBrowser(switches);
  };
  beforeAll(() => Promise.all([starting(), opening()]));
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
    await stop?.();
  });
  return {
    get service() {
      return service;
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
