import { readFileSync } from 'node:fs';
import type { Locator, Page, Route } from 'playwright-core';
import { describe, expect, test } from 'vitest';

import type { Language } from '../../src/texts/languages.ts';
import { tell } from '../support/events.ts';
import { describeMorePages, MINUTES_10, NARROW, type Visit, WIDE } from './browser.ts';
import { BEGIN } from './debtors.ts';
import {
  everyPage,
  isRead,
  openPage,
  pathsOf,
  ROLES,
  type Role,
  SOMEBODY,
  speak,
  startEveryPage,
} from './everyPage.ts';
import { startConsoleService, startPlace } from './visit.ts';

/** Pages as they are seldom seen: with nothing on them, while they are read, and where the service refuses, fails or is not there. */

/** In which language each reads what has failed. */
const READ: Record<Role, Language> = { manager: 'ru', model: 'es', marketer: 'pt-BR', affiliate: 'uk' };

describeMorePages('a console of a service in which nothing has happened', { timeout: MINUTES_10 }, () => {
  const here = startPlace(async () => {
    const service = await startConsoleService({ TEST_CLOCK_START: BEGIN });
    await service.send(...ROLES.map((role) => tell.account(SOMEBODY[role], role, { name: `Some ${role}` })));
    return service;
  });

  test.each(ROLES)('says so on every page of a %s', async (role) => {
    const visit = await here.open(SOMEBODY[role]);
    const wrong: string[] = [];
    for await (const { path } of everyPage(visit.page, here.service.origin, role, { mayMiss: true })) {
      wrong.push(...(await wrongWith(visit, path)));
    }
    expect(wrong).toEqual([]);
    await visit.end();
  });
});

