import { afterAll, describe, expect, it } from 'vitest';

import { createMapper } from '../../../src/sources/declared/mapper.ts';
import type { Rule } from '../../../src/sources/declared/rule.ts';
import { deepTest, sampleOf } from '../../support/depth.ts';

const mapper = createMapper({ longestMs: 3_000 });
afterAll(mapper.close);

const PAYMENT: Rule = { type: 'payment.succeeded', data: { paymentId: 'id', amount: 'total' } };

const BACKTRACKING = "$match('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /^(a+)+$/)";

function map(rules: Rule[], body: unknown = { id: 'p1', total: 5, items: [{ n: 1 }, { n: 2 }] }) {
  return mapper.map(rules, JSON.stringify(body));
}

describe('a map', () => {
  deepTest('makes one event of each rule that fits, and of each item', async () => {
    const result = await map([
      { ...PAYMENT, when: "id = 'p1'", timestamp: "'2026-01-01T00:00:00Z'" },
      { ...PAYMENT, when: "id = 'p2'" },
      { type: 'payment.refunded', each: 'items', data: "{ 'refundId': $string(n), 'paymentId': $event.id }" },
      { type: 'payment.refunded', each: 'nothing', data: { refundId: 'n' } },
    ]);
    expect(result).toMatchObject({
      kind: 'events',
      events: [
        { type: 'payment.succeeded', timestamp: '2026-01-01T00:00:00Z', data: { paymentId: 'p1', amount: 5 } },
        { type: 'payment.refunded', data: { refundId: '1', paymentId: 'p1' } },
        { type: 'payment.refunded', data: { refundId: '2', paymentId: 'p1' } },
      ],
    });
  });

  it.each(
    sampleOf(
      [
        ['loops', '($f := function($x) { $f($x + 1) }; $f(0))', /longer|timeout|stack|deep|infinite/i],
        ['nests without an end', '($f := function($x) { 1 + $f($x + 1) }; $f(0))', /stack|deep|infinite/i],
        ['makes too much', "$pad('x', 2000000)", /1 MiB/],
        ['makes a list without an end', '[1..9999999]', /range|sequence|list|D2014|D/],
        ['backtracks for ever', BACKTRACKING, /longer than 3 s/],
        ['fills the memory', "$split($pad('x', 60000000), '')", /64 MiB|1000 milliseconds|longer than 3 s/],
        ['divides a text', "'a' / 2", /must evaluate to a number/i],
        ['calls what is not there', '$nothing()', /function/i],
      ],
      1,
    ),
  )(
    'that %s is ended, and names the expression',
    async (_, amount, words) => {
      const result = await map([{ ...PAYMENT, data: { paymentId: 'id', amount } }]);
      expect(result).toMatchObject({ kind: 'fault', step: { at: 'map[0].data.amount', expression: amount } });
      expect('message' in result ? result.message : '').toMatch(words);
      expect(await map([PAYMENT])).toMatchObject({ kind: 'events' });
    },
    30_000,
  );

  deepTest(
    'that holds its process for ever holds up nothing else',
    async () => {
      let turns = 0;
      const timer = setInterval(() => (turns += 1), 20);
      expect(await map([{ ...PAYMENT, data: { amount: BACKTRACKING } }])).toMatchObject({ kind: 'fault' });
      clearInterval(timer);
      expect(turns).toBeGreaterThan(10);
    },
    30_000,
  );

  it('that gives the wrong kind of thing says what it gave', async () => {
    expect(await map([{ ...PAYMENT, when: "'yes'" }])).toMatchObject({
      step: { at: 'map[0].when' },
      message: expect.stringContaining('"yes"'),
    });
    expect(await map([{ ...PAYMENT, data: '[1, 2]' }])).toMatchObject({
      step: { at: 'map[0].data' },
      message: expect.stringContaining('[1,2]'),
    });
  });
});
