import { describe, expect, test } from 'vitest';
import { RefusedError, UnavailableError } from '../../client/errors.ts';
import { changed, oneOf, wholeNumberIn } from '../../console/src/address.ts';
import { decimalOf, minorUnitsOf } from '../../console/src/amounts.ts';
import { createFormats, startOfDay } from '../../console/src/format.ts';
import { isDark, linkIn, telegramIn, themeOf } from '../../console/src/launch.ts';
import { partsOf } from '../../console/src/message.ts';
import { filterIn, filterOf } from '../../console/src/pages/overdue/filter.ts';
import { type Say, sayFrom, type TextKey } from '../../console/src/say.ts';
import { countsOf, type Outcomes, runAll } from '../../console/src/ui/run.ts';
import { allToggled, chosen, toggled } from '../../console/src/ui/selection.ts';
import { type Column, nextSort, sorted, sortIn } from '../../console/src/ui/table.ts';
import { whyOf } from '../../console/src/why.ts';

const reader = { locale: 'en', timeZone: 'Europe/Warsaw', currency: 'USD' };

test('a date at the end of a sentence ends it with one full stop', () => {
  const say = sayFrom({ 'lists.title': 'До {day}.' }, 'uk') as unknown as (key: string, values: object) => string;
  const { date } = createFormats({ ...reader, locale: 'uk' });
  expect(say('lists.title', { day: date('2026-04-01') }).replaceAll('\u00a0', ' ')).toBe('До 1 квіт. 2026 р.');
});

describe('format', () => {
  test('writes amounts exactly, with the decimals of the currency', () => {
    const { money } = createFormats(reader);
    expect(money(123_456)).toBe('$1,234.56');
    expect(money(-1)).toBe('-$0.01');
    expect(money(900_719_925_474_099_1)).toBe('$90,071,992,547,409.91');
    expect(createFormats({ ...reader, currency: 'JPY' }).money(1_234)).toBe('¥1,234');
    expect(createFormats({ ...reader, currency: 'HUF', currencyDecimals: 2 }).money(1_234)).toContain('12.34');
  });

  test('writes an instant on the clocks of the reader, and a day of the platform as it is', () => {
    const { day, instant, date, week } = createFormats(reader);
    expect(instant('2026-03-20T23:30:00Z')).toBe('21 Mar 2026, 00:30');
    expect(day('2026-03-20T23:30:00Z')).toBe('21 Mar 2026');
    expect(date('2026-03-20')).toBe('20 Mar 2026');
    expect(week('2026-W10')).toMatch(/^2\s?–\s?8 Mar 2026$/);
    expect(week('2026-W01')).toContain('29 Dec 2025');
    expect(() => week('March')).toThrow(RangeError);
  });

  test.each([
    ['2026-04-20', 'Europe/Warsaw', '2026-04-19T22:00:00.000Z'],
    ['2026-03-29', 'Europe/Warsaw', '2026-03-28T23:00:00.000Z'],
    ['2026-10-26', 'Europe/Warsaw', '2026-10-25T23:00:00.000Z'],
    ['2026-04-20', 'Asia/Kathmandu', '2026-04-19T18:15:00.000Z'],
    ['2026-04-20', 'America/Los_Angeles', '2026-04-20T07:00:00.000Z'],
    ['2026-04-20', 'Pacific/Kiritimati', '2026-04-19T10:00:00.000Z'],
    // The clocks go from 23:59 to 01:00.
    ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
  ])('%s begins in %s at %s', (day, zone, at) => {
    expect(startOfDay(day, zone).toISOString()).toBe(at);
  });

  test.each([
    ['250', 25_000],
    ['1,250.5', 125_050],
    ['1 250.00', 125_000],
    ['0.01', 1],
    ['1.234', null],
    ['1,25', null],
    ['-5', null],
    ['', null],
  ])('reads %j as %j minor units', (typed, minor) => {
    expect(minorUnitsOf(typed, 2)).toBe(minor);
    if (minor !== null) expect(minorUnitsOf(decimalOf(minor, 2), 2)).toBe(minor);
  });
});

