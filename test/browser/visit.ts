import type { Browser } from 'playwright-core';

import { type ConsoleService, startConsoleService } from '../support/consoleService.ts';
import { type Screen, startVisit, type Visit, WIDE } from './browser.ts';

export { type ConsoleService, startConsoleService };

/** A window in which somebody has opened their link, and gone to an address below `/console`. */
export async function openConsole(
  service: ConsoleService,
  browser: Browser,
  accountId: string,
  { screen = WIDE, path = '' }: { screen?: Screen; path?: string } = {},
): Promise<Visit> {
  const visit = await startVisit(browser, service.origin, screen);
  await visit.page.goto(await service.linkFor(accountId));
  await visit.page.getByRole('heading', { level: 1 }).waitFor();
  if (path !== '') {
    await visit.page.goto(`${service.origin}/console${path}`);
    await visit.page.getByRole('heading', { level: 1 }).waitFor();
  }
  return visit;
}
