import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { type BookedEntry, beancountAccount, createBeancount } from '../../src/books/beancount.ts';

const NAME = /^(Assets|Liabilities|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)+$/;
const STRING = String.raw`"(?:[^"\\\n]|\\["\\])*"`;

function entry(more: Partial<BookedEntry> = {}): BookedEntry {
  const at = new Date('2026-11-23T06:00:00Z');
  const postings = [
    { account: 'model:ava', amount: -4_108 },
    { account: 'marketer:mike', amount: 4_108 },
  ];
  return { entryId: 'invoice:1', day: '2026-11-23', effectiveAt: at, recordedAt: at, postings, ...more };
}

function written(entries: BookedEntry[], currency = 'USD'): string {
  const beancount = createBeancount({ currency, from: '2026-11-01', title: 'Ledger' });
  return beancount.head() + entries.map(beancount.transaction).join('');
}

describe('an account in Beancount', () => {
  test.each([
    ['model:ava', 'Liabilities:Models:Ava'],
    ['model:Ava', 'Liabilities:Models:Ava-U'],
    ['credit:4711', 'Liabilities:Credits:4711'],
    ['marketer:m-1', 'Liabilities:Marketers:M--1'],
    ['affiliate:k.im', 'Liabilities:Affiliates:K-x2Eim'],
    ['escrow:_o', 'Liabilities:Escrow:X-x5Fo-S'],
    ['platform:discounts', 'Expenses:Discounts'],
    ['platform:invoiced', 'Liabilities:Invoiced'],
    ['platform:other', 'Expenses:Platform:Other'],
    ['world:topups', 'Assets:TopUps'],
    ['world:elsewhere', 'Assets:World:Elsewhere'],
  ])('%s is %s', (account, name) => expect(beancountAccount(account)).toBe(name));

  test('is legal, and no two have the same', () => {
    const names = new Map<string, string>();
    const signs = fc.constantFrom(...'aAzZ09_.:-~xXSU25E');
    const id = fc.string({ unit: signs, minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(fc.constantFrom('model', 'platform', 'world'), id, (kind, rest) => {
        const account = `${kind}:${rest}`;
        const name = beancountAccount(account);
        expect(name).toMatch(NAME);
        expect(names.get(name) ?? account).toBe(account);
        names.set(name, account);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('entries in Beancount', () => {
  test('have what the account gets as a credit, and open each account once', () => {
    const text = written([entry(), entry({ entryId: 'invoice:2', eventId: 'e1', reverses: 'invoice:1' })]);
    expect(text.slice(text.indexOf('2026-11-01 open'))).toBe(`2026-11-01 open Liabilities:Models:Ava USD
  account: "model:ava"

2026-11-01 open Liabilities:Marketers:Mike USD
  account: "marketer:mike"

2026-11-23 * "invoice:1"
  entry: "invoice:1"
  effective: "2026-11-23T06:00:00.000Z"
  recorded: "2026-11-23T06:00:00.000Z"
  Liabilities:Models:Ava  41.08 USD
  Liabilities:Marketers:Mike  -41.08 USD

2026-11-23 * "invoice:2"
  entry: "invoice:2"
  effective: "2026-11-23T06:00:00.000Z"
  recorded: "2026-11-23T06:00:00.000Z"
  event: "e1"
  reverses: "invoice:1"
  Liabilities:Models:Ava  41.08 USD
  Liabilities:Marketers:Mike  -41.08 USD
`);
  });

  test('have the decimals of the currency', () => {
    expect(written([entry()], 'JPY')).toContain('Liabilities:Models:Ava  4108 JPY');
    expect(written([entry()], 'KWD')).toContain('Liabilities:Models:Ava  4.108 KWD');
  });

  test.each([
    'he said "no"',
    'C:\\',
    '\\"',
    'two\nlines\r\n* not a line of its own',
    '2026-11-23 open Assets:Mine',
    `\u202e${'x'.repeat(2_000)}`,
    '',
  ])('keep a reason within its string: %j', (reason) => {
    const [line, ...others] = written([entry({ reason })])
      .split('\n')
      .filter((one) => one.startsWith('2026-11-23'));
    expect(others).toEqual([]);
    expect(line).toMatch(new RegExp(`^2026-11-23 \\* ${STRING}$`));
  });
});
