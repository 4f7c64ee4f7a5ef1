import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { ExportFormat } from '../../src/books/ledgerExport.ts';
import type { ToNumber } from '../../src/books/number.ts';
import type { StoredNumber, StoredTrialBalance, TrialBalancePage } from '../../src/books/store.ts';
import { awaitAll } from '../../src/kernel/wait.ts';
import type { Attachment } from '../../src/notices/messages/message.ts';
import { workplace } from '../cli/command.ts';
import { deepTest, sampleOf } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { pdfPages } from '../support/pdfText.ts';
import { scratchFolder } from '../support/scratch.ts';
import { createWorld, throwIt, type World } from '../support/world.ts';

/** Two weeks of two models; bea has no money. Times are Berlin's, where a year ends an hour before UTC's. */
const BY = { actor: 'ops', reason: 'a "mistake"' };
const DAYS = { from: '2026-12-01', to: '2027-02-01' };
const ISSUER = {
  ...{ name: 'Example Traffic GmbH', address: ['Musterstraße 1', '10115 Berlin'], country: 'DE', taxId: 'DE123456789' },
  ...{ vat: { rateBps: 1_900 }, paymentTerms: 'From your balance.' },
  bank: { name: 'Example Traffic GmbH', iban: 'DE89370400440532013000' },
};

const folder = mkdtempSync(join(scratchFolder(), 'settlebot-books-'));
let world: World;

