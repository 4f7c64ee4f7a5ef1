import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createLedger, type Ledger } from '../../src/ledger/journal.ts';
import { lastDecreasesPipeline } from '../../src/ledger/takes.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { textsOver } from '../support/privacy.ts';
import { debit, ledgerOver, NOW, topUp } from './world.ts';

let database: TestDatabase;
let ledger: Ledger;

beforeAll(async () => {
  database = await testDatabase();
  ledger = ledgerOver(database);
  await database.buildIndexes();
});
afterAll(() => database.close());
beforeEach(async () => {
  await entries().deleteMany({});
  await checkpoints().deleteMany({});
});

const entries = () => database.connection.collection<{ _id: string; guard?: number; hash: string }>('ledger_entries');
const checkpoints = () => database.connection.collection<{ _id: string; balance: number }>('ledger_checkpoints');

async function guards(): Promise<number[]> {
  const found = await entries()
    .find({ guard: { $exists: true } })
    .toArray();
  return found.map(({ guard = 0 }) => guard).sort((a, b) => a - b);
}

describe('taking from a guarded account', () => {
  test('64 at once never take more than there is, and number their entries without a gap', async () => {
    await ledger.append([topUp('1', 1_000)]);
    const taken = await Promise.all(Array.from({ length: 64 }, (_, index) => ledger.take(debit(`${index}`, 100))));
    expect(taken.filter(({ kind }) => kind === 'written')).toHaveLength(10);
    expect(taken.filter(({ kind }) => kind === 'insufficient')).toHaveLength(54);
    expect(await ledger.balance('model:M')).toBe(0);
    expect(await guards()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await ledger.verify()).toEqual([]);
  });

  test('64 copies of one cause take once', async () => {
    await ledger.append([topUp('1', 1_000)]);
    const taken = await Promise.all(Array.from({ length: 64 }, () => ledger.take(debit('1', 100))));
    expect(taken.filter(({ kind }) => kind === 'written')).toHaveLength(1);
    expect(taken.filter(({ kind }) => kind === 'already')).toHaveLength(63);
    expect(await ledger.balance('model:M')).toBe(900);
  });

  test('of two answers to one question the ledger takes one', async () => {
    await ledger.append([topUp('1', 1_000)]);
    const taken = await Promise.all(
      Array.from({ length: 16 }, (_, index) => ledger.take(debit(`${index}`, 10, 'model:M', 'invoice:1'))),
    );
    expect(taken.map(({ kind }) => kind).sort()).toEqual([...Array(15).fill('decided-otherwise'), 'written']);
    expect(await ledger.balance('model:M')).toBe(990);
    expect(
      await ledger.decided([
        ['model:M', 'invoice:1'],
        ['model:M', 'invoice:2'],
      ]),
    ).toEqual(new Set(['invoice:1']));
  });

  test('increases and decreases at once lose nothing', async () => {
    await ledger.append([topUp('0', 500)]);
    await Promise.all(
      Array.from({ length: 32 }, async (_, index) => {
        await ledger.append([topUp(`more-${index}`, 10)]);
        await ledger.take(debit(`${index}`, 25));
      }),
    );
    const { length } = await guards();
    expect(await ledger.balance('model:M')).toBe(500 + 320 - 25 * length);
    expect(await ledger.balance('marketer:c')).toBe(25 * length);
    expect(await ledger.verify()).toEqual([]);
  });

  test.each([
    { needed: 1_000, kind: 'written', entry: { guard: 1, carried: { balance: 0, taken: 1_000 } } },
    { needed: 1_001, kind: 'insufficient', balance: 1_000, missing: 1 },
    // Nothing has to be summed up to take nothing; so it leaves nothing for sure.
    { needed: 0, kind: 'written', entry: { guard: 1, carried: { balance: 0, taken: 0 } } },
  ])('$needed of 1000: $kind', async ({ needed, ...expected }) => {
    await ledger.append([topUp('1', 1_000)]);
    expect(await ledger.take(debit('1', needed))).toMatchObject(expected);
  });
});

