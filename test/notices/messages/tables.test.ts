import { expect, it } from 'vitest';

import { render as renderForDiscord } from '../../../bots/discord/render.ts';
import { render as renderForTelegram } from '../../../bots/telegram/render.ts';
import { monthHeadings, rowsOfTable } from '../../../src/notices/messages/tables.ts';

const DISPLAY = { timeZone: 'UTC', currency: 'USD' };
const table = {
  header: ['Week', 'Total', 'State'],
  rows: [
    ['6–12 Apr', '$9.00', 'open'],
    ['30 Mar – 5 Apr', '$1,234.50', 'paid'],
    ['2–8 Mar', '$10.00', 'paid'],
  ],
  numbers: [1],
  ...monthHeadings(['2026-04-06', '2026-03-30', '2026-03-02'], DISPLAY),
};

it('each month has a heading, in the language of the reader', () => {
  expect(table.headings).toEqual([
    { from: 0, text: 'April 2026' },
    { from: 1, text: 'March 2026' },
  ]);
  expect(monthHeadings(['2026-03-02'], { ...DISPLAY, locale: 'ru' }).headings).toEqual([
    { from: 0, text: expect.stringMatching(/^Март 2026/) },
  ]);
});

it('a part of a list begins with the heading that its first row stands under', () => {
  expect(rowsOfTable(table, 2, 8)).toMatchObject({
    rows: [table.rows[2]],
    headings: [{ from: 0, text: 'March 2026' }],
  });
  expect(rowsOfTable(table, 0, 1)).toMatchObject({
    rows: [table.rows[0]],
    headings: [{ from: 0, text: 'April 2026' }],
  });
});

it('amounts end below each other in columns, and lines say the same under their headings', () => {
  const { embeds } = renderForDiscord({ paragraphs: [], table, buttons: [] }).body;
  expect(embeds?.[0]?.description?.split('\n').slice(1, -1)).toEqual([
    'Week                Total  State',
    'April 2026',
    '6–12 Apr            $9.00  open',
    'March 2026',
    '30 Mar – 5 Apr  $1,234.50  paid',
    '2–8 Mar            $10.00  paid',
  ]);
  expect(renderForTelegram({ paragraphs: [], table, buttons: [] }).text.split('\n')).toEqual([
    '<b>April 2026</b>',
    '• 6–12 Apr · $9.00 · open',
    '<b>March 2026</b>',
    '• 30 Mar – 5 Apr · $1,234.50 · paid',
    '• 2–8 Mar · $10.00 · paid',
  ]);
});
