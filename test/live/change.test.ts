import { expect, it } from 'vitest';

import { type Change, gathered, mayHear } from '../../src/live/change.ts';
import { FEEDS } from '../../src/live/feeds.ts';

const AT = new Date('2026-11-23T06:00:00Z');

it('lets a person hear of what is theirs alone, and a reader of everything', () => {
  const change = { topic: 'invoices', subject: 'invoice:2026-W47:m1', at: AT, about: ['m1'] } as const;
  const heard = (accountId: string) => mayHear({ kind: 'person', accountId }, change);
  expect([heard('m1'), heard('m2'), heard(''), mayHear({ kind: 'reader' }, change)]).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect(mayHear({ kind: 'person', accountId: 'm2' }, { subject: '*', about: [] })).toBe(true);
});

it('tells a change once, and too many of a topic as the topic', () => {
  const of = (id: string, about: string[] = []): Change => ({ topic: 'orders', subject: `order:${id}`, at: AT, about });
  expect(gathered([of('o1', ['m1']), of('o1', ['k1']), of('o2')], 2)).toEqual([of('o1', ['m1', 'k1']), of('o2')]);
  const ledger: Change = { topic: 'ledger', subject: 'model:m1', at: AT, about: ['m1'] };
  expect(gathered([of('o1'), of('o2'), of('o3'), ledger], 2)).toEqual([
    ...[ledger, { topic: 'orders', subject: '*', at: AT, about: [] }],
  ]);
});

it.each<[string, string[], string[]]>([
  ['invoice:2026-W47:a:b:completed', ['model:a:b', 'marketer:x'], ['invoices invoice:2026-W47:a:b a:b']],
  ['invoice:2026-W47:m1:credited', ['credit:m1', 'marketer:m'], ['invoices invoice:2026-W47:m1 m1']],
  ['payout:2026-12-01:k1:due', ['affiliate:k1', 'world:payouts'], ['payouts payout:2026-12-01:k1 k1']],
  ['order:o:1:amount:3', ['marketer:k1', 'model:m1'], ['orders order:o:1 k1,m1']],
  ['order:o1:accepted', ['model:m1', 'escrow:o1'], ['orders order:o1 m1']],
  ['commission:s1#2:corrected:1', ['affiliate:k1'], ['commissions commission:s1#2 k1']],
  ['topup:t1', ['world:topups', 'model:m1'], []],
])('reads of the entry %s of what it is', (id, accounts, expected) => {
  const [book = '', ...others] = accounts;
  const fields = { book, postings: others.map((account) => ({ account })) };
  const changes = FEEDS.ledger_entries?.changesOf({ id, at: AT, fields }) ?? [];
  const causes = changes.filter(({ topic }) => topic !== 'ledger' && topic !== 'standing');
  expect(causes.map(({ topic, subject, about }) => `${topic} ${subject} ${about}`)).toEqual(expected);
  const personal = accounts.filter((account) => /^(model|credit|marketer|affiliate):/.test(account));
  expect(changes.filter(({ topic }) => topic === 'ledger').map(({ subject }) => subject)).toEqual(personal);
});
