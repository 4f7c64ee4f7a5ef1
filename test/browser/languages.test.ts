import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { LANGUAGES, type Language } from '../../src/texts/languages.ts';
import { tell } from '../support/events.ts';
import { describeMorePages, NARROW, startBrowser } from './browser.ts';
import { everyPage, ROLES, SOMEBODY, startEveryPage } from './everyPage.ts';
import { type ConsoleService, openConsole } from './visit.ts';

const OTHERS = LANGUAGES.filter((language) => language !== 'en');

/** Every page on a telephone, in each language but English, which the other tests read. */
describeMorePages('in the language of the reader', () => {
  let service: ConsoleService;
  let browser: Browser;
  beforeAll(async () => {
    [service, browser] = await Promise.all([startEveryPage(), startBrowser()]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  test.each(OTHERS.flatMap((language) => ROLES.map((role) => ({ language, role }))))(
    '$language: every page of a $role fits, is in it, and writes amounts and dates as it does',
    async ({ language, role }) => {
      const accountId = SOMEBODY[role];
      const name = NAMES[role];
      const at = `2026-03-20T0${OTHERS.indexOf(language)}:00:00Z`;
      await service.send(tell.account(accountId, role, { id: `${accountId}-${language}`, at, name, locale: language }));
      const visit = await openConsole(service, browser, accountId, { screen: NARROW });
      const { page } = visit;
      const wrong: string[] = [];
      const english = onlyInEnglish(language);
      for await (const { path } of everyPage(page, service.origin, role)) {
        expect(await page.evaluate('document.documentElement.lang')).toBe(language);
        const wide = await page.evaluate<number>(OVERFLOW);
        if (wide > 0) wrong.push(`${path} is wider by ${wide} pixels`);
        for (const text of await textsOn(page)) {
          const words = wordsOf(text).filter((word) => english.has(word.toLowerCase()));
          if (words.length > 0) wrong.push(`${path} says in English: ${text}`);
          if (ENGLISH_FIGURE.test(text)) wrong.push(`${path} writes as in English: ${text}`);
        }
        for (const cut of await page.evaluate<string[]>(CUT)) wrong.push(`${path} cuts off: ${cut}`);
      }
      expect(wrong).toEqual([]);
      visit.allow(/Failed to load resource/);
      await visit.end();
    },
    120_000,
  );
});

const NAMES = { manager: 'Boss', model: 'Anna Almeida', marketer: 'Max Media', affiliate: 'Kim' } as const;

/** Amounts with a point, which none of the other languages has, and months that are written large. */
const ENGLISH_FIGURE = /\$\s?\d[\d,]*\.\d\d|\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}/;

/** Words of the English texts that those of a language do not have, of at least four letters. */
function onlyInEnglish(language: Language): Set<string> {
  const words = (of: Language) =>
    new Set(
      FOLDERS.flatMap((folder) =>
        wordsOf(readFileSync(`${folder}/${of}.json`, 'utf8')).map((one) => one.toLowerCase()),
      ),
    );
  const theirs = words(language);
  return new Set([...words('en')].filter((word) => !theirs.has(word)));
}

const FOLDERS = ['src/texts', 'console/texts'];

/** Words that stand by themselves: no ids, codes and addresses. */
function wordsOf(text: string): string[] {
  return text.split(/[\s"“”«»(){}…·|]+/).flatMap((one) => /^([A-Za-z]{4,})[.,:;!?]?$/.exec(one)?.[1] ?? []);
}

function textsOn(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const texts = [];
    const walker = document.createTreeWalker(document.querySelector('.frame'), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const { parentElement } = node;
      if (parentElement.closest('pre, code, .prose, [translate="no"]') === null && node.data.trim() !== '') texts.push(node.data.trim());
    }
    for (const one of document.querySelectorAll('[aria-label], [placeholder], [title]')) {
      texts.push(...['aria-label', 'placeholder', 'title'].map((name) => one.getAttribute(name)).filter(Boolean));
    }
    return texts;
  })()`);
}

const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

/** Buttons and headings whose words do not fit into them. */
const CUT = `[...document.querySelectorAll('button, h1, h2, dt, dd, .status')]
  .filter((one) => one.checkVisibility() && one.closest('.unseen') === null && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
  .map((one) => one.outerHTML.slice(0, 160))`;
