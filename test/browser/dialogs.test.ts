import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { describeMorePages, NARROW, startBrowser, WIDE } from './browser.ts';
import { everyPage, isRead, openPage, ROLES, SOMEBODY, startEveryPage } from './everyPage.ts';
import { noteClicks, walk } from './keys.ts';
import { type ConsoleService, openConsole } from './visit.ts';

/**
 * Every button of every page is pressed by its key. Where that opens a dialog, it is sound, keeps the focus, and gives it back when Escape
 * closes it; where it does not, the focus stays on the page.
 */
describeMorePages('every dialog', () => {
  let service: ConsoleService;
  let browser: Browser;
  beforeAll(async () => {
    [service, browser] = await Promise.all([startEveryPage(), startBrowser()]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  test.each(ROLES.flatMap((role) => [WIDE, NARROW].map((screen) => ({ role, screen, width: screen.width }))))(
    'of a $role is sound and left by Escape, at $width pixels',
    async ({ role, screen }) => {
      const visit = await openConsole(service, browser, SOMEBODY[role], { screen });
      const { page } = visit;
      await noteClicks(page);
      const paths: string[] = [];
      for await (const { path } of everyPage(page, service.origin, role)) paths.push(path);
      const [wrong, opened]: [string[], Set<string>] = [[], new Set()];
      for (const path of paths) {
        for (const name of await buttonsOf(page, `${service.origin}/console${path}`)) {
          if (opened.has(name)) continue;
          await pageWithAllChosen(page, `${service.origin}/console${path}`);
          const button = page.locator('main').getByRole('button', { name, exact: true }).first();
          if (!(await button.isVisible())) continue;
          await button.focus();
          await page.keyboard.press('Enter');
          await page.evaluate(PAINTED);
          const dialog = page.getByRole('dialog');
          if ((await dialog.count()) === 0) {
            await isRead(page);
            if (await page.evaluate(`document.activeElement === document.body`))
              wrong.push(`${path}, ${name} loses the focus`);
            continue;
          }
          opened.add(name);
          await isRead(page);
          await visit.check(`${path}-${name}`.replaceAll(/[^\w]+/g, '-'), { unpictured: true });
          wrong.push(...(await walk(page)).map((fault) => `${path}, ${name}: ${fault}`));
          await page.keyboard.press('Escape');
          await dialog.waitFor({ state: 'detached' });
          const has = await page.evaluate(
            `document.activeElement === document.body ? 'nothing' : document.activeElement.ariaLabel ?? document.activeElement.textContent.trim()`,
          );
          if (has !== name) wrong.push(`${path}, ${name}: the focus goes to ${has}`);
        }
      }
      expect(wrong).toEqual([]);
      expect([...opened].sort()).toEqual(expect.arrayContaining([...OPENED[role]]));
      visit.allow(/Failed to load resource/);
      await visit.end();
    },
    400_000,
  );

  test('stays while it does something, however often Escape is pressed', async () => {
    const visit = await openConsole(service, browser, 'boss', { path: '/events/topup-q-max' });
    const { page } = visit;
    const held: Route[] = [];
    await page.route('**/v1/events/topup-q-max/**', (route) =>
      route.request().method() === 'POST' ? void held.push(route) : route.continue(),
    );
    await page.getByRole('button', { name: 'Dismiss', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('for a marketer');
    await dialog.getByRole('button', { name: 'Dismiss 1 event' }).click();
    await expect.poll(() => held.length).toBe(1);
    for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('Escape');
    await page.evaluate(PAINTED);
    expect(await dialog.isVisible()).toBe(true);
    await held[0]?.continue();
    await dialog.getByText('1 done, 0 refused').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await visit.end();
  });
});

/** Some of them, so that it is seen that they are found. */
const OPENED = {
  manager: ['Remind', 'Write off', 'Dismiss', 'Send again', 'Adjust', 'Hold payouts', 'Void', 'Check'],
  model: ['Language'],
  marketer: ['Accept order o2', 'Reject order o2'],
  affiliate: ['Language'],
} as const;

/** What would end the session that looks. */
const NOT_PRESSED = /^(End|End all|Sign out)$/;

async function pageWithAllChosen(page: Page, address: string): Promise<void> {
  await openPage(page, address);
  const all = page.getByRole('checkbox', { name: 'Select all rows shown' }).first();
  if ((await all.count()) > 0) await all.check();
}

async function buttonsOf(page: Page, address: string): Promise<string[]> {
  await pageWithAllChosen(page, address);
  const names = await page.evaluate<string[]>(BUTTONS);
  return [...new Set(names)].filter((name) => !NOT_PRESSED.test(name));
}

const BUTTONS = `[...document.querySelectorAll('main button:not(:disabled, .sort)')].filter((one) => one.checkVisibility())
  .map((one) => one.ariaLabel ?? one.textContent.trim())`;

/** What a press has caused is drawn. */
const PAINTED = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 50))))`;
