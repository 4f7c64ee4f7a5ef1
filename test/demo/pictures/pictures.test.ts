import { readdir, stat } from 'node:fs/promises';

import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';

import { bella, olga } from '../cast.ts';
import { drawDiscord } from './discord.ts';
import type { Box, Drawing, Mark } from './drawing.ts';
import { drawExcerpts } from './excerpts.ts';
import { cssFont } from './fonts.ts';
import { blocksOf } from './markup.ts';
import { paint } from './paint.ts';
import { encodeIndexedPng } from './png.ts';
import type { Reading } from './record.ts';
import { drawTelegram } from './telegram.ts';

const WORD = 'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(6);
const SENTENCE = 'Your balance of $0.00 does not cover the $104.94 for the week, so $104.94 is missing.';

const telegramTexts = {
  'an ordinary message': `<b>Invoice 2026-W10:bella</b>\n\n${SENTENCE} ${SENTENCE}\n\nNothing to do.`,
  'a word wider than a bubble': `<b>${WORD}</b>\n\n${WORD} and ${WORD}`,
  'one short word': 'Yes',
  'a last line that leaves no room for the time': 'MMMMMMMMMMMMMMMMMMMMMMMMMM',
  'signs that HTML escapes': '<b>A &amp; B</b>\n\n&lt;b&gt; is &quot;bold&quot;',
  'links, commands and progress': '▓▓▓▓▓▓▓░░░ 76 % · /orders or https://example.com/c/cpl~fans-1?a=b&amp;c=d',
  'names in other scripts': '<b>Ολγα, Ольга, Ågot, ओल्गा</b>\n\n奥尔加',
};

const discordTexts = {
  'an ordinary message': `**Overdue: $474.00**\n\n${SENTENCE} ${SENTENCE}`,
  'a word wider than the chat': `**${WORD}**\n\n${WORD} and ${WORD}`,
  'signs that mean something in Markdown': '**A\\*b\\_c** \\*no list\\* \\`no code\\` a \\\\ b',
  'a block of code': 'Before\n\n```\nInvoice   Total\n  W10    1.00\n```\n\nAfter',
};

const LABELS = [
  ['Pay $104.94', 'Invoice 2026-W10'],
  ['Accept', 'Reject', 'Why', 'Orders', 'Everything about it'],
  [WORD],
  [WORD, WORD, 'No'],
];

describe('a picture of a chat', () => {
  for (const [what, marked] of Object.entries(telegramTexts)) {
    for (const from of ['bot', 'person'] as const) {
      for (const buttons of from === 'bot' ? [[], LABELS] : [[]]) {
        it(`has all of ${what} in Telegram, from a ${from}, with ${buttons.length} rows of buttons`, () => {
          const reading = { ...said('telegram', marked), from, buttons };
          const drawing = drawTelegram('settlebot', [reading, { ...reading, at: '2026-03-10T09:00:00Z' }]);
          expectReadable(drawing);
          expectWords(drawing, unescaped(marked.replaceAll(/<\/?b>/g, '')));
        });
      }
    }
  }

  for (const [what, marked] of Object.entries(discordTexts)) {
    it(`has all of ${what} in Discord, in the message and in its embed`, () => {
      const fields = [1, 2, 3, 4].map((n) => ({ name: `Fact ${n}`, value: `$${n}.00`, inline: n < 4 }));
      const embeds = [{ description: marked, fields, footer: { text: SENTENCE }, color: 0x23a55a }];
      const files = [{ name: `${WORD}.csv`, contentType: 'text/csv', text: '', bytes: Buffer.alloc(99) }];
      const asked = { ...said('discord', marked), messageId: '7', answers: { command: 'overdue' }, ephemeral: true };
      const pressed = { ...said('discord', marked), embeds, files, buttons: LABELS, answers: { messageId: '7' } };
      const drawing = drawDiscord('settlebot', [asked, pressed]);
      expectReadable(drawing);
      expectWords(drawing, `used /overdue`);
      const plain = blocksOf(marked).map(({ text, isCode }) =>
        isCode ? text : text.replaceAll(/\\(.)|\*\*/g, (_, escaped?: string) => escaped ?? ''),
      );
      for (const text of plain) expectWords(drawing, text, 3);
      expectWords(drawing, SENTENCE);
      for (const { name, value } of fields) expectWords(drawing, `${name} ${value}`);
    });
  }

  it('is refused with a sign that no font here has', () => {
    expect(() => drawTelegram('settlebot', [said('telegram', 'Paid 🎉')])).toThrow('no font has 🎉');
  });

  it('is refused with markup that would be drawn as letters', () => {
    expect(() => drawTelegram('settlebot', [said('telegram', '<i>Paid</i>')])).toThrow('<i>');
  });

  it('is refused where it would leave something out', () => {
    const files = [{ name: 'a.csv', contentType: 'text/csv', text: '', bytes: Buffer.alloc(9) }];
    const discord = said('discord', 'Due');
    expect(() => drawTelegram('settlebot', [{ ...said('telegram', ''), files }])).toThrow('files');
    expect(() => drawDiscord('settlebot', [{ ...discord, embeds: [{ image: {} }] }])).toThrow('image');
    expect(() => drawDiscord('settlebot', [{ ...discord, answers: { messageId: '8' } }])).toThrow('lacks the message');
    expect(() => drawDiscord('settlebot', [{ ...discord, from: 'person' }])).toThrow('what people write');
  });

  it('marks the button that was pressed, and no other', () => {
    const marks = (pressed: string | null) =>
      drawTelegram('settlebot', [{ ...said('telegram', 'Due'), buttons: LABELS, pressed }]).marks.length;
    expect(marks('Reject')).toBe(marks('Pay $104.94'));
    expect(marks('Reject')).toBeGreaterThan(marks(null));
  });

  it('is the same file each time, twice as large as its measures, and small', async () => {
    const drawing = drawTelegram('settlebot', [{ ...said('telegram', SENTENCE.repeat(9)), buttons: LABELS }]);
    const png = paint(drawing);
    expect(Buffer.compare(png, paint(drawing))).toBe(0);
    const image = await loadImage(Buffer.from(png));
    expect([image.width, image.height]).toEqual([drawing.width * 2, Math.ceil(drawing.height * 2)]);
    expect(png.length).toBeLessThan(200_000);
  });
});