describe('takes that are asked for at once go together', () => {
  beforeEach(async () => {
    await ledger.append([topUp('1', 100)]);
  });

  test('what is written already takes no money from the one beside it', async () => {
    await ledger.take(debit('1', 60));
    const again = await Promise.all([ledger.take(debit('1', 60)), ledger.take(debit('2', 40))]);
    expect(again.map(({ kind }) => kind)).toEqual(['already', 'written']);
    expect(await ledger.verify()).toEqual([]);
  });

  test('one that is written, or decided, is told so and not that money is missing', async () => {
    await ledger.take(debit('1', 100, 'model:M', 'question'));
    expect(await ledger.take(debit('1', 100, 'model:M', 'question'))).toMatchObject({ kind: 'already' });
    expect(await ledger.take(debit('2', 50, 'model:M', 'question'))).toMatchObject({
      kind: 'decided-otherwise',
      entry: { _id: 'debit:1' },
    });
  });

  test('one that is no entry fails alone', async () => {
    const crooked = { ...debit('crooked', 1), postings: [{ account: 'model:M', amount: -1 }] };
    const [first, second, third] = await Promise.allSettled([
      ledger.take(debit('1', 60)),
      ledger.take(crooked),
      ledger.take({ ...debit('2', 7, 'model:M'), book: 'model:N' }),
    ]);
    expect(first).toMatchObject({ status: 'fulfilled', value: { kind: 'written' } });
    expect(second).toMatchObject({ status: 'rejected', reason: { message: expect.stringMatching(/sum to zero/) } });
    expect(third).toMatchObject({ status: 'rejected', reason: { message: expect.stringMatching(/outside its num/) } });
  });

  test('what an entry carries covers the next without a sum; what came in counts from the next sum on', async () => {
    await ledger.take(debit('1', 60));
    await ledger.append([topUp('2', 500)]);
    const carried = async (id: string, amount: number) => {
      const taken = await ledger.take(debit(id, amount));
      return taken.kind === 'written' ? taken.entry.carried : taken.kind;
    };
    expect(await carried('2', 30)).toEqual({ balance: 10, taken: 90 });
    expect(await carried('3', 11)).toEqual({ balance: 499, taken: 101 });
    expect(await carried('4', 500)).toBe('insufficient');
    expect(await ledger.verify()).toEqual([]);
  });

  test('after an entry of a version before, which carries nothing, the account is summed up once', async () => {
    await ledger.take(debit('1', 60));
    await entries().updateOne({ _id: 'debit:1' }, { $unset: { carried: '' } });
    expect(await ledger.take(debit('2', 30))).toMatchObject({ entry: { carried: { balance: 10, taken: 90 } } });
    expect(await ledger.verify()).toEqual([]);
  });

  test('without its number nothing is taken from a guarded account', async () => {
    await expect(ledger.append([debit('1', 1)])).rejects.toThrow('debit:1 takes from model:M outside its numbers');
  });
});

describe('taking from many accounts at once', () => {
  const accounts = Array.from({ length: 40 }, (_, index) => `model:M${index}`);

  test('comes to what taking one by one comes to', async () => {
    await ledger.append(accounts.map((account, index) => topUp(account, (index % 4) * 50 + 1, account)));
    const written = await ledger.takeMany(accounts.map((account) => debit(account, 101, account)));
    const covered = accounts.filter((_, index) => index % 4 >= 2);
    expect([...written.keys()].sort()).toEqual(covered.map((account) => `debit:${account}`).sort());
    // Again, with more money there: who has paid does not pay twice.
    await ledger.append(covered.map((account) => topUp(`more-${account}`, 1_000, account)));
    const again = await ledger.takeMany(accounts.map((account) => debit(account, 101, account)));
    expect([...again.keys()].sort()).toEqual([...written.keys()].sort());
    expect(await ledger.balance('marketer:c')).toBe(covered.length * 101);
    expect(await ledger.verify()).toEqual([]);
  });

  test('the last decrease of each is one step along an index, however many there are', async () => {
    await ledger.append(['model:A', 'model:B'].map((account) => topUp(account, 1_000, account)));
    for (let count = 0; count < 20; count += 1) {
      await ledger.takeMany(['model:A', 'model:B'].map((account) => debit(`${account}-${count}`, 10, account)));
    }
    const found = entries().aggregate(lastDecreasesPipeline(['model:A', 'model:B']));
    const stats = JSON.stringify(await found.explain('executionStats'));
    expect(stats).toMatch(/"totalKeysExamined":2\b/);
    expect(stats).toMatch(/"totalDocsExamined":2\b/);
  });

  test('meets single ones without taking the same money', async () => {
    await ledger.append(accounts.map((account) => topUp(account, 150, account)));
    await Promise.all([
      ledger.takeMany(accounts.map((account) => debit(`many-${account}`, 100, account))),
      ...accounts.map((account) => ledger.take(debit(`one-${account}`, 100, account))),
    ]);
    const balances = await ledger.balances(accounts);
    expect([...new Set(balances.values())]).toEqual([50]);
    expect(await ledger.verify()).toEqual([]);
  });

  test('reports what is decided otherwise as not written', async () => {
    await ledger.append([topUp('1', 1_000)]);
    await ledger.take(debit('void', 0, 'model:M', 'invoice:1'));
    expect(await ledger.takeMany([debit('pay', 100, 'model:M', 'invoice:1')])).toEqual(new Map());
    expect(await ledger.balance('model:M')).toBe(1_000);
  });
});

