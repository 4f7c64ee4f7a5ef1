import type { Page, Route } from 'playwright-core';
import { expect, test } from 'vitest';

import { describeMorePages, MINUTES_10, NARROW } from './browser.ts';
import { isRead, openPage, pathsOf, type Role, SOMEBODY, startEveryPage } from './everyPage.ts';
import { noteClicks, walk } from './keys.ts';
import { startPlace } from './visit.ts';

/** Every third page, because those of managers take minutes. */
const CASES = (['manager', 'model', 'marketer', 'affiliate'] as const).flatMap((role) =>
  (role === 'manager' ? [0, 1, 2] : [0]).map((part) => ({ role, part, parts: role === 'manager' ? 3 : 1 })),
);

/** Some of them, so that it is seen that they are found. */
const OPENED: Record<Role, readonly string[]> = {
  manager: [],
  model: [],
  marketer: ['Accept order o2', 'Reject order o2'],
  affiliate: [],
};

/** What would end the session that looks. */
const NOT_PRESSED = /^(End|End all|Sign out)$/;

/**
 * Every button of every page is pressed by its key. Where that opens a dialog, it is sound, keeps the focus, and gives it back when Escape
 * closes it; where it does not, the focus stays on the page.
 */
describeMorePages('every dialog', { timeout: MINUTES_10 }, () => {
  const here = startPlace(startEveryPage);

  test.each(CASES)(
    'of a $role is sound, and left by Escape ($part)',
    async ({ role, part, parts }) => {
      const visit = await here.open(SOMEBODY[role]);
      const { page } = visit;
      const dialog = page.getByRole('dialog');
      const paths = (await pathsOf(page, here.service, role)).filter((_, index) => index % parts === part);
      await noteClicks(page);
      const [wrong, opened, plain]: [string[], string[], Set<string>] = [[], [], new Set()];
      for (const path of paths) {
        const address = `${here.service.origin}/console${path}`;
        for (const name of await buttonsOf(page, address)) {
          if (plain.has(name)) continue;
          await openWithAllChosen(page, address);
          const button = page.locator('#page').getByRole('button', { name, exact: true }).first();
          await button.focus();
          await page.keyboard.press('Enter');
          await page.evaluate(PAINTED);
          if ((await dialog.count()) === 0) {
            plain.add(name);
            await isRead(page);
            if (await page.evaluate(IS_NOWHERE)) wrong.push(`${path}, ${name} loses the focus`);
            continue;
          }
          opened.push(name);
          await isRead(page);
          const faults = await visit.faults();
          if (!(await page.evaluate<boolean>(IS_IN_DIALOG))) faults.push('the focus is not in it');
          faults.push(...(await walk(page)));
          await page.setViewportSize(NARROW);
          faults.push(...(await walk(page)).map((fault) => `at ${NARROW.width}: ${fault}`));
          await page.keyboard.press('Escape');
          await dialog.waitFor({ state: 'detached' });
          const has = await page.evaluate<string>(FOCUSED);
          if (has !== name) faults.push(`the focus goes to ${has}`);
          await page.setViewportSize(visit.screen);
          wrong.push(...faults.map((fault) => `${path}, ${name}: ${fault}`));
        }
      }
      expect(wrong).toEqual([]);
      expect(opened).toEqual(expect.arrayContaining([...OPENED[role]]));
      if (role === 'manager') expect(opened.length).toBeGreaterThan(4);
      visit.allow(/Failed to load resource/);
      await visit.end();
    },
    600_000,
  );

  test('stays while it does something, however often Escape is pressed, and leaves the focus on the page once it is done', async () => {
    const visit = await here.open('boss', { path: '/events/topup-q-max' });
    const { page } = visit;
    const held: Route[] = [];
    const hold = (route: Route) => (route.request().method() === 'POST' ? void held.push(route) : route.continue());
    await page.getByRole('button', { name: 'Dismiss', exact: true }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('for a marketer');
    const doIt = dialog.getByRole('button', { name: 'Dismiss 1 event' });
    await expect.poll(() => doIt.isEnabled()).toBe(true);
    await page.route('**/v1/events/topup-q-max/**', hold);
    await doIt.press('Enter');
    await expect.poll(() => held.length).toBe(1);
    for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('Escape');
    await page.evaluate(PAINTED);
    expect(await dialog.isVisible()).toBe(true);
    expect(await page.evaluate(IS_IN_DIALOG)).toBe(true);
    await held[0]?.continue();
    await dialog.getByText('1 done, 0 refused').waitFor();
    expect(await page.evaluate(IS_IN_DIALOG)).toBe(true);
    // What opened it is there no more: an event is dismissed once.
    await page.getByRole('button', { name: 'Dismiss', exact: true }).waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => page.evaluate(FOCUSED)).toBe('Event topup-q-max');
    await visit.end();
  });

  test('that is left undone leaves chosen what was', async () => {
    const visit = await here.open('boss', { path: '/overdue' });
    const { page } = visit;
    await page.getByRole('checkbox', { name: 'Select all rows shown' }).check();
    await page.getByRole('button', { name: 'Remind', exact: true }).press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.getByRole('checkbox', { name: 'Select all rows shown' }).isChecked()).toBe(true);
    expect(await page.evaluate(FOCUSED)).toBe('Remind');
    await page.getByRole('button', { name: 'Clear', exact: true }).press('Enter');
    await expect.poll(() => page.evaluate(FOCUSED)).toBe('Overdue');
    await visit.end();
  });
});

async function openWithAllChosen(page: Page, address: string): Promise<void> {
  await openPage(page, address);
  const all = page.getByRole('checkbox', { name: 'Select all rows shown' }).first();
  if ((await all.count()) > 0) await all.check();
}

async function buttonsOf(page: Page, address: string): Promise<string[]> {
  await openWithAllChosen(page, address);
  const names = await page.evaluate<string[]>(BUTTONS);
  return [...new Set(names)].filter((name) => !NOT_PRESSED.test(name));
}

const BUTTONS = `[...document.querySelectorAll('#page button:not(:disabled, .sort)')].filter((one) => one.checkVisibility())
  .map((one) => one.ariaLabel ?? one.textContent.trim())`;

const FOCUSED = `document.activeElement === document.body ? 'nothing'
  : document.activeElement.ariaLabel ?? document.activeElement.textContent.trim()`;

const IS_NOWHERE = 'document.activeElement === document.body';
const IS_IN_DIALOG = `document.querySelector('dialog[open]').contains(document.activeElement)`;

/** What a press has caused is drawn. */
const PAINTED = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 50))))`;
