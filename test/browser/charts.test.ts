import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

import { tell } from '../support/events.ts';
import { describeMorePages, NARROW, WIDE } from './browser.ts';
import { BEGIN, owe } from './debtors.ts';
import { startConsoleService, startPlace } from './visit.ts';

/** What is written into each drawing, which nothing else could read. */
const NOTE_WRITTEN = `{
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...more) {
    (this.canvas.written ??= []).push(text);
    return fillText.call(this, text, ...more);
  };
}`;

const TITLES = ['Overdue by age', 'Paid on time', 'Money in escrow', 'Payouts by payday', 'Fans by verdict'];

/** A month of twelve models, one of whom pays and orders fans. */
describeMorePages('the charts', () => {
  const here = startPlace(async () => {
    const service = await startConsoleService({ TEST_CLOCK_START: BEGIN });
    await service.send(
      ...[tell.account('boss', 'manager', { name: 'Boss' }), tell.account('shop', 'marketer', { name: 'Shop' })],
      ...[tell.account('m12', 'model', { name: 'Yuki' }), tell.topUp('t', 'm12', 500_000)],
    );
    await owe(service, 12, '2026-03-10T09:00:00Z');
    const order = { modelId: 'm12', marketerId: 'shop', placedAt: '2026-03-10T09:00:00Z', prepaid: true };
    await service.send(
      ...[3, 5, 7, 8].map((n) => tell.payment(`q${n}`, n * 9_000, '2026-03-11T12:00:00Z', { campaignId: `k${n}` })),
      tell.order('o1', { ...order, quantity: 20, pricePerFan: 1_000 }),
    );
    expect((await service.api('POST', '/v1/orders/o1/accept')).status).toBe(200);
    for (const day of [11, 12, 14]) {
      await service.moveTo(`2026-03-${day}T12:00:00Z`);
      const at = `2026-03-${day}T11:00:00Z`;
      await service.send(
        ...Array.from({ length: day - 8 }, (_, index) => tell.fan(`f${day}${index}`, 'o1', at)),
        tell.fan(`b${day}`, 'o1', at, { flags: ['bot'] }),
      );
    }
    await service.moveTo('2026-04-02T09:00:00Z');
    return service;
  });

  test.each([WIDE, NARROW])('are drawn, said and written at $width pixels', async (screen) => {
    const visit = await here.open('boss', { screen, path: '/charts' });
    const { page } = visit;
    for (const name of TITLES) await page.getByRole('figure', { name }).locator('canvas').waitFor();
    await visit.check('charts');
    const overdue = page.getByRole('figure', { name: 'Overdue by age' });
    // The table is there for who cannot see the lines, shown or not.
    const { body: summary } = await here.service.api('GET', '/v1/overdue/summary');
    const { body: series } = await here.service.api('GET', '/v1/series/overdue-by-age');
    const written = `$${(summary.amount / 100).toLocaleString('en', { minimumFractionDigits: 2 })}`;
    await overdue.getByText(`${written} overdue as of`).waitFor();
    expect(await overdue.getByRole('row').count()).toBe(series.points.length + 1);
    await overdue.getByRole('button', { name: 'As a table: Overdue by age', exact: true }).click();
    await visit.check('charts-table');
    await visit.end();
  });

  test('say each day once, however few there are', async () => {
    const visit = await here.open('boss');
    const { page } = visit;
    await page.addInitScript(NOTE_WRITTEN);
    for (const count of [1, 2]) {
      await page.route('**/v1/series/escrow*', async (route) => {
        const response = await route.fetch();
        const body = await response.json();
        const points = [14, 15].slice(0, count).map((day) => ({ ...body.points[0], at: `2026-03-${day}`, asOf: null }));
        await route.fulfill({ response, json: { ...body, points } });
      });
      await page.goto(`${here.service.origin}/console/charts`);
      await page.getByRole('figure', { name: 'Money in escrow' }).locator('canvas').waitFor();
      const days = await page.evaluate<string[]>(`[...document.querySelectorAll('figure')]
        .find((one) => one.textContent.startsWith('Money in escrow')).querySelector('canvas').written`);
      const said = days.filter((text) => / Mar$/.test(text));
      expect(said).toContain('14 Mar');
      expect(said).toEqual([...new Set(said)]);
      expect(days.filter((text) => / (?!Mar)[A-Z][a-z]+$/.test(text))).toEqual([]);
      await page.unroute('**/v1/series/escrow*');
    }
    await visit.end();
  });

  test('of a period that stands in the address, with a file of what is shown', async () => {
    const visit = await here.open('boss', { path: '/charts?period=short' });
    const { page } = visit;
    for (const name of TITLES) await page.getByRole('figure', { name }).locator('canvas').waitFor();
    const escrow = page.getByRole('figure', { name: 'Money in escrow' });
    const { body: long } = await here.service.api('GET', '/v1/series/escrow');
    expect(await escrow.getByRole('row').count()).toBe(Math.min(30, long.points.length) + 1);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      escrow.getByRole('button', { name: 'CSV: Money in escrow' }).click(),
    ]);
    const file = await readFile(await download.path(), 'utf8');
    const last = long.points.at(-1);
    expect(download.suggestedFilename()).toBe('escrow.csv');
    expect(file.split('\r\n')[0]).toBe('\uFEFFat,held,asOf');
    expect(file).toContain(`${last.at},${(last.values.held / 100).toFixed(2)},${last.asOf}\r\n`);
    await page.getByRole('button', { name: 'Long' }).click();
    await page.waitForURL('**/charts?period=long');
    await escrow.locator('canvas').waitFor();
    await page.getByLabel('Marketer (id)').fill('nobody');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/charts?marketer=nobody&period=long');
    await page.getByText('0 fans counted').waitFor();
    await visit.end();
  });
});
