import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { describeMorePages, NARROW, startBrowser, WIDE } from './browser.ts';
import { everyPage, openPage, SOMEBODY, startEveryPage } from './everyPage.ts';
import { noteClicks, walk } from './keys.ts';
import { type ConsoleService, openConsole } from './visit.ts';

const CASES = (
  [
    ['model', NARROW],
    ['marketer', NARROW],
    ['affiliate', NARROW],
    ['affiliate', WIDE],
  ] as const
).map(([role, screen]) => ({ role, screen, width: screen.width }));

describeMorePages('by Tab alone', () => {
  let service: ConsoleService;
  let browser: Browser;
  beforeAll(async () => {
    [service, browser] = await Promise.all([startEveryPage(), startBrowser()]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  test.each(CASES)(
    'everything on every page of a $role is come to, seen, in its order, and left, at $width pixels',
    async ({ role, screen }) => {
      const visit = await openConsole(service, browser, SOMEBODY[role], { screen });
      const { page } = visit;
      await noteClicks(page);
      const wrong: string[] = [];
      for await (const { path } of everyPage(page, service.origin, role)) {
        for (const key of ['Tab', 'Shift+Tab'] as const) {
          wrong.push(...(await walk(page, key)).map((fault) => `${path} by ${key}: ${fault}`));
        }
        // The first stop leads past what stands around every page.
        await openPage(page, page.url());
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.keyboard.press('Tab');
        if (!(await page.evaluate(IN_PAGE))) wrong.push(`${path}: the first stop leads elsewhere`);
      }
      expect(wrong).toEqual([]);
      visit.allow(/Failed to load resource/);
      await visit.end();
    },
    180_000,
  );
});

const IN_PAGE = `document.activeElement === document.body || document.getElementById('page').contains(document.activeElement)`;