describe('one cause is one entry', () => {
  test('however often it is written, also within one call', async () => {
    await ledger.append([topUp('1', 100), topUp('1', 100), topUp('2', 1)]);
    await Promise.all(Array.from({ length: 16 }, () => ledger.append([topUp('1', 100), topUp('3', 5)])));
    expect(await ledger.balance('model:M')).toBe(106);
  });

  test('with other postings it throws, and what came with it is written', async () => {
    await ledger.append([topUp('1', 100)]);
    await expect(ledger.append([topUp('0', 1), topUp('1', 101), topUp('2', 1)])).rejects.toThrow('topup:1');
    await expect(ledger.take({ ...debit('1', 1), entryId: 'topup:1' })).rejects.toThrow('topup:1');
    expect(await ledger.balance('model:M')).toBe(102);
  });

  test('postings that do not sum to zero are refused before anything is written', async () => {
    const crooked = { ...topUp('1', 100), postings: [{ account: 'model:M', amount: 100 }] };
    await expect(ledger.append([crooked])).rejects.toThrow('sum to zero');
    expect(await entries().countDocuments()).toBe(0);
  });
});

describe('checkpoints are disposable', () => {
  test('balances are the same with them, without them, and while they are made', async () => {
    const quick = ledgerOver(database, { checkpointLagMs: 0 });
    await quick.append(Array.from({ length: 1_200 }, (_, index) => topUp(`${index}`, 1)));
    expect(await quick.balance('model:M')).toBe(1_200);
    expect(await checkpoints().countDocuments()).toBe(1);
    const taken = await Promise.all(Array.from({ length: 16 }, (_, index) => quick.take(debit(`${index}`, 100))));
    expect(taken.filter(({ kind }) => kind === 'written')).toHaveLength(12);
    await quick.append(Array.from({ length: 1_100 }, (_, index) => topUp(`later-${index}`, 1)));
    const accounts = ['model:M', 'marketer:c', 'world:topups', 'model:nobody'];
    const before = await quick.balances(accounts);
    expect(await checkpoints().countDocuments()).toBe(2);
    await quick.append(Array.from({ length: 150 }, (_, index) => topUp(`other-${index}`, 1, 'model:N')));
    expect(await quick.balance('model:N')).toBe(150);
    // Three accounts by now with checkpoints of three instants, besides some without.
    expect(await quick.balances(['model:N', ...accounts])).toEqual(
      new Map([['model:N', 150], ...before, ['world:topups', -2_450]]),
    );
    expect(await quick.verify()).toEqual([]);
    await entries().deleteMany({ _id: { $regex: '^topup:other-' } });
    await checkpoints().deleteMany({});
    expect(await quick.balances(accounts)).toEqual(before);
    expect(Object.fromEntries(before)).toEqual({
      'model:M': 1_100,
      'marketer:c': 1_200,
      'world:topups': -2_300,
      'model:nobody': 0,
    });
  });
});