describe('a table', () => {
  type Row = { name: string; amount: number; until: string | null };
  const rows: Row[] = [
    { name: 'Éloïse', amount: 5, until: null },
    { name: 'anna', amount: 5, until: '2026-03-02' },
    { name: 'Fay', amount: 70, until: '2026-03-01' },
  ];
  const columns: Column<Row>[] = [
    { key: 'name', header: '', cell: () => '', sortBy: ({ name }) => name },
    { key: 'amount', header: '', cell: () => '', isNumber: true, sortBy: ({ amount }) => amount },
    { key: 'until', header: '', cell: () => '', sortBy: ({ until }) => until },
    { key: 'other', header: '', cell: () => '' },
  ];
  const names = (text: string) => sorted(rows, sortIn(text, columns), columns, 'en').map(({ name }) => name);

  test('sorts words as the language does, numbers by size, and what lacks to the end either way', () => {
    expect(names('name')).toEqual(['anna', 'Éloïse', 'Fay']);
    expect(names('-amount')).toEqual(['Fay', 'Éloïse', 'anna']);
    expect(names('until')).toEqual(['Fay', 'anna', 'Éloïse']);
    expect(names('-until')).toEqual(['anna', 'Fay', 'Éloïse']);
  });

  test('takes from the address only what can be sorted by', () => {
    expect(sortIn('-amount', columns)).toEqual({ key: 'amount', isDescending: true });
    for (const text of ['other', 'nothing', '', '--amount', null]) expect(sortIn(text, columns)).toBeNull();
  });

  test('sorts one way, the other, and no more; numbers the largest first', () => {
    const [name, amount] = columns as [Column<Row>, Column<Row>];
    const presses = (column: Column<Row>) => {
      const first = nextSort(null, column);
      const second = nextSort(sortIn(first, columns), column);
      return [first, second, nextSort(sortIn(second, columns), column)];
    };
    expect(presses(name)).toEqual(['name', '-name', null]);
    expect(presses(amount)).toEqual(['-amount', 'amount', null]);
    expect(nextSort({ key: 'name', isDescending: false }, amount)).toBe('-amount');
  });
});

test('a selection toggles one and all, and forgets what is no longer there', () => {
  expect([...toggled(new Set(['a']), 'b')]).toEqual(['a', 'b']);
  expect([...toggled(new Set(['a']), 'a')]).toEqual([]);
  expect([...allToggled(new Set(['a', 'z']), ['a', 'b'])]).toEqual(['a', 'z', 'b']);
  expect([...allToggled(new Set(['a', 'z']), ['a'])]).toEqual(['z']);
  expect(chosen(['a', 'b'], { ids: new Set(['b', 'gone']) }, (id) => id)).toEqual(['b']);
});

test('the address keeps one order, drops what is empty, and gives whole numbers alone', () => {
  const before = new URLSearchParams('sort=-left&days=7');
  expect(changed(before, { amount: 500, days: null }).toString()).toBe('amount=500&sort=-left');
  expect(wholeNumberIn(before, 'days')).toBe(7);
  expect(oneOf(new URLSearchParams('state=open'), 'state', ['all', 'open'])).toBe('open');
  expect(oneOf(new URLSearchParams('state=other'), 'state', ['all', 'open'])).toBe('all');
  for (const text of ['-1', '1.5', 'many', '', '1e3']) {
    expect(wholeNumberIn(new URLSearchParams({ days: text }), 'days')).toBeUndefined();
  }
});

test('the filter of what is overdue is what was typed or stands in the address, and nothing that is neither', () => {
  const format = createFormats(reader);
  expect(filterIn(new URLSearchParams('days=7&amount=25000'))).toEqual({ days: 7, amount: 25_000 });
  expect(filterIn(new URLSearchParams('days=99999&amount=x'))).toEqual({});
  expect(filterOf({ days: '7', amount: '250.00' }, format)).toEqual({ days: 7, amount: 25_000 });
  expect(filterOf({ days: '', amount: '' }, format)).toEqual({});
  expect(filterOf({ days: '', amount: 'much' }, format)).toBeNull();
});

