import { expect, test } from 'vitest';

import { tell } from '../support/events.ts';
import { describeMorePages, NARROW, WIDE } from './browser.ts';
import { BEGIN, owe } from './debtors.ts';
import { startConsoleService, startPlace } from './visit.ts';

/** The pages that say where money and acts come from, how the service is, and that what is shown follows what happens. */
describeMorePages('ledger, audit, commissions, health and live', () => {
  const here = startPlace(async () => {
    const service = await startConsoleService({ TEST_CLOCK_START: BEGIN });
    await service.send(
      tell.account('boss', 'manager', { name: 'Boss' }),
      tell.account('mo', 'manager', { name: 'Mo' }),
      tell.account('aff', 'affiliate', { name: 'Aff' }),
    );
    await owe(service, 3, '2026-03-20T09:00:00Z');
    await service.send(tell.topUp('t1', 'm1', 60_000));
    await service.api('POST', '/v1/adjustments', { account: 'affiliate:aff', amount: 900, reason: 'Missed' });
    return service;
  });

  test.each([WIDE, NARROW])('each page is sound at $width pixels', async (screen) => {
    const visit = await here.open('boss', { screen, path: '/ledger?month=2026-03' });
    const { page } = visit;
    const goTo = async (path: string, text: string) => {
      await page.goto(`${here.service.origin}/console${path}`);
      await page.getByText(text).first().waitFor();
    };
    await page.getByRole('link', { name: 'model:m1' }).waitFor();
    await visit.check('ledger');
    await goTo('/ledger/model:m1', 'Top-up t1');
    await visit.check('ledger-account');
    await goTo('/audit', 'adjustment');
    await visit.check('audit');
    await goTo('/commissions', 'adjustment');
    await visit.check('commissions');
    await page.getByRole('table').getByRole('link').first().click();
    await page.getByRole('heading', { name: /^Commission / }).waitFor();
    await page.getByText('In the ledger').waitFor();
    await visit.check('commission');
    await goTo('/health', 'Nothing is stuck');
    await visit.check('health');
    await visit.end();
  });

  test('an account is found, its entries lead to what they are of, and its balance agrees with the service', async () => {
    const visit = await here.open('boss', { path: '/ledger' });
    const { page } = visit;
    await page.getByRole('textbox', { name: 'Account' }).fill('nobody');
    await page.keyboard.press('Enter');
    await page.getByText('This is no ledger account.').waitFor();
    await page.getByRole('textbox', { name: 'Account' }).fill('model:m1');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/console/ledger/model%3Am1');
    const { body } = await here.service.api('GET', '/v1/ledger/balances/model:m1');
    const balance = `$${(body.balance / 100).toFixed(2)}`;
    await page.getByRole('definition').getByText(balance, { exact: true }).waitFor();
    const newest = page.locator('tbody tr').first();
    await newest.getByText(balance, { exact: true }).waitFor();
    const link = page.getByRole('link', { name: /^Invoice / }).first();
    expect(await link.getAttribute('href')).toMatch(/^\/console\/invoices\/2026-W\d\d%3Am1$/);
    await visit.end();
  });

  test("a balance is adjusted once what it would do has been shown; a model's never below zero", async () => {
    const visit = await here.open('boss', { path: '/ledger/model:m1' });
    const { page } = visit;
    const before = (await here.service.api('GET', '/v1/ledger/balances/marketer:c')).body.balance;
    const ask = async (amount: string) => {
      await page.getByRole('button', { name: 'Adjust' }).click();
      await page.getByLabel(/^Amount in USD/).fill(amount);
      await page.getByLabel('Reason').fill('Counted twice');
      await page.keyboard.press('Enter');
    };
    await ask('-9000000');
    await page.getByRole('alert').getByText('Refused').waitFor();
    expect(await page.getByRole('button', { name: /^Adjust by/ }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Cancel' }).click();
    visit.allow(/409/);
    await page.goto(`${here.service.origin}/console/ledger/marketer:c`);
    await ask('-1.50');
    await page.getByText(`It would leave $${((before - 150) / 100).toFixed(2)}.`).waitFor();
    await visit.check('ledger-adjust');
    await page.getByRole('button', { name: 'Adjust by -$1.50' }).click();
    await page.getByText('1 done').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    expect((await here.service.api('GET', '/v1/ledger/balances/marketer:c')).body.balance).toBe(before - 150);
    const { body } = await here.service.api('GET', '/v1/adjustments?account=marketer:c');
    expect(body.items).toMatchObject([{ amount: -150, reason: 'Counted twice' }]);
    await visit.end();
  });

  test('the trail and the commissions are narrowed by what stands in the address', async () => {
    const visit = await here.open('boss', { path: '/commissions' });
    const { page } = visit;
    await page.getByLabel('State').selectOption('rejected');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL('**/commissions?status=rejected');
    await page.getByText('No commission is so.').waitFor();
    await page.goto(`${here.service.origin}/console/audit`);
    await page.getByRole('textbox', { name: 'About' }).fill('account:nobody');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/audit?subject=account%3Anobody');
    await page.getByText('Nothing was done to it.').waitFor();
    await visit.end();
  });

  test('what changes shows without a reload, and moves nothing while rows are chosen', async () => {
    const visit = await here.open('boss', { path: '/overdue' });
    const { page } = visit;
    const rows = page.locator('tbody tr');
    await page.locator('tbody input').first().check();
    const invoiceId = await page.locator('tbody tr a[href*="/invoices/"]').last().textContent();
    const count = await rows.count();
    await here.service.api('POST', `/v1/invoices/${invoiceId}/write-off`, { reason: 'Agreed' });
    await page.waitForTimeout(3_000);
    expect(await rows.count()).toBe(count);
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => rows.count(), { timeout: 10_000 }).toBe(count - 1);
    await visit.end();
  });
});
