import { expect, test } from 'vitest';

import { describeMorePages, MINUTES_10, NARROW, WIDE } from './browser.ts';
import { openPage, pathsOf, type Role, SOMEBODY, startEveryPage } from './everyPage.ts';
import { noteClicks, walk } from './keys.ts';
import { startPlace } from './visit.ts';

/** Of how many pages each walk is: one of all takes minutes. */
const AT_ONCE = 9;
const PAGES: Record<Role, number> = { manager: 27, model: 9, marketer: 9, affiliate: 9 };

const CASES = (['manager', 'model', 'marketer', 'affiliate'] as const).flatMap((role) =>
  [WIDE, NARROW].flatMap((screen) =>
    Array.from({ length: PAGES[role] / AT_ONCE }, (_, part) => ({ role, screen, width: screen.width, part })),
  ),
);

describeMorePages('by Tab alone', { timeout: MINUTES_10 }, () => {
  const here = startPlace(startEveryPage);

  test.each(CASES)(
    'everything on every page of a $role is come to, seen, in its order, and left, at $width pixels ($part)',
    async ({ role, screen, part }) => {
      const visit = await here.open(SOMEBODY[role], { screen });
      const { page } = visit;
      const paths = await pathsOf(page, here.service, role);
      expect(paths.length).toBeLessThanOrEqual(PAGES[role]);
      await noteClicks(page);
      const wrong: string[] = [];
      for (const path of paths.slice(part * AT_ONCE, (part + 1) * AT_ONCE)) {
        await openPage(page, `${here.service.origin}/console${path}`);
        for (const key of ['Tab', 'Shift+Tab'] as const) {
          wrong.push(...(await walk(page, key)).map((fault) => `${path} by ${key}: ${fault}`));
        }
        // The first stop leads past what stands around every page.
        await openPage(page, page.url());
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.keyboard.press('Tab');
        if (!(await page.evaluate(IN_PAGE))) wrong.push(`${path}: the first stop leads elsewhere`);
      }
      expect(wrong).toEqual([]);
      visit.allow(/Failed to load resource/);
      await visit.end();
    },
  );
});

const IN_PAGE = `document.activeElement === document.body || document.getElementById('page').contains(document.activeElement)`;
