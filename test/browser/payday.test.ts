import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';

import { describeMorePages, NARROW, WIDE } from './browser.ts';
import { DAY, startPaydays } from './paydays.ts';
import { startPlace } from './visit.ts';

/** A payday on its way, done in the browser step by step, each looked at through the API (docs/paydays.md). */
describeMorePages('the pages of paydays', () => {
  const here = startPlace(() => startPaydays());

  const open = (who: string, path = `/payday/${DAY}`, screen = WIDE) => here.open(who, { screen, path });
  const cycle = async () => (await here.service.api('GET', `/v1/payout-cycles/${DAY}`)).body;
  const payout = async (id: string) => (await here.service.api('GET', `/v1/payouts/${DAY}:${id}`)).body;
  const act = async (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click();
  /** Presses what does it in the dialog, waits until it is done, and closes it. */
  const confirm = async (page: Page, name: string | RegExp, outcome = '1 done') => {
    await page.getByRole('dialog').getByRole('button', { name }).click();
    await page.getByRole('dialog').getByText(outcome).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  };

  test.each([WIDE, NARROW])('shows all of them, and one that is drawn up, at $width pixels', async (screen) => {
    const visit = await open('boss', '/payday', screen);
    const { page } = visit;
    await page.getByRole('link', { name: '1 Apr 2026' }).waitFor();
    await visit.check('paydays');
    await page.getByRole('link', { name: '1 Apr 2026' }).click();
    await page.getByRole('heading', { name: 'Payday 1 Apr 2026' }).waitFor();
    await page.getByRole('link', { name: `${DAY}:anna` }).waitFor();
    await page.getByText('the biggest difference first').waitFor();
    await visit.check('payday');
    await visit.end();
  });

  test('excludes and puts back, holds and releases payouts that are chosen', async () => {
    const visit = await open('boss');
    const { page } = visit;
    await page.getByLabel(`Select ${DAY}:boris`).check();
    await act(page, 'Exclude');
    await page.getByLabel('Reason').fill('in dispute');
    await confirm(page, 'Exclude it');
    expect((await cycle()).batch.excluded).toMatchObject([
      { payoutId: `${DAY}:boris`, reason: 'in dispute', by: BOSS },
    ]);
    await page.getByLabel('Show').first().selectOption('excluded');
    await page.waitForURL('**view=excluded');
    await page.getByLabel(`Select ${DAY}:boris`).check();
    await visit.check('payday-excluded');
    await act(page, 'Put back');
    await confirm(page, 'Put back it');
    expect((await cycle()).batch.excluded).toEqual([]);
    await page.getByLabel('Show').first().selectOption('due');
    await page.getByLabel(`Select ${DAY}:cleo`).check();
    await act(page, 'Hold');
    await page.getByLabel('Until the beginning of').fill('2026-04-20');
    await page.getByLabel('Reason').fill('asked to');
    await visit.check('payday-hold');
    await confirm(page, 'Hold it');
    expect((await payout('cleo')).held).toMatchObject({ reason: 'asked to', by: BOSS });
    await page.getByLabel('Show').first().selectOption('held');
    await page.getByLabel(`Select ${DAY}:cleo`).check();
    await act(page, 'Release');
    await page.getByLabel('Reason').fill('settled');
    await confirm(page, 'Release it');
    expect((await payout('cleo')).held).toBeNull();
    await visit.end();
  });

  test('shows the payouts of one account, found by its name', async () => {
    const visit = await open('boss');
    const { page } = visit;
    await page.getByLabel('Account, id or name').fill('dora');
    await page.keyboard.press('Enter');
    await page.waitForURL('**account=dora');
    await page.getByRole('link', { name: `${DAY}:dora` }).waitFor();
    expect(await page.getByRole('link', { name: `${DAY}:anna` }).count()).toBe(0);
    await visit.end();
  });

  test('is checked, and approved by two who have changed nothing in it', async () => {
    const boss = await open('boss');
    await act(boss.page, 'Check');
    await boss.page.getByText('It would find').waitFor();
    await boss.check('payday-check');
    await confirm(boss.page, 'Check');
    expect((await cycle()).batch).toMatchObject({ state: 'checked', checkedBy: BOSS });
    await act(boss.page, 'Approve');
    await boss.page.getByText('It takes two people').waitFor();
    await boss.check('payday-approve');
    await boss.page.getByRole('dialog').getByRole('button', { name: 'Approve $' }).click();
    await boss.page.getByText('Nothing is done yet: a second person').waitFor();
    await boss.end();
    expect((await cycle()).batch.state).toBe('checked');

    const mark = await open('mark', '/payday');
    await mark.page.evaluate(adjustAnna);
    await mark.page.goto(`${here.service.origin}/console/payday/${DAY}`);
    await act(mark.page, 'Approve');
    await mark.page.getByText('Refused: Whoever has changed something in it by hand cannot approve it.').waitFor();
    expect(await mark.page.getByRole('dialog').getByRole('button', { name: 'Approve $' }).isDisabled()).toBe(true);
    await mark.check('payday-not-independent');
    mark.allow(/409/);
    await mark.end();

    const vera = await open('vera');
    await act(vera.page, 'Approve');
    await confirm(vera.page, /Approve \$/);
    expect((await cycle()).batch).toMatchObject({
      state: 'approved',
      askedBy: BOSS,
      approvedBy: expect.stringMatching(/^vera /),
    });
    await vera.end();
  });

  test('is paid by a file, which is made once, and downloaded as it is', async () => {
    const visit = await open('boss');
    const { page } = visit;
    await page.getByLabel('Format', { exact: true }).selectOption('paypal');
    await act(page, 'Make a file…');
    await page.getByText('In the file').waitFor();
    await visit.check('payday-file');
    await confirm(page, 'Make the file: PayPal');
    const [file] = (await here.service.api('GET', `/v1/payout-cycles/${DAY}/exports`)).body.items;
    expect(file).toMatchObject({ format: 'paypal', by: BOSS, count: 4 });
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: file.parts[0].name }).click(),
    ]);
    const bytes = await readFile(await saved.path());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(file.hash);
    await act(page, 'Make a file…');
    await page.getByText('Made already by boss').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await visit.end();
  });

  test.each([WIDE, NARROW])(
    'refuses a file that no bank sends, says why, and takes nothing, at $width pixels',
    async (screen) => {
      const visit = await open('boss', `/payday/${DAY}`, screen);
      const { page } = visit;
      const place = page.locator('label.drop');
      await place.waitFor();
      const before = (await here.service.api('GET', `/v1/payout-cycles/${DAY}/results`)).body;
      await place.dispatchEvent('drop', { dataTransfer: await page.evaluateHandle(transferOf('Dear customer,')) });
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('alert').getByText('Refused').waitFor();
      expect(await dialog.getByRole('button', { name: 'Take it' }).isDisabled()).toBe(true);
      await visit.check('payday-result-refused');
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      expect((await here.service.api('GET', `/v1/payout-cycles/${DAY}/results`)).body).toEqual(before);
      visit.allow(/422|409|400/);
      await visit.end();
    },
  );

  test.each([WIDE, NARROW])('takes what the bank said, by drop and by choice, at $width pixels', async (screen) => {
    const visit = await open('boss', `/payday/${DAY}`, screen);
    const { page } = visit;
    const isFirst = screen === WIDE;
    const rows = isFirst
      ? [`${DAY}:anna,paid,100.00,TX1`, `${DAY}:boris,failed,,`, `${DAY}:cleo,paid,1.00,TX2`, 'nobody,paid,1.00,TX3']
      : [`${DAY}:cleo,paid,300.00,TX4`];
    const text = ['payoutId,status,amount,bankReference', ...rows].join('\n');
    const place = page.locator('label.drop');
    await place.waitFor();
    if (isFirst) {
      const data = await page.evaluateHandle(transferOf(text));
      await place.dispatchEvent('drop', { dataTransfer: data });
    } else {
      await place.locator('input').setInputFiles({ name: 'bank.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    }
    if (isFirst) await page.getByText('2 lines do not agree').waitFor();
    await page.getByRole('dialog').getByText('Still to settle').waitFor();
    await visit.check('payday-result');
    expect((await payout(isFirst ? 'anna' : 'cleo')).status).toBe('processing');
    await confirm(page, 'Take it');
    expect(await Promise.all(['anna', 'boris', 'cleo'].map(async (id) => (await payout(id)).status))).toEqual(
      isFirst ? ['paid', 'failed', 'processing'] : ['paid', 'failed', 'paid'],
    );
    await visit.check('payday-results');
    await visit.end();
  });

  test('is settled whole, and each document of it can be had', async () => {
    const visit = await open('vera');
    const { page } = visit;
    await act(page, 'Settle the whole');
    await page.getByText('1 payout would be paid: $400.00.').waitFor();
    await page.getByLabel('Reference of the transfer').fill('TX9');
    await confirm(page, 'Settle $400.00');
    expect(await payout('dora')).toMatchObject({ status: 'paid', reference: 'TX9' });
    expect((await cycle()).batch.state).toBe('settled');
    for (const [name, starts] of [
      ['CSV', '\uFEFFpayoutId'],
      ['PDF', '%PDF'],
    ] as const) {
      const [saved] = await Promise.all([page.waitForEvent('download'), act(page, name)]);
      expect((await readFile(await saved.path(), 'utf8')).startsWith(starts), name).toBe(true);
    }
    await visit.check('payday-settled');
    await visit.end();
  });
});

/** With the chat that the session was opened from. */
const BOSS = expect.stringMatching(/^boss via telegram:/);

/** A correction of a balance, by the session of the page. */
const adjustAnna = `fetch('/v1/adjustments', {
  method: 'POST',
  headers: { 'content-type': 'application/json', 'settlebot-console': '1', 'idempotency-key': 'adjust-anna' },
  body: JSON.stringify({ account: 'marketer:anna', amount: 100, reason: 'forgotten' }),
}).then((answer) => { if (!answer.ok) throw new Error(String(answer.status)); })`;

/** What is dropped, as a browser has it. */
function transferOf(text: string): string {
  return `(() => {
    const data = new DataTransfer();
    data.items.add(new File([${JSON.stringify(text)}], 'bank.csv', { type: 'text/csv' }));
    return data;
  })()`;
}
