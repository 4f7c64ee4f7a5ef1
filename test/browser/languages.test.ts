import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';

import { createFormats } from '../../console/src/format.ts';
import { reasonSentence, type StandingReason } from '../../src/standing/reason.ts';
import { LANGUAGES, type Language } from '../../src/texts/languages.ts';
import { describeMorePages, MINUTES_10, NARROW } from './browser.ts';
import { openPage, pathsOf, ROLES, SOMEBODY, speak, startEveryPage } from './everyPage.ts';
import { toolsIn } from './textsOf.ts';
import { startPlace } from './visit.ts';

/** Each language but English, which the other tests read. */
const OTHERS = LANGUAGES.filter((language) => language !== 'en');

describeMorePages('in the language of the reader', { timeout: MINUTES_10 }, () => {
  const here = startPlace(startEveryPage);

  test.each(OTHERS.flatMap((language) => ROLES.map((role) => ({ language, role }))))(
    '$language: every page of a $role fits on a telephone, is in it, and writes amounts and dates as it does',
    async ({ language, role }) => {
      await speak(here.service, role, language);
      const visit = await here.open(SOMEBODY[role], { screen: NARROW });
      const { page } = visit;
      const wrong: string[] = [];
      const english = onlyInEnglish(language);
      for (const path of await pathsOf(page, here.service, role)) {
        await openPage(page, `${here.service.origin}/console${path}`);
        expect(await page.evaluate('document.documentElement.lang')).toBe(language);
        const found: string[] = [];
        for (const text of (await textsOn(page)).filter((one) => !WRITTEN.includes(one))) {
          if (wordsOf(text).some((word) => english.has(word.toLowerCase()))) found.push(`says in English: ${text}`);
          if (ENGLISH_FIGURE.test(text)) found.push(`writes as in English: ${text}`);
        }
        found.push(...(await page.evaluate<string[]>(CUT)).map((one) => `cuts off: ${one}`));
        found.push(...(await visit.faults([NARROW])));
        wrong.push(...found.map((one) => `${path} ${one}`));
      }
      expect([...new Set(wrong)]).toEqual([]);
      visit.allow(/Failed to load resource/);
      await visit.end();
    },
  );

  test.each(OTHERS)('%s: a manager reads why somebody stands as they do', async (language) => {
    await speak(here.service, 'manager', language);
    const { body } = await here.service.api('GET', '/v1/models/m1/forecast');
    const because: StandingReason<string>[] = body.now.because;
    expect(because.map(({ kind }) => kind)).toEqual(['overdue', 'overdue-too-long']);
    const visit = await here.open(SOMEBODY.manager, { path: '/accounts/m1' });
    const format = createFormats({ locale: language, timeZone: 'UTC', currency: 'USD' });
    for (const reason of because) {
      await visit.page
        .getByText(reasonSentence(reason, { say: toolsIn(language).say, ...format }), { exact: true })
        .waitFor();
    }
    await visit.check(`standing-${language}`);
    await visit.end();
  });
});

/** What somebody was told, as they were. */
const WRITTEN = ['The console was opened by your link'];

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

/** Buttons and headings whose words do not fit into them. */
const CUT = `[...document.querySelectorAll('button, h1, h2, dt, dd, .status')]
  .filter((one) => one.checkVisibility() && one.closest('.unseen') === null && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
  .map((one) => one.outerHTML.slice(0, 160))`;
