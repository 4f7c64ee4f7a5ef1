import { expect, test } from 'vitest';

import { tell } from '../support/events.ts';
import { describeMorePages, NARROW, WIDE } from './browser.ts';
import { startConsoleService, startPlace } from './visit.ts';

const BEGIN = '2026-03-02T09:00:00Z';
const LATER = '2026-03-02T10:00:00Z';

/** Orders of a marketer who runs one at a time, and what a manager does about them. */
describeMorePages('orders', () => {
  const here = startPlace(async () => {
    const service = await startConsoleService({ TEST_CLOCK_START: BEGIN });
    await service.send(
      tell.account('boss', 'manager', { name: 'Boss' }),
      tell.account('ava', 'model', { name: 'Ava' }),
      tell.account('max', 'marketer', { name: 'North Media', capacity: 1 }),
      tell.topUp('t', 'ava', 100_000),
    );
    const orders = ['o1', 'o2', 'o3', 'o4', 'o5'].map((id) =>
      tell.order(id, { modelId: 'ava', marketerId: 'max', placedAt: BEGIN, prepaid: id === 'o1', quantity: 4 }),
    );
    await service.send(...orders);
    for (const id of ['o1', 'o2']) await service.api('POST', `/v1/orders/${id}/accept`);
    await service.moveTo(LATER);
    await service.send(
      tell.fan('s1', 'o1', LATER),
      tell.fan('s2', 'o1', LATER),
      tell.fan('s3', 'o1', LATER, { fan: { bot: true } }),
    );
    return service;
  });

  test.each([WIDE, NARROW])('are listed, opened, and queue at $width pixels', async (screen) => {
    const visit = await here.open('boss', { screen, path: '/orders?state=placed&marketer=max' });
    const { page } = visit;
    await page.getByRole('table').waitFor();
    expect(await namesIn(page)).toEqual(['o5', 'o4', 'o3']);
    await visit.check('orders');
    await page.getByRole('button', { name: 'All' }).click();
    await page.getByRole('link', { name: 'o1' }).waitFor();
    await page.getByRole('textbox', { name: 'Marketer, id or name' }).fill('north');
    await page.getByRole('textbox', { name: 'Model, id or name' }).fill('nobody like that');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByRole('status').getByText('No account is called so.').waitFor();
    await page.getByRole('textbox', { name: 'Model, id or name' }).fill('av');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL('**/orders?marketer=max&model=ava');
    await page.getByRole('row', { name: /o1.*Ava.*North Media/ }).waitFor();
    await page.getByRole('link', { name: 'o1' }).click();
    await page.getByRole('heading', { name: 'Order o1' }).waitFor();
    await page.getByText('2 of 4').first().waitFor();
    await visit.check('order');
    await page.getByRole('link', { name: 'flagged as bot or fake' }).click();
    await page.waitForURL(/verdict=not_real/);
    await page.getByRole('rowheader', { name: 's3' }).waitFor();
    await page.getByRole('rowheader', { name: 's1' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Why?' }).click();
    await page.locator('.message').waitFor();
    await page.getByRole('link', { name: 'Queue of the marketer' }).click();
    await page.getByRole('heading', { name: 'Queue of North Media' }).waitFor();
    await page.getByRole('heading', { name: 'Waiting for an answer' }).waitFor();
    // Below them are the weeks.
    expect((await namesIn(page)).slice(0, 5)).toEqual(['o1', 'o2', 'o3', 'o4', 'o5']);
    await visit.check('queue');
    await page.goto(`${here.service.origin}/console/orders/nothing`);
    await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
    visit.allow(/404/);
    await visit.end();
  });

  test('are accepted, rejected and stopped, with what that means said before', async () => {
    const visit = await here.open('boss', { path: '/orders/o3' });
    const { page } = visit;
    const done = async (act: string, says: RegExp, reason?: string) => {
      await page.getByRole('button', { name: act, exact: true }).first().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(says).waitFor();
      if (reason !== undefined) await dialog.getByLabel('Reason').fill(reason);
      await visit.check(`order-${act.toLowerCase()}`);
      await dialog.getByRole('button', { name: new RegExp(`^${act}`) }).click();
      await dialog.getByText('1 done, 0 refused').waitFor();
      await dialog.getByRole('button', { name: 'Close' }).click();
    };
    const stateOf = async (id: string) => (await here.service.api('GET', `/v1/orders/${id}`)).body.status;
    await done('Accept', /Nothing is held in escrow/);
    expect(await stateOf('o3')).toBe('queued');
    await page.goto(`${here.service.origin}/console/orders/o4`);
    await done('Reject', /This cannot be taken back/, 'Too many at once');
    expect(await stateOf('o4')).toBe('rejected');
    await page.getByText('Too many at once').first().waitFor();
    await page.goto(`${here.service.origin}/console/orders/o1`);
    await done('Stop', /\$2\.00 as of now/, 'Bots');
    expect((await here.service.api('GET', '/v1/orders/o1')).body).toMatchObject({
      status: 'stopped',
      escrow: 0,
      paid: 200,
    });
    const { body } = await here.service.api('GET', '/v1/audit?subject=order:o1');
    expect(body.items[0]).toMatchObject({
      action: 'order.stop',
      actor: expect.stringContaining('boss'),
      reason: 'Bots',
    });
    await visit.end();
  });

  test('are only looked at by who may not act', async () => {
    await here.service.send(tell.account('eye', 'manager', { name: 'Eye' }));
    await here.service.api('PUT', '/v1/accounts/eye/scopes', { scopes: ['read'], reason: 'looks only' });
    const visit = await here.open('eye', { path: '/orders/o5' });
    await visit.page.getByText('0 of 4').first().waitFor();
    expect(await visit.page.getByRole('button', { name: 'Accept' }).count()).toBe(0);
    await visit.end();
  });
});

/** The names of the rows of all tables but those of fans and audit, from the top. */
function namesIn(page: import('playwright-core').Page): Promise<string[]> {
  return page.locator('tbody th.name').allInnerTexts();
}
