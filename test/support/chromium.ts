import { accessSync, constants } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's, unless `CHROMIUM_PATH` says where another is. */
export const { CHROMIUM_PATH = '/usr/bin/chromium' } = process.env;

export const isChromiumThere = canRun(CHROMIUM_PATH);

/** The two widths that every page is made for. */
export const WIDE = { width: 1_280, height: 800 };
export const NARROW = { width: 375, height: 740 };

/** One for a file of tests: `close` it in the end. `more` are switches of its own. */
export function startBrowser(more: string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM_PATH,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', ...more],
  });
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