describe('verify finds what is wrong', () => {
  beforeEach(async () => {
    await ledger.append([topUp('1', 1_000), topUp('2', 500, 'model:N')]);
    for (const id of ['1', '2', '3']) await ledger.take(debit(id, 10));
    expect(await ledger.verify()).toEqual([]);
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'an amount that was changed',
      () => entries().updateOne({ _id: 'topup:1' }, { $set: { 'postings.0.amount': 2_000 } }),
      /topup:1: postings sum to 1000/,
    ],
    [
      'postings that were changed on both sides',
      () => entries().updateOne({ _id: 'topup:1' }, { $set: { 'postings.0.amount': 7, 'postings.1.amount': -7 } }),
      /topup:1: its content does not match its hash/,
    ],
    [
      'half a cent',
      () => entries().updateOne({ _id: 'topup:1' }, { $set: { 'postings.0.amount': 0.5, 'postings.1.amount': -0.5 } }),
      /not an integer/,
    ],
    [
      'a carried balance that is too high, of the last decrease',
      () => entries().updateOne({ _id: 'debit:3' }, { $set: { 'carried.balance': 971 } }),
      /debit:3: it carries a balance of model:M for which 1001 had come in, and 1000 ever did/,
    ],
    [
      'a carried balance that is too high, of one before',
      () => entries().updateOne({ _id: 'debit:2' }, { $set: { 'carried.balance': 990 } }),
      /debit:3: it leaves 970 in model:M of 1000 that had come in, and by those before 1010 had/,
    ],
    [
      'less taken than was',
      () => entries().updateOne({ _id: 'debit:3' }, { $set: { 'carried.taken': 20 } }),
      /debit:3: it carries 20 as taken from model:M, its entries took 30/,
    ],
    [
      'what is carried in another form',
      () => entries().updateOne({ _id: 'debit:2' }, { $set: { carried: null } }),
      /debit:2: what it carries are no amounts/,
    ],
    [
      'a balance where none can be carried',
      async () => {
        await ledger.append([topUp('3', 10, 'marketer:x')]);
        await ledger.take(debit('x', 1, 'marketer:x'));
        await entries().updateOne({ _id: 'debit:x' }, { $set: { 'carried.balance': 9 } });
      },
      /debit:x: it carries a balance of marketer:x, from which not only numbered/,
    ],
    [
      'a decrease without a number',
      () => entries().updateOne({ _id: 'debit:2' }, { $unset: { guard: '' } }),
      /debit:2: it takes from model:M, and is none of its numbered decreases/,
    ],
    ['a decrease that is gone', () => entries().deleteOne({ _id: 'debit:2' }), /model:M: 2 decreases/],
    ['money that is gone', () => entries().deleteOne({ _id: 'topup:1' }), /model:M: balance is -30, below zero/],
    [
      'a checkpoint that is wrong',
      () => checkpoints().insertOne({ _id: 'model:M', balance: 1, through: new Date(Date.now() + 60_000) } as never),
      /model:M: checkpoint says 1, its entries 970/,
    ],
  ])('%s', async (_, damage, found) => {
    await damage();
    expect((await ledger.verify()).join('\n')).toMatch(found);
  });
});

test('entries come in pages, of one account or of all, each once', async () => {
  await ledger.append(Array.from({ length: 7 }, (_, index) => topUp(`${index}`, 1, index % 2 ? 'model:N' : 'model:M')));
  const seen: string[] = [];
  for (let after: string | undefined, more = true; more; ) {
    const page = await ledger.entries({ account: 'model:M', limit: 3, ...(after === undefined ? {} : { after }) });
    seen.push(...page.items.map(({ entryId }) => entryId));
    more = page.next !== null;
    after = page.next ?? undefined;
  }
  expect(seen).toEqual(['topup:6', 'topup:4', 'topup:2', 'topup:0']);
  expect((await ledger.entries({ limit: 100 })).items).toHaveLength(7);
});

