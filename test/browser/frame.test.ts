import { expect, test } from 'vitest';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { describeInBrowser, NARROW, WIDE } from './browser.ts';
import { BEGIN, owe } from './debtors.ts';
import { isRead } from './everyPage.ts';
import { startConsoleService, startPlace } from './visit.ts';

/** What stands around every page, as people reach it: by a link from their chat, in a browser. */
describeInBrowser('the frame', () => {
  const here = startPlace(async () => {
    const service = await startConsoleService({ TEST_CLOCK_START: BEGIN });
    await service.send(tell.account('boss', 'manager', { name: 'Boss' }));
    await owe(service, 12, '2026-03-20T09:00:00Z');
    return service;
  });

  deepTest.each([WIDE, NARROW])(
    'is sound at $width pixels: pages, menu, dialogs, what is missing, a home',
    async (screen) => {
      const visit = await here.open('boss', { screen, path: '/overdue' });
      const { page } = visit;
      await page.getByRole('table').waitFor();
      await visit.check('overdue');
      if (screen === NARROW) {
        await page.getByRole('button', { name: 'Menu' }).click();
        await page.getByRole('link', { name: 'Overdue' }).waitFor();
        await visit.check('menu');
      }
      await page.goto(`${here.service.origin}/console/nothing`);
      await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
      await visit.check('missing');
      await visit.end();
      const model = await here.open('m1', { screen });
      await model.page.getByRole('table').waitFor();
      await model.check('home');
      await model.end();
    },
  );

  deepTest(
    'is walked by keys alone: past what stands around, into a search, to a page that takes the focus',
    async () => {
      const visit = await here.open('boss', { path: '/overdue' });
      const { page } = visit;
      await page.getByRole('table').waitFor();
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('Skip to the page');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      // From there on it is in the page.
      expect(await page.evaluate(`document.getElementById('page').contains(document.activeElement)`)).toBe(true);
      await page.getByRole('combobox').focus();
      await page.keyboard.type('zoe');
      await page.getByRole('option', { name: 'Zoë Peeters' }).waitFor();
      await visit.check('search');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/console/accounts/m11');
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await page.evaluate(`document.activeElement.tagName`)).toBe('H1');
      await visit.end();
    },
  );

  deepTest('says that there is nothing at an address that nothing can have', async () => {
    const visit = await here.open('boss');
    const { page } = visit;
    for (const path of NOWHERE) {
      await page.goto(`${here.service.origin}/console${path}`);
      await page.locator('#page').getByRole('heading', { level: 1 }).waitFor();
      await isRead(page);
      const heading = page.getByRole('heading', { name: 'There is nothing at this address' });
      expect([path, await heading.count()]).toEqual([path, 1]);
    }
    visit.allow(/4(?:04|22)/);
    await visit.end();
  });

  test('lets a link in once, and says what became of a session', async () => {
    const link = await here.service.linkFor('boss');
    const first = await here.visit();
    await first.page.goto(link);
    await first.page.getByRole('navigation').waitFor();
    // What opens it stands in no address any more.
    expect(first.page.url()).not.toContain('link=');
    const thief = await here.visit();
    await thief.page.goto(link);
    await thief.page.getByText('The link was used already').waitFor();
    await thief.check('ended');
    thief.allow(/401/);
    await thief.end();
    // Used twice, it was seen by two: neither is trusted with it.
    await first.page.reload();
    await first.page.getByText('Type /console in your chat').waitFor();
    first.allow(/401/);
    await first.end();
  });
});

/** What nobody wrote, and what somebody may try: days that no month has, and ids that are too long, or of odd characters. */
const NOWHERE = [
  ...['/nothing', '/simulate/else', '/ledger/x', '/payday/today', '/payday/2026-13-45', '/payday/2026-02-31'],
  ...['accounts', 'invoices', 'orders', 'commissions', 'payouts', 'events', 'webhooks'].flatMap((kind) => [
    `/${kind}/${encodeURIComponent('../a b?c#<d>')}`,
    `/${kind}/${'x'.repeat(600)}`,
    `/${kind}/%E0%A4%A`,
  ]),
  `/ledger/model:${'x'.repeat(600)}`,
  `/marketers/${'x'.repeat(600)}/queue`,
];

function focused(page: { evaluate(code: string): Promise<unknown> }): Promise<unknown> {
  return page.evaluate(`document.activeElement.textContent.trim()`);
}
