import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';

import { describeMorePages, NARROW, WIDE } from './browser.ts';
import { DAY, earn, startPaydays } from './paydays.ts';
import { startPlace } from './visit.ts';

/** One payout, and what the next runs would do, in the browser; every act is looked at through the API. */
describeMorePages('the pages of payouts and of what would be', () => {
  const here = startPlace(() => startPaydays({ approvals: 1 }));

  const open = (path: string, screen = WIDE) => here.open('boss', { screen, path });
  const payout = async (id: string) => (await here.service.api('GET', `/v1/payouts/${DAY}:${id}`)).body;
  const press = async (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click();
  const confirm = async (page: Page, name: string) => {
    await page.getByRole('dialog').getByRole('button', { name }).click();
    await page.getByRole('dialog').getByText('1 done').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  };

  test.each([WIDE, NARROW])('shows what it is made of and why, at $width pixels', async (screen) => {
    const visit = await open(`/payouts/${DAY}:anna`, screen);
    const { page } = visit;
    await press(page, 'Why?');
    await page.getByRole('heading', { name: /^Why: / }).waitFor();
    await visit.check('payout');
    await visit.end();
  });

  test('goes from due to paid and back again, each step with what the ledger would get', async () => {
    const visit = await open(`/payouts/${DAY}:anna`);
    const { page } = visit;
    await press(page, 'Being transferred');
    await page.getByText('The ledger would get nothing.').waitFor();
    await confirm(page, 'Transfer of $');
    expect((await payout('anna')).status).toBe('processing');
    await press(page, 'Paid');
    await page.getByText('The ledger would get nothing.').waitFor();
    await visit.check('payout-settle');
    await page.getByLabel('Reference').fill('TX1');
    await confirm(page, 'is paid');
    expect(await payout('anna')).toMatchObject({ status: 'paid', reference: 'TX1' });
    await press(page, 'Came back');
    await page.getByText('What the ledger would get').waitFor();
    await page.getByLabel('Reason').fill('account closed');
    await confirm(page, 'came back');
    expect((await payout('anna')).returned).toMatchObject({ reason: 'account closed' });
    const [saved] = await Promise.all([page.waitForEvent('download'), press(page, 'Statement (PDF)')]);
    expect((await readFile(await saved.path(), 'latin1')).startsWith('%PDF')).toBe(true);
    await visit.end();
  });

  test('fails, is held and released, alone and with its account', async () => {
    const visit = await open(`/payouts/${DAY}:boris`);
    const { page } = visit;
    await press(page, 'Failed');
    await page.getByLabel('Reason').fill('no such account');
    await confirm(page, 'has failed');
    expect(await payout('boris')).toMatchObject({ status: 'failed', reason: 'no such account' });
    await page.goto(`${here.service.origin}/console/payouts/${DAY}:cleo`);
    for (const [hold, release] of [
      ['Hold', 'Release'],
      ['Hold the account', 'Release the account'],
    ] as const) {
      await press(page, hold);
      await page.getByLabel('Until the beginning of').fill('2026-04-20');
      await page.getByLabel('Reason').fill('asked to');
      await confirm(page, 'Hold it');
      expect((await payout('cleo')).held).toMatchObject({ reason: 'asked to' });
      await press(page, release);
      await page.getByLabel('Reason').fill('clear now');
      await confirm(page, 'Release it');
      expect((await payout('cleo')).held).toBeNull();
    }
    await visit.end();
  });

  test.each([WIDE, NARROW])(
    'what the next runs would do is shown in sums and rows, at $width pixels',
    async (screen) => {
      if (screen === WIDE) await earn(here.service, { anna: 7_700, boris: 300 });
      const visit = await open('/simulate/payday', screen);
      const { page } = visit;
      await page.getByRole('link', { name: 'anna Media' }).waitFor();
      await visit.check('simulate-payday');
      await page.getByLabel('Show').selectOption('payout');
      await page.waitForURL('**outcome=payout');
      const [saved] = await Promise.all([page.waitForEvent('download'), press(page, 'CSV')]);
      expect(await readFile(await saved.path(), 'utf8')).toContain('anna Media');
      await page.getByRole('link', { name: 'Next Monday' }).click();
      await page.getByRole('heading', { name: 'Next Monday' }).waitFor();
      await page.getByText('There would be nothing.').waitFor();
      await visit.check('simulate-monday');
      await visit.end();
    },
  );

  test('says of a payout that there is none that there is nothing', async () => {
    const visit = await open('/payouts/nobody');
    await visit.page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
    visit.allow(/404/);
    await visit.end();
  });
});
