import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { describe, expect } from 'vitest';

import { CHROMIUM_PATH, isChromiumThere, NARROW, startBrowser, WIDE } from '../support/chromium.ts';
import { isSample } from '../support/depth.ts';

export { NARROW, startBrowser, WIDE };

if (!isChromiumThere) {
  process.stdout.write(
    `No browser at ${CHROMIUM_PATH}: the tests of the console are skipped (CHROMIUM_PATH names one).\n`,
  );
}

/** Tests that need a browser; where there is none they are skipped, and a line says so. */
export const describeInBrowser = describe.skipIf(!isChromiumThere);

/** Those that a sample does without: the frame, and the way in, stand for all pages there. */
export const describeMorePages = describe.skipIf(!isChromiumThere || isSample);

/** For tests that go through all pages. */
export const MINUTES_10 = 600_000;

export type Screen = { width: number; height: number };

const SCREENSHOTS = 'dist/screenshots';

export type Visit = Awaited<ReturnType<typeof startVisit>>;

/**
 * A window of somebody's own, with cookies of its own. `end` fails the test where the browser complained of anything: an error in the
 * console, something that the policy of the page forbids, a request that failed or went to another host.
 */
export async function startVisit(browser: Browser, origin: string, screen: Screen = WIDE) {
  const context = await browser.newContext({ viewport: screen, reducedMotion: 'reduce', locale: 'en-GB' });
  const page = await context.newPage();
  const complaints = watch(context, page, origin);
  const allowed: RegExp[] = [];
  const overflow = async () => {
    const pixels = await overflowOf(page);
    if (pixels === 0) return [];
    return [`it is wider than the screen by ${pixels} pixels: ${await page.evaluate<string>(WIDEST)}`];
  };
  return {
    page,
    context,
    screen,
    /** Complaints that a test expects, such as that of an answer 401, whether they came already or come late, are left out by this. */
    allow: (pattern: RegExp) => {
      allowed.push(pattern);
    },
    /** Looks at it with axe, and keeps a picture, in light and in dark: of what is on the screen, or of the whole page. */
    check: async (name: string, { fullPage = false } = {}) => {
      for (const scheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        await picture(page, `${name}-${screen.width}-${scheme}`, fullPage);
        expect(await violations(page), `axe on ${name}, ${scheme}`).toEqual([]);
      }
      await page.emulateMedia({ colorScheme: 'light' });
      expect(await overflow(), name).toEqual([]);
    },
    /** What is wrong with how it stands: in light where it is wide, and in dark where it is narrow; both, unless told. */
    faults: async (screens: readonly Screen[] = [WIDE, NARROW]) => {
      const found: string[] = [];
      for (const size of screens) {
        const colorScheme = size.width === WIDE.width ? 'light' : 'dark';
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme });
        const wrong = [...(await violations(page)), ...(await overflow())];
        found.push(...wrong.map((one) => `at ${size.width}: ${one}`));
      }
      await page.setViewportSize(screen);
      await page.emulateMedia({ colorScheme: 'light' });
      return found;
    },
    end: async () => {
      await context.close();
      expect([...complaints].filter((one) => !allowed.some((pattern) => pattern.test(one)))).toEqual([]);
    },
  };
}

function watch(context: BrowserContext, page: Page, origin: string): Set<string> {
  const complaints = new Set<string>();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.add(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.add(`thrown: ${error.message}`));
  page.on('requestfailed', (request) => {
    // What a page asked for and needs no more is given up when it is left.
    const why = request.failure()?.errorText ?? '';
    if (why !== 'net::ERR_ABORTED') complaints.add(`failed: ${request.url()} ${why}`);
  });
  context.on('request', (request) => {
    const { protocol, origin: to } = new URL(request.url());
    if (to !== origin && protocol !== 'blob:') complaints.add(`to another host: ${request.url()}`);
  });
  return complaints;
}

type Axe = { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> };

/** What axe has against the page as it is shown. It is put in by the debugger, which no policy of the page forbids. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => (await (globalThis as unknown as { axe: Axe }).axe.run()).violations);
  return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

async function picture(page: Page, name: string, fullPage: boolean): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), animations: 'disabled', fullPage });
}

const WIDEST = `[...document.querySelectorAll('body *')]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > document.documentElement.clientWidth)
  .filter((one, _, all) => !all.some((other) => one !== other && one.contains(other)))
  .map((one) => one.outerHTML.slice(0, 160)).join(' ')`;

/** By how much the page has to be moved sideways to be seen. */
function overflowOf(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