describeMorePages('a page', { timeout: MINUTES_10 }, () => {
  const here = startPlace(startEveryPage);

  /** Goes to each page of a role in turn, and collects what is wrong there. */
  async function atEach(role: Role, look: (visit: Visit, path: string, index: number) => Promise<string[]>) {
    const visit = await here.open(SOMEBODY[role]);
    const wrong: string[] = [];
    for (const [index, path] of (await pathsOf(visit.page, here.service, role)).entries()) {
      wrong.push(...(await look(visit, path, index)));
      await visit.page.unrouteAll({ behavior: 'ignoreErrors' });
    }
    expect(wrong).toEqual([]);
    visit.allow(/Failed to load resource|ERR_FAILED|ERR_INTERNET/);
    await visit.end();
  }

  const addressOf = (path: string) => `${here.service.origin}/console${path}`;

  test.each(ROLES)('of a %s says where its lists have nothing', async (role) => {
    await atEach(role, async (visit, path) => {
      // Those of the navigation are seen above.
      if (path.split('/').length < 3) return [];
      await visit.page.route(READS, answerWithoutItems);
      await openPage(visit.page, addressOf(path));
      return wrongWith(visit, path);
    });
  });

  test.each(ROLES)('of a %s says that it is being read, and is there once it is', async (role) => {
    await atEach(role, async (visit, path) => {
      const { page } = visit;
      const held: Route[] = [];
      let isHeld = true;
      await page.route(READS, (route) => (isHeld ? void held.push(route) : route.continue()));
      await page.goto(addressOf(path));
      await page.locator('#page').getByRole('heading', { level: 1 }).waitFor();
      const wrong = (await visit.faults()).map((one) => `${path} while it is read: ${one}`);
      const [asked, waits] = [held.length, await page.locator('#page .wait').count()];
      if (asked > 0 && waits === 0) wrong.push(`${path} does not say that it is being read`);
      if (asked === 0 && waits > 0) wrong.push(`${path} reads nothing, and says that it does`);
      isHeld = false;
      for (const route of held) await route.continue();
      await isRead(page);
      return wrong;
    });
  });

  describe('that cannot be read', () => {
    test.each(ROLES)('says so to a %s in their language, and is read when it is tried again', async (role) => {
      await speak(here.service, role, READ[role]);
      const texts = JSON.parse(readFileSync(`console/texts/${READ[role]}.json`, 'utf8'));
      const words = (status: number | undefined) =>
        status === undefined
          ? texts.ended.unavailable
          : texts.page.troubled.replace('{status}', String(status)).slice(0, -1);
      await atEach(role, async (visit, path, index) => {
        const { page } = visit;
        const status = FAILURES[index % FAILURES.length];
        let asked = 0;
        const fail = (route: Route) => {
          asked += 1;
          return status === undefined ? route.abort('internetdisconnected') : route.fulfill(failing(status));
        };
        await page.route(READS, fail);
        await openPage(page, addressOf(path));
        if (asked === 0) return [];
        const alerts = page.locator('#page').getByRole('alert');
        const wrong = (await visit.faults()).map((one) => `${path} with ${status}: ${one}`);
        // What changes meanwhile has it read again, three times before it has failed once more.
        if (!(await isThere(alerts.first()))) wrong.push(`${path} does not say that it failed with ${status}`);
        const said = await alerts.allInnerTexts();
        for (const text of said) {
          if (!text.includes(texts.page.failed) || !text.includes(words(status)))
            wrong.push(`${path} with ${status} says: ${text}`);
        }
        await page.unroute(READS, fail);
        const again = alerts.getByRole('button', { name: texts.ended.again });
        for (let left = await again.count(); left > 0; left = await again.count()) {
          await again.first().press('Enter');
          await expect.poll(() => again.count(), { message: `${path}: it is read again` }).toBeLessThan(left);
          await isRead(page);
          if (await page.evaluate('document.activeElement === document.body'))
            wrong.push(`${path}: the focus is lost with what had failed`);
        }
        const left = await alerts.allInnerTexts();
        if (left.length > 0) wrong.push(`${path} still says: ${left}`);
        return wrong;
      });
    });

    test.each(ROLES)('in a part says so to a %s, whichever part that is', async (role) => {
      await atEach(role, async ({ page }, path) => {
        const wrong: string[] = [];
        for (const read of await readsOf(page, addressOf(path))) {
          const fail = (route: Route) => (readOf(route) === read ? route.fulfill(failing(500)) : route.continue());
          await page.route(READS, fail);
          await openPage(page, addressOf(path));
          // It is tried three times first.
          const alert = page.locator('#page').getByRole('alert').first();
          if (!(await isThere(alert))) wrong.push(`${path} does not say that ${read} failed`);
          await page.unroute(READS, fail);
        }
        return wrong;
      });
    });
  });

  test.each([WIDE, NARROW])('says that nothing is heard of what changes, at $width pixels', async (screen) => {
    const visit = await here.open('boss', { screen });
    const { page } = visit;
    await page.route('**/v1/live', (route) => route.abort());
    await page.reload();
    await page.locator('#page [role="status"] .status').first().waitFor();
    await isRead(page);
    await visit.check('not-live');
    visit.allow(/v1\/live|ERR_FAILED/);
    await visit.end();
  });

  test.each([WIDE, NARROW])(
    'whose service does not say who is there waits, says so, and is there when it is tried again, at $width pixels',
    async (screen) => {
      const visit = await here.open('boss', { screen });
      const { page } = visit;
      const held: Route[] = [];
      let isHeld = true;
      await page.route('**/console/session', (route) => (isHeld ? void held.push(route) : route.fulfill(failing(503))));
      await page.reload();
      await page.getByText('Loading…').waitFor();
      expect(await visit.faults()).toEqual([]);
      isHeld = false;
      await held[0]?.fulfill(failing(503));
      await page.getByRole('heading', { name: 'The service does not answer' }).waitFor();
      expect(await visit.faults()).toEqual([]);
      await page.unroute('**/console/session');
      await page.getByRole('button', { name: 'Try again' }).press('Enter');
      await page.locator('#page').getByRole('heading', { level: 1 }).waitFor();
      visit.allow(/Failed to load resource/);
      await visit.end();
    },
  );

  test.each([
    ['Overdue', 'The page broke off'],
    ['en', 'The console could not be loaded'],
  ])('whose file %s does not come says so, and comes with it', async (file, heading) => {
    // Somebody who was never spoken to in another language.
    await here.service.send(tell.account('vera', 'manager', { name: 'Vera' }));
    const visit = await here.visit();
    const { page } = visit;
    const files = new RegExp(`/assets/(?:_virtual_texts_)?${file}[-.][^/]*\\.js`);
    let asked = 0;
    await page.route(files, (route) => {
      asked += 1;
      return route.abort();
    });
    await page.goto(await here.service.linkFor('vera'));
    if (file !== 'en') {
      await page.getByRole('table').waitFor();
      await page.goto(addressOf('/overdue'));
    }
    await page.getByRole('heading', { name: heading }).waitFor();
    expect(asked).toBeGreaterThan(0);
    expect(await visit.faults()).toEqual([]);
    await page.unroute(files);
    await page.getByRole('button', { name: 'Load it again' }).press('Enter');
    await page.getByRole('table').waitFor();
    visit.allow(/ERR_FAILED|dynamically imported/);
    await visit.end();
  });
});

