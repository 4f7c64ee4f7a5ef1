import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';

import { tell } from '../support/events.ts';
import { describeMorePages, NARROW } from './browser.ts';
import { BEGIN, owe } from './debtors.ts';
import { DAY, startPaydays } from './paydays.ts';
import { startConsoleService, startPlace } from './visit.ts';

/** The payday after the one that is worked on. */
const NEXT = '2026-04-16';

/** A payday that is left out of, checked, approved and settled on a telephone; what was left out goes on to the next. */
describeMorePages('a payday on a telephone', () => {
  const here = startPlace(() => startPaydays({ approvals: 1 }));

  test('is approved without what is left out, which is carried to the next one and seen on both', async () => {
    const visit = await here.open('vera', { screen: NARROW, path: `/payday/${DAY}` });
    const { page } = visit;
    const dialog = page.getByRole('dialog');
    const act = actIn(page);
    await page.getByLabel(`Select ${DAY}:boris`).check();
    await act('Exclude', 'Exclude it', { Reason: 'in dispute' });
    await act('Check', 'Check');
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await dialog.getByText('is carried to the next payday').waitFor();
    await visit.check('payday-approve-alone');
    await dialog.getByRole('button', { name: /^Approve \$/ }).click();
    await dialog.getByText('1 done').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    expect((await here.service.api('GET', `/v1/payouts/${DAY}:boris`)).body).toMatchObject({
      carriedTo: NEXT,
      status: 'due',
    });
    await page.getByText('Carried away').waitFor();
    await visit.check('payday-carried-away');
    await act('Settle the whole', /^Settle \$/, { 'Reference of the transfer': 'TX1' });
    await visit.end();
  });

  test('what was carried is paid with the next one', async () => {
    await here.service.moveTo(`${NEXT}T09:00:00Z`);
    const visit = await here.open('vera', { screen: NARROW, path: `/payday/${NEXT}` });
    const { page } = visit;
    const act = actIn(page);
    await page.getByText('Carried in').waitFor();
    await page.getByRole('link', { name: 'from 1 Apr 2026' }).first().waitFor();
    await visit.check('payday-carried-in');
    await act('Check', 'Check');
    await act('Approve', /^Approve \$/);
    await act('Settle the whole', /^Settle \$/, { 'Reference of the transfer': 'TX2' });
    expect((await here.service.api('GET', `/v1/payouts/${DAY}:boris`)).body).toMatchObject({
      status: 'paid',
      reference: 'TX2',
    });
    await visit.end();
  });
});

describeMorePages('on a telephone', () => {
  const here = startPlace(async () => {
    const service = await startConsoleService({ TEST_CLOCK_START: BEGIN });
    await service.send(
      tell.account('boss', 'manager', { name: 'Boss' }),
      tell.account('max', 'marketer', { name: 'Max Media' }),
      tell.account('kim', 'affiliate', { name: 'Kim' }),
    );
    await owe(service, 3, '2026-03-20T09:00:00Z');
    await service.linkFor('m2');
    return service;
  });

  test('several are reminded who were chosen, and it is said whom no message reaches', async () => {
    const visit = await here.open('boss', { screen: NARROW, path: '/overdue' });
    const { page } = visit;
    for (const name of ['Béatrice', 'Chiara']) await page.getByLabel(`Select ${name}`).check();
    await visit.check('overdue-chosen');
    await page.getByRole('button', { name: 'Remind' }).click();
    await page.getByRole('button', { name: 'Send 2 reminders' }).click();
    await page.getByText('1 done, 1 refused, 0 without an answer').waitFor();
    await visit.check('overdue-reminded');
    await page.getByRole('button', { name: 'Close' }).click();
    const { items } = (await here.service.api('GET', '/v1/audit?subject=invoice:2026-W10:m2')).body;
    expect(items[0]).toMatchObject({ action: 'invoice.remind', actor: expect.stringMatching(/^boss /) });
    visit.allow(/409/);
    await visit.end();
  });
});

/** Does an act of a page by its button, with what it asks for. */
function actIn(page: Page) {
  const dialog = page.getByRole('dialog');
  return async (name: string, doIt: string | RegExp, fill: Record<string, string> = {}) => {
    await page.getByRole('button', { name, exact: true }).first().click();
    for (const [label, value] of Object.entries(fill)) await dialog.getByLabel(label).fill(value);
    await dialog.getByRole('button', { name: doIt }).click();
    await dialog.getByText('1 done').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
  };
}
