import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

import { TODAY_KINDS } from '../../src/digests/today.ts';
import { tell } from '../support/events.ts';
import { describeMorePages, NARROW, WIDE } from './browser.ts';
import { BEGIN, owe } from './debtors.ts';
import { startConsoleService, startPlace } from './visit.ts';

describeMorePages('today', () => {
  const here = startPlace(async () => {
    const service = await startConsoleService({ TEST_CLOCK_START: BEGIN });
    await service.send(tell.account('boss', 'manager', { name: 'Boss' }));
    await owe(service, 5, '2026-03-20T09:00:00Z');
    return service;
  });

  test.each([WIDE, NARROW])(
    'says every kind of what needs somebody, and leads to its list, at $width pixels',
    async (screen) => {
      const visit = await here.open('boss', { screen });
      const { page } = visit;
      await page.getByRole('table').waitFor();
      await visit.check('today');
      const { items } = (await here.service.api('GET', '/v1/today')).body;
      const waiting = items.filter(({ count }: { count: number }) => count > 0).length;
      expect(await page.locator('tbody tr').count()).toBe(waiting);
      expect(await page.locator('.words li').count()).toBe(TODAY_KINDS.length - waiting);
      const row = page.getByRole('row', { name: /Overdue invoices/ });
      const text = await row.innerText();
      // Half of 123.45, of 246.90 …, each rounded for itself.
      expect(text).toContain('$925.89');
      expect(text).toContain('since 12 Mar 2026');
      expect(text).toContain('and 2 more');
      const [saved] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: /^CSV/ }).click(),
      ]);
      const file = await readFile(await saved.path(), 'utf8');
      expect(saved.suggestedFilename()).toBe('today.csv');
      expect(file.trim().split('\r\n')).toHaveLength(waiting + 1);
      expect(file).toContain('Overdue invoices,5,925.89,2026-03-12T');
      await page.getByRole('link', { name: 'Overdue invoices' }).click();
      await page.waitForURL('**/console/overdue');
      await page.getByRole('heading', { name: 'Overdue' }).waitFor();
      await visit.end();
    },
  );
});