describe('a PNG with a palette', () => {
  it('has every colour as it was if there are few, also what is transparent', async () => {
    const data = Uint8ClampedArray.from([
      255, 0, 0, 255, 0, 255, 1, 255, 0, 0, 254, 255, 0, 0, 0, 0, 9, 9, 9, 255, 1, 2, 3, 255,
    ]);
    const read = await pixelsOf(encodeIndexedPng({ data, width: 3, height: 2 }));
    expect(read).toEqual({ data: [...data], width: 3, height: 2 });
  });

  it('keeps close to each of many colours', async () => {
    const data = new Uint8ClampedArray(64 * 64 * 4);
    for (let at = 0; at < data.length; at += 4) data.set([at % 251, (at / 4) % 64, (at / 256) % 64, 255], at);
    const read = await pixelsOf(encodeIndexedPng({ data, width: 64, height: 64 }));
    const furthest = Math.max(...read.data.map((value, index) => Math.abs(value - (data[index] ?? 0))));
    expect(furthest).toBeLessThan(40);
  });
});

describe('the pictures of the documents', () => {
  it('say which message they miss', () => {
    expect(() => drawExcerpts('settlebot', [])).toThrow(
      'the demo has no message "⏳ New invoice: $104.94 — week 2–8 Mar"',
    );
  });

  it('are light enough for a page', async () => {
    const folder = new URL('../../../docs/pictures/', import.meta.url);
    const files = await readdir(folder);
    expect(files.toSorted()).toEqual(['discord-managers.png', 'telegram-invoice.png', 'telegram-order.png']);
    for (const file of files) expect((await stat(new URL(file, folder))).size).toBeLessThan(200_000);
  });
});

function said(place: Reading['place'], marked: string): Reading {
  return {
    ...{ place, person: place === 'telegram' ? bella : olga, messageId: '1', at: '2026-03-09T08:00:00Z', from: 'bot' },
    ...{ marked, embeds: [], files: [], buttons: [], ephemeral: false, answers: null, pressed: null },
  };
}

type Text = Extract<Mark, { kind: 'text' }>;

/** No text leaves its bubble, button or row, nor that the picture, and none lies over another. */
function expectReadable({ width, height, marks }: Drawing): void {
  const texts = marks.filter((mark): mark is Text => mark.kind === 'text');
  const page: Box = { x: 0, y: 0, width, height };
  for (const text of texts) {
    expect(outside(inkOf(text), text.within), `${text.text} leaves its place`).toBe(false);
    expect(outside(text.within, page), `the place of ${text.text} leaves the picture`).toBe(false);
  }
  texts.forEach((text, index) => {
    const over = texts.slice(index + 1).filter((other) => overlap(inkOf(text), inkOf(other)));
    expect(
      over.map((other) => other.text),
      `over ${text.text}`,
    ).toEqual([]);
  });
  for (const mark of marks) if (mark.kind === 'box') expect(outside(mark.box, page)).toBe(false);
}

/** Where the letters are, by what the canvas says of them and not by what the layout believes. */
function inkOf({ text, style, x, y }: Text): Box {
  ruler.font = cssFont(text, style);
  const { actualBoundingBoxLeft: left, actualBoundingBoxRight: right } = ruler.measureText(text);
  return { x: x - left, y: y - style.size * 0.74, width: left + right, height: style.size * 0.95 };
}

const ruler = createCanvas(1, 1).getContext('2d');

function outside(inner: Box, outer: Box): boolean {
  return (
    inner.x < outer.x - ROUNDED ||
    inner.y < outer.y - ROUNDED ||
    inner.x + inner.width > outer.x + outer.width + ROUNDED ||
    inner.y + inner.height > outer.y + outer.height + ROUNDED
  );
}

function overlap(one: Box, other: Box): boolean {
  return (
    one.x + one.width > other.x + ROUNDED &&
    other.x + other.width > one.x + ROUNDED &&
    one.y + one.height > other.y + ROUNDED &&
    other.y + other.height > one.y + ROUNDED
  );
}

/** Half a pixel of the picture. */
const ROUNDED = 0.25;

/** Each letter of it is drawn, in order, `times` at least. */
function expectWords({ marks }: Drawing, text: string, times = 1): void {
  const drawn = marks.map((mark) => (mark.kind === 'text' ? mark.text : '')).join('');
  const letters = (words: string): string => words.replaceAll(/\s/g, '');
  expect(letters(drawn).split(letters(text)).length - 1).toBeGreaterThanOrEqual(times);
}

function unescaped(html: string): string {
  return html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

async function pixelsOf(png: Uint8Array) {
  const image = await loadImage(Buffer.from(png));
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  return { data: [...data], width: image.width, height: image.height };
}
