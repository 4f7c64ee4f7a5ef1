import { expect, test } from 'vitest';

import { tell } from '../support/events.ts';
import { describeMorePages, NARROW, WIDE } from './browser.ts';
import { BEGIN, owe } from './debtors.ts';
import { startConsoleService, startPlace } from './visit.ts';

/** What managers do about people and what they owe: each act once, and its effect as the API says it. */
describeMorePages('overdue, accounts, an invoice', () => {
  const here = startPlace(async () => {
    const service = await startConsoleService({ TEST_CLOCK_START: BEGIN });
    await service.send(tell.account('boss', 'manager', { name: 'Boss' }));
    await owe(service, 6, '2026-03-20T09:00:00Z');
    // So that a reminder reaches somebody.
    await service.linkFor('m2');
    return service;
  });

  const api = async (path: string) => (await here.service.api('GET', path)).body;
  const last = async (id: string) =>
    (await api(`/v1/audit?subject=${id}`)).items.map(({ action }: { action: string }) => action);

  test('reminds, grants grace and writes off for a selection, and narrows by age', async () => {
    const visit = await here.open('boss', { path: '/overdue' });
    const { page } = visit;
    await page.getByRole('table').waitFor();
    await visit.check('overdue-ages');
    await page.getByRole('link', { name: /^3–7 days/ }).click();
    await page.getByText('Nothing is overdue by that much.').waitFor();
    await page.getByRole('link', { name: /^8–14 days/ }).click();
    await page.getByRole('row', { name: /Chiara/ }).waitFor();
    for (const name of ['Béatrice', 'Chiara']) await page.getByLabel(`Select ${name}`).check();
    await page.getByRole('button', { name: 'Remind' }).click();
    await page.getByRole('button', { name: 'Send 2 reminders' }).click();
    await page.getByText('1 done, 1 refused, 0 without an answer').waitFor();
    await visit.check('overdue-reminded');
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await last('invoice:2026-W10:m2')).toContain('invoice.remind');
    await page.getByText('reminded 20 Mar 2026, 09:00').waitFor();

    await page.getByLabel('Select Chiara').check();
    await page.getByRole('button', { name: 'Grace' }).click();
    await page.getByLabel('Reason').fill('asked for it');
    await page.getByRole('button', { name: 'Grant 1 grace' }).click();
    await page.getByText('1 done, 0 refused, 0 without an answer').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await api('/v1/models/m3/standing')).toMatchObject({ campaigns: 'running' });

    await page.getByLabel('Select Éloïse').check();
    await page.getByRole('button', { name: 'Write off' }).click();
    await page.getByLabel('Reason').fill('gone');
    await page.getByRole('button', { name: 'Write off $246.90' }).click();
    await page.getByText('1 done, 0 refused, 0 without an answer').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await api('/v1/invoices/2026-W10:m4')).toMatchObject({ status: 'written_off' });
    visit.allow(/409/);
    await visit.end();
  });

  test.each([WIDE, NARROW])('finds people, and shows all that there is of one, at $width pixels', async (screen) => {
    const visit = await here.open('boss', { screen, path: '/accounts' });
    const { page } = visit;
    await page.getByRole('table').waitFor();
    await visit.check('accounts');
    await page.getByRole('searchbox', { name: 'Name or id' }).fill('beat');
    await page.getByLabel('Role').selectOption('model');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByText('1 row', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Béatrice Dufour' }).click();
    for (const name of ['Standing', 'Invoices', 'Messages', 'Audit trail']) {
      await page.getByRole('heading', { name, exact: true }).waitFor();
    }
    await page.getByText('delivered').first().waitFor();
    await visit.check('account');
    await visit.end();
  });

  test('holds and releases what is paid to an account, and says first what is concerned or refused', async () => {
    const visit = await here.open('boss', { path: '/accounts/c' });
    const { page } = visit;
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Release payouts' }).click();
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.getByRole('button', { name: /^Release/ }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Hold payouts' }).click();
    await dialog.getByText('No payout of theirs is due now.').waitFor();
    await dialog.getByLabel('Until the beginning of').fill('2026-04-20');
    await dialog.getByLabel('Reason').fill('asked to');
    await visit.check('account-hold');
    await dialog.getByRole('button', { name: 'Hold it' }).click();
    await dialog.getByText('1 done, 0 refused').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Release payouts' }).click();
    await dialog.getByLabel('Reason').fill('settled');
    await dialog.getByRole('button', { name: 'Release it' }).click();
    await dialog.getByText('1 done, 0 refused').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    expect((await last('account:c')).filter((action: string) => /held|released/.test(action))).toHaveLength(2);
    visit.allow(/404|409/);
    await visit.end();
  });

  test('acts on one person, and on one invoice, and says why', async () => {
    const visit = await here.open('boss', { path: '/accounts/m2' });
    const { page } = visit;
    await page.getByLabel('Message').fill('Please call.');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('.message').getByText('Please call.').waitFor();
    const { items } = await api('/v1/accounts/m2/messages');
    expect(items[0]).toMatchObject({ kind: 'contact.message' });

    await page.goto(`${here.service.origin}/console/invoices/2026-W10:m1`);
    await page.getByRole('heading', { name: 'Lines' }).waitFor();
    await page.getByRole('button', { name: 'Why?' }).click();
    await page.locator('.message').waitFor();
    await visit.check('invoice');
    await page.getByRole('button', { name: 'Void' }).click();
    await page
      .getByRole('dialog')
      .getByText('What the ledger would get')
      .or(page.getByText('The ledger would get nothing.'))
      .waitFor();
    await visit.check('invoice-void');
    await page.getByLabel('Reason').fill('by mistake');
    await page.getByRole('dialog').getByRole('button', { name: 'Void' }).click();
    await page.getByText('1 done, 0 refused, 0 without an answer').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await api('/v1/invoices/2026-W10:m1')).toMatchObject({ status: 'void', voidReason: 'by mistake' });
    await visit.end();
  });
});
