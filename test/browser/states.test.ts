import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { describeMorePages, NARROW, startBrowser, type Visit, WIDE } from './browser.ts';
import { everyPage, isRead, openPage, ROLES, SOMEBODY, startEveryPage } from './everyPage.ts';
import { type ConsoleService, openConsole } from './visit.ts';

/** Every page as it is seldom seen: with nothing on it, while it is read, and where the service refuses or fails. */
describeMorePages('a page is sound', () => {
  let service: ConsoleService;
  let browser: Browser;
  beforeAll(async () => {
    [service, browser] = await Promise.all([startEveryPage(), startBrowser()]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  /** Each page of a role is looked at in one of two windows in turn, so that every state is seen in both. */
  async function lookAtAll(
    role: (typeof ROLES)[number],
    look: (visit: Visit, path: string, index: number) => Promise<void>,
  ) {
    const visits = [];
    for (const screen of [WIDE, NARROW]) visits.push(await openConsole(service, browser, SOMEBODY[role], { screen }));
    const paths: string[] = [];
    for await (const { path } of everyPage(visits[0]?.page as Page, service.origin, role)) paths.push(path);
    for (const [index, path] of paths.entries()) {
      const visit = visits[index % visits.length] as Visit;
      await look(visit, path, index);
      await visit.page.unrouteAll({ behavior: 'ignoreErrors' });
    }
    for (const visit of visits) {
      visit.allow(/Failed to load resource/);
      await visit.end();
    }
  }

  test.each(ROLES)(
    'where there is nothing (%s)',
    async (role) => {
      await lookAtAll(role, async ({ page, check }, path) => {
        await page.route(READS, answerWithoutItems);
        await openPage(page, `${service.origin}/console${path}`);
        await check(`${path} without rows`, { unpictured: true });
      });
    },
    240_000,
  );

  test.each(ROLES)(
    'while it is read (%s)',
    async (role) => {
      await lookAtAll(role, async ({ page, check }, path) => {
        // Left without an answer until the page is left.
        await page.route(READS, () => {});
        await page.goto(`${service.origin}/console${path}`);
        await page
          .locator('.wait')
          .or(page.getByRole('heading', { level: 1 }))
          .first()
          .waitFor();
        await check(`${path} while it is read`, { unpictured: true });
      });
    },
    240_000,
  );

  test.each(ROLES)(
    'where it cannot be read, and says so (%s)',
    async (role) => {
      await lookAtAll(role, async ({ page, check }, path, index) => {
        const status = FAILURES[index % FAILURES.length] as number;
        let asked = 0;
        await page.route(READS, (route) => {
          asked += 1;
          return route.fulfill({ status, contentType: 'application/problem+json', body: problem(status) });
        });
        await openPage(page, `${service.origin}/console${path}`);
        if (asked > 0) {
          const said = page
            .getByRole('alert')
            .or(page.getByRole('heading', { name: 'There is nothing at this address' }));
          expect([path, status, await said.count()]).not.toEqual([path, status, 0]);
        }
        await check(`${path} with ${status}`, { unpictured: true });
      });
    },
    240_000,
  );

  test.each([WIDE, NARROW])('while nothing is heard of what changes, at $width pixels', async (screen) => {
    const visit = await openConsole(service, browser, 'boss', { screen });
    const { page } = visit;
    await page.route('**/v1/live', (route) => route.abort());
    await page.reload();
    await page.getByText('Not live: what is shown may be old.').waitFor();
    await isRead(page);
    await visit.check('not-live');
    visit.allow(/v1\/live|ERR_FAILED/);
    await visit.end();
  });
});

/** Everything that a page reads or asks, but for the stream of what changes. */
const READS = /\/v1\/(?!live)/;

const FAILURES = [500, 503, 404, 422] as const;

function problem(status: number): string {
  return JSON.stringify({ type: 'about:blank', title: 'It failed', status, detail: 'It was made to fail.' });
}

async function answerWithoutItems(route: Route): Promise<void> {
  const response = await route.fetch();
  const body: unknown = await response.json().catch(() => null);
  const isList = typeof body === 'object' && body !== null && 'items' in body;
  await route.fulfill({ response, ...(isList ? { json: { ...body, items: [], next: null } } : {}) });
}
