import type { Page, Route } from 'playwright-core';
import { describe, expect, test } from 'vitest';

import { tell } from '../support/events.ts';
import { describeMorePages, NARROW, type Visit, WIDE } from './browser.ts';
import { BEGIN, owe } from './debtors.ts';
import { type Place, startConsoleService, startPlace } from './visit.ts';

/** What becomes of a page whose session ends while somebody is at it: by its time, from the chat, with a link or a role. */

const TYPED = 'a reason that took me minutes to find';
const HOURS_8 = 8 * 3_600_000;
const LATER = { name: 'no manager', at: '2026-03-19T00:00:00Z' };
let here: Place;
let now = Date.parse('2026-03-20T09:00:00Z');

describeMorePages('the console', () => {
  here = startPlace(async () => {
    const service = await startConsoleService({ TEST_CLOCK_START: BEGIN });
    await service.send(
      ...['boss', 'mo', 'lea'].map((id) => tell.account(id, 'manager', { name: `${id} of managers` })),
      ...['c1280', 'c375', 'c8', 'cm'].map((id) => tell.account(id, 'marketer', { name: `South Media ${id}` })),
    );
    await owe(service, 4, new Date(now).toISOString());
    return service;
  });

  describe('a page whose session ends', () => {
    test.each([WIDE, NARROW])(
      'from the chat is covered, says what was typed, and goes on where it was once its person is in again ($width pixels)',
      async (screen) => {
        const visit = await here.open('boss', { screen, path: `/accounts/c${screen.width}` });
        const { page } = visit;
        await typeReason(page);
        const chat = await chatOf('boss');
        here.service.telegram.say(chat, '/settings sessions end all');
        await isCovered(page);
        await page.locator('.paused').getByText(TYPED).waitFor();
        // Nothing that was read is seen, in the window's name neither.
        expect(await page.getByText('South Media').first().isVisible()).toBe(false);
        expect(await page.title()).not.toContain('South Media');
        for (const key of ['Escape', 'Escape', 'Tab', 'Tab', 'Tab']) await page.keyboard.press(key);
        await isCovered(page);
        expect(await page.evaluate(`document.activeElement.closest('dialog.paused, body').tagName`)).not.toBe('FORM');
        expect(await page.getByLabel('Reason').isVisible()).toBe(false);
        await visit.check('paused');
        await page.getByRole('button', { name: 'Try again' }).click();
        await page.getByText('Nobody is signed in in this browser yet.').waitFor();

        const tab = await visit.context.newPage();
        await tab.goto(await here.service.linkFor('boss'));
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel('Reason').waitFor();
        expect(await dialog.getByLabel('Reason').inputValue()).toBe(TYPED);
        await dialog.getByRole('button', { name: 'Hold it' }).click();
        await dialog.getByText('1 done, 0 refused').waitFor();
        expect(await page.title()).toContain('South Media');
        const { body } = await here.service.api('GET', `/v1/audit?subject=account:c${screen.width}`);
        expect(body.items[0]).toMatchObject({ action: expect.stringMatching(/held/) });
        visit.allow(/401|404/);
        await visit.end();
      },
    );

    test('with its eight hours, in the middle of an act: nothing is done, and the act is tried again as it was', async () => {
      const visit = await here.open('boss', { path: '/accounts/c8' });
      const { page } = visit;
      await silenceLive(page);
      await typeReason(page);
      await passes(HOURS_8);
      const dialog = page.locator('dialog:not(.paused)');
      await dialog.getByRole('button', { name: 'Hold it' }).click();
      await isCovered(page);
      await page.locator('.paused').getByText(TYPED).waitFor();
      const tab = await visit.context.newPage();
      await tab.goto(await here.service.linkFor('boss'));
      await dialog.getByText('0 done, 0 refused, 0 without an answer').waitFor();
      await dialog.getByRole('button', { name: 'Try again' }).click();
      await dialog.getByText('1 done, 0 refused').waitFor();
      const { body } = await here.service.api('GET', '/v1/audit?subject=account:c8&limit=1');
      expect(JSON.stringify(body.items[0])).toContain(TYPED);
      visit.allow(/401|404/);
      await visit.end();
    });

    test('shows nothing of it to somebody else who comes in by the same browser', async () => {
      const visit = await here.open('boss', { path: '/accounts/m1' });
      const { page } = visit;
      await page.getByLabel('Message').fill('for their eyes alone');
      await passes(HOURS_8);
      await isCovered(page);
      await page.getByText('for their eyes alone').waitFor();
      const tab = await visit.context.newPage();
      await tab.goto(await here.service.linkFor('m2'));
      await page.getByText('There is nothing at this address').waitFor();
      await page.getByRole('region', { name: 'Session' }).or(page.getByText('model')).first().waitFor();
      expect(await page.content()).not.toContain('for their eyes alone');
      visit.allow(/401/);
      await visit.end();
    });

    test('is blank after signing out, and stays so', async () => {
      const visit = await here.open('boss', { path: '/accounts/m1' });
      const { page } = visit;
      await page.getByLabel('Message').fill('left behind');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByText('The session has ended.').waitFor();
      expect(await page.content()).not.toMatch(/left behind|South Media/);
      // Of what was being read meanwhile.
      visit.allow(/401/);
      await visit.end();
    });

    test('with a link that somebody else has opened, too, without being loaded anew', async () => {
      const link = await here.service.linkFor('boss');
      const visit = await here.visit();
      await visit.page.goto(link);
      await visit.page.getByRole('navigation').waitFor();
      const thief = await here.visit();
      await thief.page.goto(link);
      await thief.page.getByText('The link was used already').waitFor();
      await isCovered(visit.page);
      for (const one of [visit, thief]) {
        one.allow(/401/);
        await one.end();
      }
    });

    test('is a cookie that no script reads and no other site’s page sends', async () => {
      const visit = await here.open('boss');
      const [cookie, ...more] = await visit.context.cookies();
      expect(more).toEqual([]);
      expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/' });
      expect(cookie?.name).toMatch(/^__Host-/);
      expect(await visit.page.evaluate('document.cookie')).toBe('');
      const site = 'https://elsewhere.example';
      await visit.context.route(`${site}/**`, (route) =>
        route.fulfill({
          contentType: 'text/html',
          body: `<a href="${here.service.origin}/console/session">There</a>`,
        }),
      );
      const asked = visit.page.waitForRequest('**/console/session');
      await visit.page.goto(`${site}/`);
      await visit.page.getByRole('link').click();
      expect((await (await asked).allHeaders()).cookie).toBeUndefined();
      await visit.page.getByText('Nobody is in').waitFor();
      visit.allow(/401|to another host/);
      await visit.end();
    });

    test('is none where the link is a minute old', async () => {
      const link = await here.service.linkFor('boss');
      await passes(60_000);
      const visit = await here.visit();
      await visit.page.goto(link);
      await visit.page.getByText('The link was used already, or its 60 seconds have passed.').waitFor();
      expect(await visit.context.cookies()).toEqual([]);
      visit.allow(/401/);
      await visit.end();
    });
  });

  describe('a manager who is none any more', () => {
    test('is refused the act that was begun, and the page says that it has changed', async () => {
      const visit = await here.open('mo', { path: '/accounts/cm' });
      const { page } = visit;
      const heard = await silenceLive(page);
      await typeReason(page);
      await here.service.send(tell.account('mo', 'affiliate', { ...LATER, id: 'mo-later' }));
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Hold it' }).click();
      await dialog.getByText('0 done, 1 refused').waitFor();
      const { body } = await here.service.api('GET', '/v1/audit?subject=account:cm&limit=1');
      expect(body.items[0]?.actor ?? '').not.toMatch(/^mo/);
      // As soon as the page hears of it, it shows nothing of what a manager sees.
      await heard();
      await hasChanged(visit);
      await page.getByText(TYPED).waitFor();
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByText('There is nothing at this address').waitFor();
      visit.allow(/403|404|v1\/live|ERR_FAILED/);
      await visit.end();
    });

    test('sees it at once where the page listens', async () => {
      const visit = await here.open('lea', { path: '/overdue' });
      await visit.page.getByRole('table').waitFor();
      await here.service.send(tell.account('lea', 'affiliate', { ...LATER, id: 'lea-later' }));
      await hasChanged(visit);
      await visit.check('changed');
      visit.allow(/403/);
      await visit.end();
    });
  });

  describe('somebody else’s thing, by its address', () => {
    test.each([
      ['/invoices/2026-W10:m2', '/invoices/2026-W10:none'],
      ['/accounts/m2', '/accounts/none'],
    ])('%s is for a model as what does not exist', async (theirs, none) => {
      const visit = await here.open('m1');
      const said = async (path: string) => {
        await visit.page.goto(`${here.service.origin}/console${path}`);
        await visit.page.getByText('There is nothing at this address').waitFor();
        return visit.page.locator('#page').innerText();
      };
      expect(await said(theirs)).toBe(await said(none));
      expect(await visit.page.content()).not.toContain('Zoë');
      visit.allow(/404/);
      await visit.end();
    });
  });
});