describe('balances as they stood, and accounts by name', () => {
  let now = NOW;
  let dated: Ledger;
  beforeAll(() => {
    dated = createLedger({
      connection: database.connection,
      texts: textsOver(database.connection),
      clock: { now: () => now },
      checkpointLagMs: 0,
    });
  });
  const at = (iso: string) => {
    now = new Date(iso);
  };

  test('what is recorded at the instant or later is not in it, whatever its effective time', async () => {
    at('2026-02-28T23:59:59.999Z');
    await dated.append([topUp('1', 700, 'marketer:K'), topUp('2', 30, 'marketer:L')]);
    at('2026-03-01T00:00:00Z');
    await dated.append([{ ...topUp('3', 200, 'marketer:K'), effectiveAt: new Date('2026-02-01T00:00:00Z') }]);
    at('2026-03-02T06:00:00Z');
    await dated.append([topUp('4', -50, 'marketer:K')]);
    const payday = new Date('2026-03-01T00:00:00Z');
    expect(await dated.balancesSince(['marketer:K', 'marketer:L', 'marketer:nobody'], payday)).toEqual(
      new Map([
        ['marketer:K', { now: 850, before: 700 }],
        ['marketer:L', { now: 30, before: 30 }],
        ['marketer:nobody', { now: 0, before: 0 }],
      ]),
    );
  });

  test('what was taken late, for an instant before, is not in it', async () => {
    at('2026-02-28T12:00:00Z');
    await dated.append([topUp('1', 700, 'marketer:K')]);
    at('2026-04-20T00:00:00Z');
    await dated.append([topUp('2', 100, 'marketer:K')]);
    const payout = debit('march', 700, 'marketer:K');
    const postings = payout.postings.map((one) => ({
      ...one,
      account: one.amount > 0 ? 'world:payouts' : one.account,
    }));
    await dated.take({ ...payout, postings, effectiveAt: new Date('2026-03-01T00:00:00Z') });
    const since = async (day: string) => (await dated.balancesSince(['marketer:K'], new Date(day))).get('marketer:K');
    expect(await since('2026-03-01T00:00:00Z')).toEqual({ now: 100, before: 700 });
    expect(await since('2026-03-16T00:00:00Z')).toEqual({ now: 100, before: 0 });
  });

  test('a checkpoint that has some of what came later does not change it', async () => {
    at('2026-02-28T12:00:00Z');
    await dated.append(Array.from({ length: 120 }, (_, index) => topUp(`a${index}`, 1, 'marketer:K')));
    at('2026-03-01T12:00:00Z');
    await dated.append(Array.from({ length: 120 }, (_, index) => topUp(`b${index}`, 1, 'marketer:K')));
    await dated.balance('marketer:K');
    expect(await checkpoints().countDocuments({ _id: 'marketer:K' })).toBe(1);
    const since = await dated.balancesSince(['marketer:K'], new Date('2026-03-01T00:00:00Z'));
    expect(since.get('marketer:K')).toEqual({ now: 240, before: 120 });
  });

  test('accounts are listed by the beginning of their names, each once, however much was posted to them', async () => {
    const names = ['marketer:a', 'marketer:b', 'marketer:z', 'marketer', 'model:M', 'affiliate:A'];
    for (const account of names) {
      await ledger.append(Array.from({ length: 130 }, (_, index) => topUp(`${account}${index}`, 1, account)));
    }
    await ledger.append(Array.from({ length: 300 }, (_, index) => topUp(`m${index}`, 1, `marketer:m${index % 150}`)));
    const listed: string[] = [];
    for await (const account of ledger.accountsBeginning('marketer:')) listed.push(account);
    const middle = Array.from({ length: 150 }, (_, index) => `marketer:m${index}`).sort();
    expect(listed).toEqual(['marketer:a', 'marketer:b', ...middle, 'marketer:z']);
    const none: string[] = [];
    for await (const account of ledger.accountsBeginning('nobody:')) none.push(account);
    expect(none).toEqual([]);
  });

  test('an account is listed that only ever got something together with others', async () => {
    const names = Array.from({ length: 90 }, (_, index) => `marketer:${String(index).padStart(2, '0')}`);
    const together = names.map((account) => ({ account, amount: 1 }));
    const postings = [...together, { account: 'platform:invoiced', amount: -names.length }];
    await ledger.append([topUp('1', 1, 'marketer:45'), { ...topUp('2', 1), postings }]);
    const listed: string[] = [];
    for await (const account of ledger.accountsBeginning('marketer:')) listed.push(account);
    expect(listed).toEqual(names);
    const rest: string[] = [];
    for await (const account of ledger.accountsBeginning('marketer:', '44')) rest.push(account);
    expect(rest).toEqual(names.slice(45));
  });
});