beforeAll(async () => {
  writeFileSync(join(folder, 'issuer.json'), JSON.stringify(ISSUER));
  const environment = { ISSUER_FILE: join(folder, 'issuer.json') };
  const startsAt = '2026-12-21T00:00:00Z';
  world = await createWorld({ processes: 3, zone: 'Europe/Berlin', startsAt, environment, onError: throwIt });
  const billing = { name: 'Bea Media Ltd', address: '1 High Street\nDublin', country: 'IE', taxId: 'IE1234567FA' };
  await world.send(
    ...[tell.account('ava', 'model'), tell.account('bea', 'model', { billing }), tell.account('mike', 'marketer')],
    ...[tell.campaign('A', 'ava', 'mike', 4_000), tell.campaign('B', 'bea', 'mike', 2_500)],
    tell.topUp('t1', 'ava', 100_000),
    ...['ava', 'bea'].flatMap((modelId, index) =>
      ['2026-12-22T10:00:00Z', '2026-12-29T10:00:00Z'].map((at) =>
        tell.payment(`${modelId}-${at}`, 10_000, at, { campaignId: index === 0 ? 'A' : 'B' }),
      ),
    ),
  );
  await world.travelTo('2026-12-30T00:00:00Z');
  await world.core.invoicing.invoices.void('2026-W52:bea', BY, world.clock.now());
  await world.travelTo('2027-01-05T00:00:00Z');
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

async function numbersGiven(): Promise<string[]> {
  const found = await world.connection.collection<StoredNumber>('document_numbers').find({}).toArray();
  return found
    .map(({ _id, series, year, number }) => `${series}-${year}-${number} ${_id}`)
    .sort((one, other) => (one < other ? -1 : 1));
}

function pageOf(file: Attachment | null | undefined): string[] {
  return pdfPages(Buffer.from(file?.content ?? ''))[0] ?? [];
}

async function textOf(format: ExportFormat, days = DAYS): Promise<string> {
  const { ledgerExport } = world.core.books;
  const period = ledgerExport.periodOf(days);
  let text = '';
  if (period !== null) for await (const piece of ledgerExport.pieces(days, period, format)) text += piece;
  return text;
}

test('invoices, credit notes and statements have numbers of their series and year, by the platform’s calendar', async () => {
  const payouts = await world.core.affiliates.payouts.list({ limit: 10 });
  for (const { payoutId } of payouts.items) {
    await world.core.affiliates.payoutActs.act(
      payoutId,
      'settle',
      { actor: 'ops', reference: 'tx' },
      world.clock.now(),
    );
  }
  expect(await numbersGiven()).toEqual([
    'CN-2026-1 credit-note:2026-W52:bea',
    'INV-2026-1 invoice:2026-W52:ava',
    'INV-2026-2 invoice:2026-W52:bea',
    'INV-2027-1 invoice:2026-W53:ava',
    'INV-2027-2 invoice:2026-W53:bea',
    'SB-2027-1 statement:2027-01-01:mike',
  ]);
  expect(await world.core.verify()).toEqual([]);
});

deepTest(
  'however many ask at once, in however many processes, each document gets one number and none is left out',
  async () => {
    const documents = Array.from({ length: 120 }, (_, index): ToNumber => {
      const issuedAt = new Date(Date.UTC(2028, 0, 1 + (index % 7)));
      return { kind: 'invoice', id: `2028-W01:m${index}`, issuedAt };
    });
    const shares = world.processes.flatMap(({ books }, process) =>
      [0, 1, 2].map((part) => books.numbers.assign(documents.filter((_, index) => (index + part) % 3 !== process))),
    );
    await awaitAll(shares);
    const numbers = world.connection.collection<StoredNumber>('document_numbers');
    const given = await numbers.find({ year: 2028 }).sort({ number: 1 }).toArray();
    expect(given.map(({ number }) => number)).toEqual(documents.map((_, index) => index + 1));
    // What nobody issued has no number: verify says so of each.
    const lines = await world.core.verify();
    expect(lines).toHaveLength(documents.length);
    expect(lines[0]).toMatch(/^document_numbers\/invoice:2028-W01:m\d+: there is no such document$/);
    await numbers.deleteMany({ year: 2028 });
  },
);

deepTest('an invoice says who issues it, for whom, its number and its VAT, and how to pay', async () => {
  const found = await world.core.documents.invoice('2026-W53:bea', world.clock.now());
  const page = pageOf(found?.file);
  expect(page.slice(0, 6)).toEqual([
    'Example Traffic GmbH',
    'Musterstraße 1',
    '10115 Berlin',
    'Germany',
    'Tax id: DE123456789',
    'Invoice INV-2027-000002',
  ]);
  expect(page).toEqual(
    expect.arrayContaining([
      'Number|INV-2027-000002',
      'Billed to|Bea Media Ltd (bea)',
      '1 High Street',
      'Ireland',
      'Tax id: IE1234567FA',
      'Reverse charge: VAT is owed by the recipient of the service.',
      'From your balance.',
      'IBAN|DE89 3704 0044 0532 0130 00',
      'Payment reference|INV-2027-000002',
    ]),
  );
  const paid = await world.core.documents.invoice('2026-W53:ava', world.clock.now());
  const other = pageOf(paid?.file);
  expect(other).toEqual(expect.arrayContaining(['Net amount|$33.61', 'VAT 19 %|$6.39', 'Amount including VAT|$40.00']));
  expect(other.join()).not.toContain('IBAN');
});

deepTest('a void invoice has a credit note, and no other has one', async () => {
  const note = await world.core.documents.creditNote('2026-W52:bea', world.clock.now());
  const page = pageOf(note);
  expect(page).toEqual(
    expect.arrayContaining([
      'Credit note CN-2026-000001',
      'Takes back invoice INV-2026-000002 of Mon 28 Dec 2026: -$25.00',
      'Takes back|INV-2026-000002 (2026-W52:bea)',
      'Reason|a "mistake"',
      'Total|-$25.00',
    ]),
  );
  expect(await world.core.documents.creditNote('2026-W52:ava', world.clock.now())).toBeNull();
  const found = await world.core.documents.invoice('2026-W52:bea', world.clock.now());
  expect(pageOf(found?.file)).toContain('Credit note|CN-2026-000001');
});

test('a statement is a self-billed invoice', async () => {
  const found = await world.core.documents.statement('2027-01-01:mike');
  const page = pageOf(found?.file);
  expect(page).toContain('Number|SB-2027-000001');
  expect(page).toContain('Self-billing: Example Traffic GmbH makes out this invoice in the name of mike.');
});

test('the ledger is exported as double entry by days of effect', async () => {
  const [header = '', ...rows] = (await textOf('csv')).trimEnd().split('\r\n');
  expect(header).toBe('date,entryId,account,debit,credit,currency,reason,event,reverses,effectiveAt,recordedAt');
  const { items } = await world.core.ledger.entries({ limit: 500 });
  expect(rows).toHaveLength(items.flatMap(({ postings }) => postings).length);
  const sumOf = (column: number) =>
    rows.reduce((total, row) => total + Math.round(Number(row.split(',')[column]) * 100), 0);
  expect(sumOf(3)).toBe(sumOf(4));
  expect(rows).toContainEqual(
    expect.stringMatching(/^2026-12-28,invoice:2026-W52:ava:completed,model:ava,40\.00,,USD,,,,2026-12-28T05:00:00/),
  );
  // Half-open: the days of one file and those of the next have each entry once.
  const [first, second] = await awaitAll([
    textOf('csv', { from: '2026-12-01', to: '2026-12-28' }),
    textOf('csv', { from: '2026-12-28', to: '2027-02-01' }),
  ]);
  expect([...(first ?? '').split('\r\n').slice(1, -1), ...(second ?? '').split('\r\n').slice(1, -1)]).toEqual(rows);
  expect(world.core.books.ledgerExport.periodOf({ from: '2026-12-01', to: '2026-12-01' })).toBeNull();
  expect(world.core.books.ledgerExport.periodOf({ from: '2026-02-30', to: '2026-12-01' })).toBeNull();
});

test('and as Beancount, where every account is opened once and every entry balances', async () => {
  const text = await textOf('beancount');
  const opened = [...text.matchAll(/^2026-12-01 open (\S+) USD$/gm)].map(([, name]) => name);
  const posted = [...text.matchAll(/^ {2}([A-Z]\S+) {2}(-?\d+\.\d\d) USD$/gm)];
  expect(new Set(opened).size).toBe(opened.length);
  expect(new Set(posted.map(([, name]) => name))).toEqual(new Set(opened));
  for (const block of text.split('\n\n')) {
    const amounts = [...block.matchAll(/ {2}(-?\d+\.\d\d) USD$/gm)].map(([, amount]) =>
      Math.round(Number(amount) * 100),
    );
    expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(0);
  }
});

test('a month is closed an hour after its end, and a trial balance says what each account had, got and gave', async () => {
  const { months } = world.core.books;
  const december = await months.page('2026-12', { limit: 2 });
  expect(december).toMatchObject({ state: 'closed', totals: { opening: 0, closing: 0 } });
  expect(december.closedAt?.toISOString()).toBe('2027-01-01T00:00:00.000Z');
  expect(december.totals.debits).toBe(december.totals.credits);
  expect(december.items).toEqual([
    { account: 'marketer:mike', opening: 0, debits: 0, credits: 4_000, closing: 4_000 },
    { account: 'model:ava', opening: 0, debits: 4_000, credits: 100_000, closing: 96_000 },
  ]);
  expect((await months.page('2026-12', { limit: 2, after: 'model:ava' })).items.map(({ account }) => account)).toEqual([
    'world:topups',
  ]);
  const january = await months.page('2027-01', { limit: 9 });
  expect(january).toMatchObject({ state: 'open', closedAt: null, totals: { opening: 0, closing: 0 } });
  expect(january.items).toContainEqual(
    expect.objectContaining({ account: 'model:ava', opening: 96_000, closing: 92_000 }),
  );
});

deepTest(
  'the command writes what the API answers: to a file that is not there yet, or to standard output',
  async () => {
    const place = workplace();
    const settlebot = (...words: string[]) =>
      place.settlebot(['export', ...words], { MONGODB_URI: world.database.uri, PLATFORM_TIME_ZONE: 'Europe/Berlin' });
    try {
      const days = ['ledger', '--from', DAYS.from, '--to', DAYS.to];
      expect(await settlebot(...days)).toMatchObject({ code: 0, out: await textOf('csv') });
      const out = join(folder, 'ledger.beancount');
      const toFile = [...days, '--format', 'beancount', '--out', out];
      expect((await settlebot(...toFile)).code).toBe(0);
      expect(readFileSync(out, 'utf8')).toBe(await textOf('beancount'));
      const again = await settlebot(...toFile);
      expect([again.code, again.err]).toEqual([1, expect.stringContaining('is there already')]);
      expect((await settlebot('ledger', '--from', DAYS.to, '--to', DAYS.from)).code).toBe(1);
      const month = await settlebot('trial-balance', '--month', '2026-12');
      expect(month.out).toContain('2026-12,closed,account,model:ava,0.00,40.00,1000.00,960.00,USD');
      expect((await settlebot('trial-balance', '--month', '2026-13')).code).not.toBe(0);
    } finally {
      place.close();
    }
  },
);

test.each(
  sampleOf(
    [
      ['a number is gone', 'INV-2026-000002, and the next is INV-2026-000001', () => drop('invoice:2026-W52:ava')],
      ['a number is gone', 'document_numbers/invoice:2026-W53:bea is missing', () => drop('invoice:2026-W53:bea')],
      [
        'a number has another date',
        '2026-12-28T05:00:00.000Z',
        () => set('invoice:2026-W52:ava', { issuedAt: new Date(0) }),
      ],
      ['an account of a month says otherwise', 'model:ava has 1 from 0', () => setRow({ 'accounts.1.closing': 1 })],
      ['a month says otherwise', '2026-12: it sums to 1 from 0', () => setMonth({ 'classes.0.closing': 4_001 })],
      [
        'a month is changed with all its sums',
        'it sums to 0 from 0, by debits',
        () => setMonth({ 'classes.0.debits': 7 }),
      ],
      ['the past is changed', 'model:ava has 96000', () => changeTopUp()],
    ],
    1,
  ),
)('verify finds it when %s: %s', async (_, line, spoil) => {
  const mend = await spoil();
  const lines = await world.core.verify();
  await mend();
  expect(lines.filter((one) => /^(document_numbers|trial_balances)\//.test(one)).join('\n')).toContain(line);
});

async function spoilOne<T extends { _id: string }>(name: string, _id: string, change: (document: T) => T | null) {
  const collection = world.collection(name);
  const before = (await collection.findOne({ _id })) as T | null;
  if (before === null) throw new Error(`${name}/${_id} is not there`);
  const after = change(before);
  await collection.deleteOne({ _id });
  if (after !== null) await collection.insertOne(after);
  return async () => {
    await collection.deleteOne({ _id });
    await collection.insertOne(before);
  };
}

function drop(id: string) {
  return spoilOne<StoredNumber>('document_numbers', id, () => null);
}

function set(id: string, fields: Partial<StoredNumber>) {
  return spoilOne<StoredNumber>('document_numbers', id, (one) => ({ ...one, ...fields }));
}

async function setRow(fields: Record<string, number>) {
  const pages = world.connection.collection<TrialBalancePage>('trial_balance_pages');
  const before = await pages.findOne({});
  if (before === null) throw new Error('there is no page');
  await pages.updateOne({ _id: before._id }, { $set: fields });
  return async () => void (await pages.replaceOne({ _id: before._id }, before));
}

async function setMonth(fields: Record<string, number>) {
  const months = world.connection.collection<StoredTrialBalance>('trial_balances');
  const before = await months.findOne({ _id: '2026-12' });
  if (before === null) throw new Error('the month is not closed');
  await months.updateOne({ _id: '2026-12' }, { $set: fields });
  return async () => void (await months.replaceOne({ _id: '2026-12' }, before));
}

function changeTopUp() {
  return spoilOne<{ _id: string; postings: { account: string; amount: number }[] }>(
    'ledger_entries',
    'topup:t1',
    (entry) => ({ ...entry, postings: entry.postings.map((one) => ({ ...one, amount: one.amount * 2 })) }),
  );
}

deepTest('a month in which nothing was recorded is closed with what the last one had, and costs nothing', async () => {
  const { months } = world.core.books;
  await world.travelTo('2027-05-02T00:00:00Z');
  expect(await months.nextDue()).toBeNull();
  expect(await world.connection.collection('trial_balances').countDocuments()).toBe(2);
  const january = await months.page('2027-01', { limit: 99 });
  const april = await months.page('2027-04', { limit: 99 });
  // Berlin's month ends two hours before UTC's in summer.
  expect(april).toMatchObject({ state: 'closed', closedAt: new Date('2027-04-30T23:00:00Z'), entries: 0 });
  expect(april.items).toEqual(
    january.items
      .filter(({ closing }) => closing !== 0)
      .map(({ account, closing }) => ({ account, opening: closing, debits: 0, credits: 0, closing })),
  );
  expect(await months.get('2027-05')).toMatchObject({ state: 'open', closedAt: null, entries: 0 });
});

deepTest('verify finds it when such a month has entries all the same, or a month that was closed is gone', async () => {
  await world.send(tell.topUp('t2', 'bea', 100_000));
  // An hour after its end at the latest, but not before, a month is closed.
  await world.travelTo('2027-05-31T22:59:59Z');
  expect(await world.core.books.months.get('2027-05')).toMatchObject({ state: 'open', closedAt: null });
  await world.travelTo('2027-06-02T00:00:00Z');
  expect(await world.core.books.months.get('2027-05')).toMatchObject({ state: 'closed' });
  expect(await world.core.verify()).toEqual([]);
  const moved = () =>
    spoilOne<{ _id: string; recordedAt: Date }>('ledger_entries', 'topup:t2', (entry) => ({
      ...entry,
      recordedAt: new Date('2027-04-10T00:00:00Z'),
    }));
  const gone = () => spoilOne('trial_balances', '2027-01', () => null);
  for (const [spoil, month] of [
    [moved, '2027-04'],
    [gone, '2027-01'],
  ] as const) {
    const mend = await spoil();
    const lines = await world.core.verify();
    await mend();
    expect(lines.join('\n')).toMatch(
      new RegExp(`trial_balances/${month} is missing, and the ledger has entries of it: \\d`),
    );
  }
});