describe('several acts', () => {
  const run = (before: Outcomes, perform: (id: string, key: string) => Promise<unknown>, isStopped = () => false) =>
    runAll(before, {
      items: ['a', 'b', 'c'],
      idOf: (id) => id,
      keyOf: (id) => `key-${id}`,
      perform,
      onChange: () => undefined,
      isStopped,
    });

  test('go on after a refusal, and are tried again with the same key only where there was no answer', async () => {
    const sent: string[] = [];
    const first = await run(new Map(), async (id, key) => {
      sent.push(key);
      if (id === 'a') throw new RefusedError({ status: 409, code: 'already_paid', message: 'no' });
      if (id === 'b') throw new Error('no answer');
    });
    expect(countsOf(first)).toEqual({ done: 1, refused: 1, unanswered: 1 });
    const second = await run(first, async (_, key) => sent.push(key));
    expect(sent).toEqual(['key-a', 'key-b', 'key-c', 'key-b']);
    expect(countsOf(second)).toEqual({ done: 2, refused: 1, unanswered: 0 });
  });

  test('stop where the session is over, refuse nothing by that, and go on with the same keys', async () => {
    const sent: string[] = [];
    const over = await run(new Map(), async (id, key) => {
      sent.push(key);
      if (id === 'b') throw new RefusedError({ status: 401, code: 'unauthorized', message: 'nobody is there' });
    });
    expect(countsOf(over)).toEqual({ done: 1, refused: 0, unanswered: 0 });
    expect(sent).toEqual(['key-a', 'key-b']);
    expect(countsOf(await run(over, async (_, key) => sent.push(key)))).toEqual({ done: 3, refused: 0, unanswered: 0 });
    expect(sent).toEqual(['key-a', 'key-b', 'key-b', 'key-c']);
  });

  test('end where somebody stops them', async () => {
    let count = 0;
    const outcomes = await run(
      new Map(),
      async () => (count += 1),
      () => count === 1,
    );
    expect([...outcomes]).toEqual([['a', { state: 'done' }]]);
  });
});

test('the fragment says by what the page was opened, and the theme of Telegram is colours alone', () => {
  expect(linkIn('#link=abc_-1')).toBe('abc_-1');
  expect(linkIn('#page')).toBeUndefined();
  const theme = JSON.stringify({ bg_color: '#101010', text_color: 'url(https://evil)', x: 1 });
  const hash = `#tgWebAppData=${encodeURIComponent('user=1&hash=2')}&tgWebAppThemeParams=${encodeURIComponent(theme)}`;
  expect(telegramIn(hash)).toEqual({ initData: 'user=1&hash=2', theme: { bg_color: '#101010' } });
  expect(isDark('#101010')).toBe(true);
  expect(isDark('#fafafa')).toBe(false);
  expect(telegramIn('#tgWebAppData=')).toBeUndefined();
  for (const text of [null, 'no', '[]', 'null', '"a"']) expect(themeOf(text)).toEqual({});
});

test('the rows of a message stand below their headings', () => {
  const rows = [['a'], ['b'], ['c']];
  expect(partsOf({ header: [], rows })).toEqual([{ heading: undefined, rows }]);
  expect(partsOf({ header: [], rows, headings: [{ from: 1, text: 'March' }] })).toEqual([
    { heading: undefined, rows: [['a']] },
    { heading: 'March', rows: [['b'], ['c']] },
  ]);
});

test('a service that fails is told of in the reader’s words', () => {
  const say = ((key: string, values?: object) => [key, ...Object.values(values ?? {})].join(' ')) as unknown as Say;
  const tools = { say, isText: (key: string): key is TextKey => key === '' };
  expect(whyOf(new UnavailableError('The answer was 503.', { status: 503 }), tools)).toBe('page.troubled 503');
  expect(whyOf(new UnavailableError('The service could not be reached.'), tools)).toBe('Ended.unavailable.');
});
