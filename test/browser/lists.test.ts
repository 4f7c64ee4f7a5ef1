import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { createFormats } from '../../console/src/format.ts';
import { amounts, type Column, csvOf } from '../../console/src/ui/table.ts';

/** Every list of the console has a file for a spreadsheet: one of the service's with all its pages, or one of all its rows. */

const SOURCES = readdirSync('console/src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.tsx'))
  .map((path) => ({ path, text: readFileSync(`console/src/${path}`, 'utf8') }));

/** What is no list: the parts that tables are made of, a chart's figures, and what one act would do. */
const WITH_A_TABLE = [
  'pages/events/Foresight.tsx',
  'ui/Chart.tsx',
  'ui/DataTable.tsx',
  'ui/Foreseen.tsx',
  'ui/MessageCard.tsx',
];

/** Jobs, fans, weeks, lines, changes of trust, sessions, and entries for who is no manager have no page of their own. */
const WITHOUT_PAGES = [
  ...['pages/health/Jobs.tsx', 'pages/orders/Fans.tsx', 'pages/orders/Queue.tsx', 'pages/ownInvoices/OwnInvoice.tsx'],
  ...['pages/ownOrders/OwnOrder.tsx', 'pages/ownStanding/OwnStanding.tsx', 'pages/settings/Sessions.tsx'],
];

function count(text: string, what: RegExp): number {
  return [...text.matchAll(what)].length;
}

describe('every list of the console', () => {
  test('is made of the parts that have a file', () => {
    const found = SOURCES.filter(({ text }) => /<table\b/.test(text)).map(({ path }) => path);
    expect(found.sort()).toEqual(WITH_A_TABLE);
  });

  test('has a button for it, beside each list of the service and in each table of rows', () => {
    expect(SOURCES.filter(({ text }) => /<(?:DataTable|ListTable|ListSection)\b/.test(text)).length).toBeGreaterThan(
      20,
    );
    for (const { path, text } of SOURCES) {
      if (path === 'ui/ListTable.tsx') continue;
      const without = count(text, /<ListTable\b/g) + count(text, /\bfile=\{(?:null|undefined)\}/g);
      const buttons = count(text, /<CsvButton\b/g) + count(text, /<FileButton\s+operation="[^"]+\/csv"/g);
      expect([path, buttons]).toEqual([path, expect.toSatisfy((found: number) => found >= without)]);
    }
  });

  test('asks for its file what it asks for its rows', () => {
    // But the queue of a marketer, whose page reads the first of three lists at once.
    const others = SOURCES.filter(({ text }) => count(text, /<CsvButton (?!list=\{list\})/g) > 0);
    expect(others.map(({ path }) => path)).toEqual([]);
    const own = SOURCES.filter(({ text }) => /<CsvButton\s+list=\{\{/.test(text));
    expect(own.map(({ path }) => path)).toEqual(['pages/orders/Queue.tsx']);
  });

  test('leads from each row to a page of its own, where there is one', () => {
    // A column of people leads to theirs.
    const linked =
      /isName: true,(?:(?!isName)[\s\S])*?(?:<(?:To|ToAccount|ToLedger|OneThing|Link|Subject|ToEntry)\b|personColumn\()|personColumn\((?:(?!\bof:)[\s\S])*?isName: true/;
    const lists = SOURCES.filter(({ text }) => /isName: true/.test(text) && !linked.test(text)).map(({ path }) => path);
    expect(lists.sort()).toEqual(WITHOUT_PAGES);
  });
});

describe('the file of a table of rows', () => {
  type Row = { id: string; owed: number | null; at: string };
  const format = createFormats({ locale: 'en', timeZone: 'Europe/Warsaw', currency: 'USD' });
  const columns: Column<Row>[] = [
    { key: 'id', header: 'Who', cell: ({ id }) => id },
    amounts({ key: 'owed', header: 'Owed', of: ({ owed }) => owed }, format),
    { key: 'at', header: 'At', cell: ({ at }) => format.instant(at), file: ({ at }) => at },
    { key: 'link', header: 'Link', sortBy: ({ id }) => `of ${id}`, cell: () => null },
    { key: 'acts', header: 'Acts', cell: () => null },
  ];
  const at = '2026-03-20T23:30:00Z';

  test('has amounts as decimals, instants as such, what is sorted by for what is no text, and no buttons', () => {
    expect(
      csvOf(columns, [
        { id: 'm1', owed: 123_456, at },
        { id: 'm2', owed: -5, at },
        { id: 'm3', owed: null, at },
      ]).split('\r\n'),
    ).toEqual(['Who,Owed,At,Link', `m1,1234.56,${at},of m1`, `m2,-0.05,${at},of m2`, `m3,,${at},of m3`, '']);
  });

  test('runs nothing in a spreadsheet', () => {
    const [, row] = csvOf(columns.slice(0, 1), [{ id: '=1+1,"x"', owed: 0, at }]).split('\r\n');
    expect(row).toBe(`"'=1+1,""x"""`);
  });
});
