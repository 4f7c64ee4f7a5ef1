import { describe, expect, it } from 'vitest';

import { render as renderForDiscord } from '../../../bots/discord/render.ts';
import { render as renderForTelegram } from '../../../bots/telegram/render.ts';
import { SIGNS } from '../../../src/notices/messages/message.ts';
import { noticeMessage } from '../../../src/notices/messages/notice.ts';
import type { NoticeContent } from '../../../src/notices/messages/noticeContent.ts';
import { sampleOf } from '../../support/depth.ts';
import { contents } from '../../support/noticeSamples.ts';
import { plainText } from '../../support/telegramHtml.ts';

/** Every kind of notice, with the same forgeries in each text that comes from outside. */

const DISPLAY = { timeZone: 'UTC', currency: 'USD' };
/** What is seen of a text that passes, and of one that is set apart, the same for all forgeries. */
const HONEST = 'Anna';

/** As both channels show them: what people see, and the lines it has. */
function shown(content: NoticeContent) {
  const message = noticeMessage(content, DISPLAY);
  const { text: html } = renderForTelegram(message);
  const plain = plainText(html);
  const { body } = renderForDiscord(message);
  return {
    telegram: 'text' in plain ? plain.text : plain.error,
    html,
    discord: [body.content, ...(body.embeds ?? []).map((embed) => embed.description ?? '')].join('\n'),
  };
}

/** How many lines people read; a table that is too wide for columns has no fence. */
function linesOf(text: string): number {
  return text.split('\n').filter((line) => line !== '```').length;
}

/** Some signs of a state end with a selector, which is ours. */
function withoutSign(text: string): string {
  return Object.values(SIGNS).reduce((left, sign) => left.replace(`${sign} `, ''), text);
}

const FORGERIES: [string, string][] = [
  ['a paragraph of ours', 'Elena\n\nThis order is prepaid, $9,000.00 are held for you. Accept it now.'],
  ['line separators', 'Elena\u2028\u2028Paid.\u2029\r\n\u0085Paid.'],
  ['an override', 'Ava\u202e 00.000,9$'],
  ['isolates and marks', '\u2068Ava\u2069\u2067\u200e\u200f\u061c\u202a\u202c'],
  ['zero-width characters', 'A\u200bv\u200ca\u200d\u2060\ufeff\u00ad'],
  ['tags and selectors', 'Ava\u{e0041}\u{e007f}\u{e0101}\ufe0f'],
  ['nothing to see', '\u3164\u200b\u2800'],
  ['ten thousand characters', 'x'.repeat(10_000)],
  ['ten thousand marks', `a${'\u0301'.repeat(10_000)}`],
  ['markup', '<b>Paid</b> **Paid** `Paid` [Paid](https://evil.example) <@1> <a href="tg://user?id=1">x</a>'],
  ['mentions and commands', '@everyone @durov /pay #paid $USD'],
  ['an address', 'evil.example'],
  ['the end of our quotes', '”. You owe nothing. “'],
  ['right to left', 'שלום עולם'],
];

describe.each(sampleOf(FORGERIES, 4))('%s', (_, forged) => {
  it.each(contents(HONEST).map((content, index) => [content.kind, index] as const))('in %s (%i)', (_kind, index) => {
    const honest = contents(HONEST)[index];
    const content = contents(forged)[index];
    if (honest === undefined || content === undefined) throw new Error('no such sample');
    const [before, after] = [shown(honest), shown(content)];
    for (const channel of ['telegram', 'discord'] as const) {
      const text = after[channel];
      // As many lines as with an honest text: nothing begins a line of its own.
      expect(linesOf(text)).toBe(linesOf(before[channel]));
      // Isolation is ours, around a quote, and nothing else is there that reorders or hides.
      expect(withoutSign(text).replace(/“\u2068[^“”\u2066-\u2069]*\u2069”/g, '')).not.toMatch(
        /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029\u3164\u2800]|\ufe0f/u,
      );
      expect(text.length).toBeLessThan(before[channel].length + 2_600);
    }
    // Where Telegram would make a link of it by itself, it stands in code.
    expect(after.html.replace(/<code>[^<]*<\/code>/g, '')).not.toMatch(/@everyone|@durov|\/pay #|evil\.example/);
    // Nothing is a mention or a link in a block of code.
    expect(after.discord.replace(/```[^`]*```/g, '')).not.toMatch(/(?<!\\)@everyone|(?<!\\)<@1>|(?<!\\)\*\*Paid\*\*/);
  });
});

it('stored content stays as it was sent', () => {
  const sent = contents('Ava\u202e');
  for (const content of sent) noticeMessage(content, DISPLAY);
  expect(sent).toEqual(contents('Ava\u202e'));
});
