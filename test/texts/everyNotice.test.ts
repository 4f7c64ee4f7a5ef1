import { describe, expect, it } from 'vitest';

import { render as renderForDiscord } from '../../bots/discord/render.ts';
import { render as renderForTelegram, TEXT_LIMIT } from '../../bots/telegram/render.ts';
import { LINES, linesOf } from '../../src/notices/messages/message.ts';
import { noticeMessage } from '../../src/notices/messages/notice.ts';
import { LANGUAGES } from '../../src/texts/languages.ts';
import { sampleOf } from '../support/depth.ts';
import { englishIn } from '../support/english.ts';
import { contents } from '../support/noticeSamples.ts';
import { plainText } from '../support/telegramHtml.ts';

/** Who people are, how much is at stake, and in what. */
const WORLDS = [
  { name: 'Анна', count: (n: number) => n, currency: 'USD' },
  { name: 'Ж'.repeat(500), count: (n: number) => n * 0, currency: 'JPY' },
  { name: 'אבי “x” <b>&', count: (n: number) => n * 10_000, currency: 'KWD' },
];
const DISPLAY = {
  timeZone: 'Europe/Kyiv',
  pages: { topUp: 'https://pay.example/{accountId}', rules: 'https://bot.example/rules' },
  thisYear: 2026,
};
const OURS = /^(?:week|id|kind|cycle|payday|status|timeZone)$/;

/** The same with every number of it made larger or smaller. */
function scaled(value: unknown, count: (n: number) => number): unknown {
  if (typeof value === 'number') return count(value);
  if (Array.isArray(value)) return value.map((one) => scaled(one, count));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, OURS.test(key) ? one : scaled(one, count)]),
  );
}

const isolates = (text: string) => [...text].filter((one) => '\u2066\u2067\u2068'.includes(one)).length;
const ends = (text: string) => [...text].filter((one) => one === '\u2069').length;

describe.each(LANGUAGES)('%s: every notice', (locale) => {
  it.each(sampleOf(WORLDS, 1))('of $currency', ({ name, count, currency }) => {
    for (const content of contents(name).map((one) => scaled(one, count) as typeof one)) {
      const message = noticeMessage(content, { ...DISPLAY, currency, locale });
      expect(linesOf(message), content.kind).toBeLessThanOrEqual(LINES);
      expect(message.state, content.kind).toBeDefined();
      const telegram = renderForTelegram(message);
      const plain = plainText(telegram.text);
      expect(plain, content.kind).toHaveProperty('text');
      const text = 'text' in plain ? plain.text : '';
      expect(text.length).toBeLessThanOrEqual(TEXT_LIMIT);
      for (const button of telegram.keyboard.flat())
        if ('callback_data' in button) expect(Buffer.byteLength(button.callback_data)).toBeLessThanOrEqual(64);
      const { body } = renderForDiscord(message);
      expect(body.content?.length ?? 0).toBeLessThanOrEqual(2_000);
      expect(isolates(text)).toBe(ends(text));
      const labels = message.buttons.flat().map(({ label }) => label);
      if (locale !== 'en' && name === 'Анна')
        for (const said of [text, ...labels]) expect(englishIn(said), content.kind).toBeUndefined();
    }
  });
});