async function typeReason(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Hold payouts' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('No payout of theirs is due now.').waitFor();
  await dialog.getByLabel('Until the beginning of').fill('2026-04-20');
  await dialog.getByLabel('Reason').fill(TYPED);
}

async function isCovered(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Nobody is signed in here' }).waitFor();
}

async function hasChanged({ page }: Visit): Promise<void> {
  await page.getByRole('heading', { name: 'What you may do here has changed' }).waitFor();
}

/** The service's clock goes on by so many milliseconds. */
async function passes(ms: number): Promise<void> {
  now += ms;
  await here.service.moveTo(new Date(now).toISOString());
}

/** From here on the page hears nothing of what changes, until what is answered is called. */
async function silenceLive(page: Page): Promise<() => Promise<void>> {
  const asked: Route[] = [];
  let isSilent = true;
  await page.route('**/v1/live', (route) => (isSilent ? void asked.push(route) : route.continue()));
  await page.reload();
  await page.getByRole('heading', { level: 1 }).waitFor();
  return async () => {
    isSilent = false;
    await asked.at(-1)?.abort();
  };
}

/** The chat that somebody's last link came to. */
async function chatOf(accountId: string): Promise<number> {
  const { body } = await here.service.api('GET', `/v1/accounts/${accountId}/links`);
  return Number(body.items.at(-1).userId);
}
