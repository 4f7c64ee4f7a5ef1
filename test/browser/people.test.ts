import type { Page, Route } from 'playwright-core';
import { expect, test } from 'vitest';

import { tell } from '../support/events.ts';
import { eventually } from '../support/eventually.ts';
import { initDataOf } from '../support/initData.ts';
import { describeMorePages, NARROW, WIDE } from './browser.ts';
import { startPeople } from './people.ts';
import { startPlace } from './visit.ts';

/** The pages of models, marketers and affiliates, and what they do there. */
describeMorePages('the pages of people', () => {
  const here = startPlace(() => startPeople());

  test.each([
    ['m1', ['', '/invoices', '/invoices/2026-W10:m1', '/standing', '/balance', '/settings']],
    ['ava', ['/orders', '/orders/o1']],
    ['max', ['', '/orders?status=placed', '/orders/o2', '/earnings', '/payouts']],
    [
      'kim',
      ['', '/commissions', '/commissions/s1~first', '/payouts', '/payouts/2026-03-16:kim', '/earnings', '/settings'],
    ],
  ])(
    'of %s are sound at both widths',
    async (accountId, paths) => {
      for (const screen of [WIDE, NARROW]) {
        const visit = await here.open(accountId, { screen });
        for (const path of paths) {
          await visit.page.goto(`${here.service.origin}/console${path}`);
          await ready(visit.page);
          expect([path, await visit.page.getByRole('alert').allTextContents()]).toEqual([path, []]);
          expect([path, await visit.page.getByText('There is nothing at this address').count()]).toEqual([path, 0]);
          await visit.check(`${accountId}${path.replaceAll(/[^\w-]+/g, '-') || '-home'}`);
        }
        await visit.end();
      }
    },
    180_000,
  );

  test('a model pays: asked once more first, and nothing is paid by then', async () => {
    await here.service.send(tell.topUp('t-m1-more', 'm1', 100_000));
    const visit = await here.open('m1');
    const { page } = visit;
    const invoice = async () => (await here.service.api('GET', '/v1/invoices/2026-W10:m1')).body;
    const { status, total } = await invoice();
    if (status === 'overdue') {
      await page.getByRole('button', { name: /^Pay invoice of/ }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: /^Pay / }).waitFor();
      expect((await invoice()).status).toBe('overdue');
      await visit.check('pay-asks');
      await page.keyboard.press('Tab');
      await dialog.getByRole('button', { name: /^Pay / }).press('Enter');
      await dialog.getByRole('heading', { name: /^Paid/ }).waitFor();
      await visit.check('pay-done');
      await dialog.getByRole('button', { name: 'Close' }).click();
    }
    await page.getByText('Nothing to pay.').waitFor();
    expect(await invoice()).toMatchObject({ status: 'completed', total });
    await visit.end();
  });

  test('a dialog that Escape closes gives the focus back to what was pressed', async () => {
    const visit = await here.open('m2');
    const { page } = visit;
    const pressed = page.locator('main').getByRole('button', { name: 'Balance', exact: true });
    await pressed.press('Enter');
    await page
      .getByRole('dialog')
      .getByText(/^Your balance/)
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Balance');
    await visit.end();
  });

  test('a dialog stays while it is answered, however often Escape is pressed', async () => {
    const visit = await here.open('m2');
    const { page } = visit;
    const pressed = page.locator('main').getByRole('button', { name: 'Balance', exact: true });
    await pressed.waitFor();
    const held: Route[] = [];
    let isHeld = true;
    await page.route('**/v1/me/commands', (route) => (isHeld ? void held.push(route) : route.continue()));
    await pressed.press('Enter');
    await expect.poll(() => held.length).toBe(1);
    for (const key of ['Escape', 'Escape', 'Escape', 'Escape']) await page.keyboard.press(key);
    isHeld = false;
    await held[0]?.continue();
    await page
      .getByRole('dialog')
      .getByText(/^Your balance/)
      .first()
      .waitFor();
    await visit.end();
  });

  test('what moved a balance is called by its payday, and leads there', async () => {
    const visit = await here.open('max', { path: '/earnings' });
    await visit.page.getByRole('link', { name: 'Payout: 16 Mar 2026' }).click();
    await visit.page.getByRole('heading', { level: 1, name: 'Payout of 16 Mar 2026' }).waitFor();
    await visit.end();
  });

  test('a model gets the PDF and the CSV of an invoice', async () => {
    const visit = await here.open('m2', { path: '/invoices/2026-W10:m2' });
    const { page } = visit;
    for (const [name, file] of [
      ['PDF', 'invoice-2026-W10-m2.pdf'],
      ['CSV', 'invoice-2026-W10-m2.csv'],
    ] as const) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name, exact: true }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(file);
      expect(await download.failure()).toBeNull();
    }
    await visit.end();
  });

  test('what is somebody else’s is as what does not exist', async () => {
    const visit = await here.open('m2');
    for (const path of ['/invoices/2026-W10:m1', '/orders/o1', '/invoices/none', '/payday/2026-03-16', '/payouts']) {
      await visit.page.goto(`${here.service.origin}/console${path}`);
      await visit.page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
    }
    visit.allow(/404/);
    await visit.end();
  });

  test('a marketer accepts one order and rejects another with a reason', async () => {
    const visit = await here.open('max');
    const { page } = visit;
    const statusOf = async (id: string) => (await here.service.api('GET', `/v1/orders/${id}`)).body.status;
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Accept order o2' }).click();
    await dialog.getByRole('button', { name: /^Accept/ }).waitFor();
    expect(await statusOf('o2')).toBe('placed');
    await dialog.getByRole('button', { name: /^Accept/ }).click();
    await dialog.getByRole('heading', { name: /accepted/i }).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    expect(['queued', 'running']).toContain(await statusOf('o2'));
    await page.getByRole('button', { name: 'Accept order o2' }).waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Reject order o3' }).click();
    await dialog.getByRole('button', { name: /price/i }).waitFor();
    expect(await statusOf('o3')).toBe('placed');
    await visit.check('reject-asks');
    await dialog.getByRole('button', { name: /price/i }).click();
    await dialog.getByRole('heading', { name: /rejected/i }).waitFor();
    expect(await statusOf('o3')).toBe('rejected');
    await visit.end();
  });

  test('finds their orders by what the other side is called', async () => {
    for (const [accountId, name] of [
      ['ava', 'med'],
      ['max', 'alva'],
    ] as const) {
      const visit = await here.open(accountId, { path: '/orders' });
      const { page } = visit;
      await page.getByRole('link', { name: 'o1' }).waitFor();
      await page.getByRole('searchbox').fill(name);
      await page.getByRole('button', { name: 'Show' }).click();
      await page.waitForURL(`**/orders?q=${name}`);
      await page.getByRole('link', { name: 'o1' }).waitFor();
      await page.getByRole('searchbox').fill('nobody');
      await page.getByRole('button', { name: 'Show' }).click();
      await page.getByText('No orders.').waitFor();
      await visit.check(`own-orders-found-${accountId}`);
      await page.getByRole('button', { name: 'All', exact: true }).click();
      await page.waitForURL('**/orders');
      await visit.end();
    }
  });

  test('shows which fans did not count, and why', async () => {
    const visit = await here.open('max', { path: '/orders/o1?fans=not-counted' });
    const table = visit.page.getByRole('table', { name: 'Fans' });
    await table.getByText('before the acceptance').waitFor();
    expect(await table.getByRole('row').count()).toBe(2);
    expect(await visit.page.content()).not.toContain('fan-f2');
    await visit.end();
  });

  test('the language changes the page at once, and stays', async () => {
    const visit = await here.open('ava', { path: '/settings' });
    const { page } = visit;
    await page.getByRole('button', { name: /^Language/ }).click();
    await page.getByRole('button', { name: /Español/ }).click();
    // The answer comes in the new language first; what the page itself says, a moment later.
    await page.getByRole('heading', { level: 1, name: 'Ajustes' }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('es');
    expect((await here.service.api('GET', '/v1/accounts/ava')).status).toBe(200);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Ajustes' }).waitFor();
    await page.getByRole('button', { name: /^Idioma/ }).click();
    await page.getByRole('button', { name: /English/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await visit.end();
  });

  test('sessions are listed, and one is ended from another', async () => {
    const [one, other] = [await here.open('m2'), await here.open('m2')];
    await one.page.goto(`${here.service.origin}/console/settings`);
    const rows = one.page.getByRole('table', { name: 'Where the console is open' }).getByRole('row');
    await rows.getByRole('button', { name: 'End', exact: true }).last().waitFor();
    for (;;) {
      const before = await rows.getByRole('button', { name: 'End', exact: true }).count();
      if (before === 0) break;
      await rows.getByRole('button', { name: 'End', exact: true }).first().click();
      await eventually(async () => (await rows.getByRole('button', { name: 'End', exact: true }).count()) < before);
    }
    await other.page.reload();
    await other.page.getByRole('heading', { name: 'Nobody is signed in here' }).waitFor();
    other.allow(/401/);
    await other.end();
    await one.page.getByRole('button', { name: 'End all' }).click();
    await one.page.getByRole('heading', { name: 'Nobody is signed in here' }).waitFor();
    one.allow(/401/);
    await one.end();
  });

  test('a role that was lost a second ago does nothing any more', async () => {
    await here.service.send(
      tell.account('lou', 'marketer', { name: 'Lou' }),
      tell.order('o9', {
        modelId: 'ava',
        marketerId: 'lou',
        quantity: 5,
        pricePerFan: 200,
        placedAt: '2026-03-20T08:00:00Z',
      }),
    );
    const visit = await here.open('lou');
    const { page } = visit;
    // The page does not hear of it, or it would begin anew before the press.
    await page.route('**/v1/live', () => {});
    await page.reload();
    await page.getByRole('button', { name: 'Accept order o9' }).waitFor();
    await here.service.send(tell.account('lou', 'affiliate', { name: 'Lou', id: 'lou-2', at: '2026-03-20T09:00:00Z' }));
    await page.getByRole('button', { name: 'Accept order o9' }).click();
    await page
      .getByRole('dialog')
      .getByText(/\/accept/)
      .first()
      .waitFor();
    expect((await here.service.api('GET', '/v1/orders/o9')).body.status).toBe('placed');
    visit.allow(/403|404/);
    await visit.end();
  });

  test('inside Telegram deep addresses work, and loaded anew too soon it says how to come back', async () => {
    const { body } = await here.service.api('POST', '/v1/accounts/m2/link-codes');
    here.service.telegram.say(5_000, `/start ${body.code}`);
    await eventually(() => here.service.telegram.fromBot(5_000).length > 0);
    const visit = await here.visit(NARROW);
    const { page } = visit;
    const fragment = new URLSearchParams({
      tgWebAppData: initDataOf(5_000, { token: here.service.telegram.token, openedAt: new Date() }),
      tgWebAppThemeParams: JSON.stringify({ bg_color: '#101418', secondary_bg_color: '#000000' }),
    });
    await page.goto(`${here.service.origin}/console/telegram/invoices#${fragment}`);
    await page.getByRole('heading', { level: 1, name: 'Invoices' }).waitFor();
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
    await page.getByRole('link', { name: 'Skip to the page' }).press('Enter');
    await page.getByRole('table').getByRole('link').first().click();
    await page.waitForURL('**/console/telegram/invoices/2026-W10**');
    await page.getByRole('heading', { level: 1, name: /^Invoice of/ }).waitFor();
    // What says who is there goes with every address, so that each can be loaded anew.
    expect(new URL(page.url()).hash).toContain('tgWebAppData');
    await page.reload();
    await page.getByText('open it again from the chat').waitFor();
    visit.allow(/401/);
    await visit.end();
  });
});

/** The page is there, and everything that it reads. The network is never idle: the page listens to what happens. */
async function ready(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await eventually(async () => (await page.getByText('Loading…').count()) === 0, { what: 'everything that is read' });
}
