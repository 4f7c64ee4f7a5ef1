import { expect, test } from 'vitest';

import { tell } from '../support/events.ts';
import { describeMorePages, MINUTES_10, NARROW, WIDE } from './browser.ts';
import { openPage, pathsOf, ROLES, SOMEBODY, startEveryPage } from './everyPage.ts';
import { startPlace } from './visit.ts';

const CASES = ROLES.flatMap((role) => [WIDE, NARROW].map((screen) => ({ role, screen, width: screen.width })));

/** With something on each, as the service has it; the pictures are looked at by people. */
describeMorePages('every page', { timeout: MINUTES_10 }, () => {
  const here = startPlace(async () => {
    const service = await startEveryPage();
    const at = '2026-03-20T09:00:00Z';
    await service.send(
      tell.account('m1', 'model', { id: 'm1-long', at, name: 'Katarzyna Wiśniewska-Brzęczyszczykiewicz' }),
      tell.account('max', 'marketer', { id: 'max-long', at, name: 'Maximilian Montgomery-Featherstonehaugh Media' }),
    );
    return service;
  });

  test.each(CASES)(
    'of a $role is sound in light and in dark, at $width pixels, and nothing in it is too wide, crooked or stuck together',
    async ({ role, screen }) => {
      const visit = await here.open(SOMEBODY[role], { screen });
      const { page } = visit;
      const wrong: string[] = [];
      for (const path of await pathsOf(page, here.service, role)) {
        await openPage(page, `${here.service.origin}/console${path}`);
        const found = await page.locator('#page').getByRole('alert').allInnerTexts();
        await visit.check(`page-${role}${path.replaceAll(/[^\w-]+/g, '-')}`, { fullPage: true });
        for (const look of [MOVED, CROOKED, STUCK, RUN_TOGETHER, WITHOUT_SIGN, LABELS_OF_NOTHING]) {
          found.push(...(await page.evaluate<string[]>(look)));
        }
        wrong.push(...found.map((one) => `${path}: ${one}`));
      }
      expect(wrong).toEqual([]);
      await visit.end();
    },
  );

  test('tells a model whose campaigns are paused so as something that is wrong', async () => {
    const { page, end } = await here.open('m1', { path: '/standing' });
    await page.locator('.message h2 .status.bad', { hasText: 'paused' }).first().waitFor();
    await end();
  });
});

/** Tables with more columns than there is room for, and by how much. */
const MOVED = `[...document.querySelectorAll('.table-block')]
  .filter((one) => one.checkVisibility() && getComputedStyle(one).overflowX === 'auto' && one.scrollWidth > one.clientWidth)
  .map((one) => one.scrollWidth - one.clientWidth + ' pixels too wide: ' + one.querySelector('caption').textContent
    + ' ' + [...one.querySelectorAll('thead th')].map((th) => th.textContent + ' ' + Math.round(th.offsetWidth)).join(', '))`;

/** Fields that stand beside each other, and not in a line. */
const CROOKED = `[...document.querySelectorAll('.filter')].flatMap((form) => {
  if (innerWidth < 720) return [];
  const boxes = [...form.querySelectorAll('input, select, button')].map((one) => one.getBoundingClientRect());
  return boxes.filter((box, at) => at > 0 && box.left > boxes[at - 1].left && Math.abs(box.top - boxes[at - 1].top) > 1)
    .map(() => 'crooked: ' + form.textContent.slice(0, 60));
})`;

/** Boxes with nothing between them. */
const STUCK = `(() => {
  const boxes = '.facts, .table-block, .chart, .message';
  return [...document.querySelectorAll('#page *')]
    .filter((one) => one.nextElementSibling !== null && (one.matches(boxes) || one.nextElementSibling.matches(boxes)))
    .map((one) => [one, one.nextElementSibling])
    .filter((two) => two.every((one) => one.checkVisibility() && one.offsetHeight > 1 && !one.matches('.unseen')))
    .filter(([one, next]) => next.getBoundingClientRect().top - one.getBoundingClientRect().bottom < 4
      && next.getBoundingClientRect().left < one.getBoundingClientRect().right)
    .map(([one, next]) => 'stuck together: ' + one.outerHTML.slice(0, 80) + ' and ' + next.outerHTML.slice(0, 80));
})()`;

/** Cells of one row whose words nearly touch. */
const RUN_TOGETHER = `[...document.querySelectorAll('#page tr')].filter((row) => row.checkVisibility() && getComputedStyle(row).display === 'table-row')
  .flatMap((row) => {
    const inside = (cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return [...range.getClientRects()].filter(({ width }) => width > 1);
    };
    const cells = [...row.cells].filter((cell) => cell.closest('.unseen') === null).map(inside);
    return cells.slice(1).flatMap((rects, at) => {
      const [left, right] = [Math.max(...cells[at].map((one) => one.right)), Math.min(...rects.map((one) => one.left))];
      return right - left < 6 ? ['run together: ' + row.textContent.slice(0, 80)] : [];
    });
  })`;

/** States told by a word alone. */
const WITHOUT_SIGN = `[...document.querySelectorAll('td[data-label="State"]')]
  .filter((one) => one.textContent.trim() !== '' && one.querySelector('.status') === null)
  .map((one) => 'without a sign: ' + one.textContent)`;

/** Names of columns, on cards, below which there is nothing. */
const LABELS_OF_NOTHING = `[...document.querySelectorAll('td[data-label]')]
  .filter((one) => one.checkVisibility() && innerWidth < 720 && one.textContent.trim() === '' && one.querySelector('input, progress') === null)
  .map((one) => 'a label of nothing: ' + one.outerHTML.slice(0, 80))`;