/** Everything that a page reads or asks, but for the stream of what changes. */
const READS = /\/(?:v1\/(?!live)|console\/sessions$)/;

/** Undefined for a service that cannot be reached at all. */
const FAILURES = [500, 503, undefined] as const;

/** At once again, so that no test waits. */
function failing(status: number) {
  const body = { type: 'about:blank', title: 'It failed', status, detail: 'It was made to fail.' };
  return { status, contentType: 'application/problem+json', body: JSON.stringify(body) };
}

function isThere(one: Locator): Promise<boolean> {
  return one.waitFor({ timeout: 30_000 }).then(
    () => true,
    () => false,
  );
}

async function answerWithoutItems(route: Route): Promise<void> {
  const response = await route.fetch();
  const body: unknown = await response.json().catch(() => null);
  const isList = typeof body === 'object' && body !== null && 'items' in body;
  await route.fulfill({ response, ...(isList ? { json: { ...body, items: [], next: null } } : {}) });
}

/** What a page reads, each told apart by its address, or by its line where it is said in the words of the chat. */
async function readsOf(page: Page, address: string): Promise<Set<string>> {
  const reads = new Set<string>();
  const note = (route: Route) => {
    reads.add(readOf(route));
    return route.continue();
  };
  await page.route(READS, note);
  await openPage(page, address);
  await page.unroute(READS, note);
  return reads;
}

function readOf(route: Route): string {
  const request = route.request();
  return `${request.method()} ${new URL(request.url()).pathname}${new URL(request.url()).search} ${request.postData() ?? ''}`;
}

/** What is wrong with a page that has everything that it reads, and nothing of it to show. */
async function wrongWith(visit: Visit, path: string): Promise<string[]> {
  const { page } = visit;
  const wrong = await visit.faults();
  const main = page.locator('#page');
  wrong.push(...(await main.getByRole('alert').allInnerTexts()).map((text) => `it failed: ${text}`));
  if ((await main.getByRole('heading', { name: 'There is nothing at this address' }).count()) > 0)
    wrong.push('it is missing');
  for (const words of await page.evaluate<string[]>(SILENT)) wrong.push(`this says nothing: ${words}`);
  return wrong.map((one) => `${path}: ${one}`);
}

/** Parts of a page that have nothing below their heading, and no button that would bring it. */
const SILENT = `[...document.querySelectorAll('#page section.section, #page figure.chart')]
  .filter((one) => one.checkVisibility() && (one.children.length > 1 || one.querySelector('button') === null))
  .filter((one) => [...one.children].slice(1).every((part) => part.textContent.trim() === ''))
  .map((one) => one.outerHTML.slice(0, 160))`;
