import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

import { BadInput } from '../../../src/cli/shadow/badInput.ts';
import { endOf } from '../../../src/cli/shadow/end.ts';
import { readPaid } from '../../../src/cli/shadow/paid.ts';
import { openPast, readPast } from '../../../src/cli/shadow/pastEvents.ts';
import { eventsOfPurchases } from '../../../src/cli/shadow/purchases.ts';
import { createCatalogue } from '../../../src/events/catalogue.ts';
import { createCalendar } from '../../../src/kernel/calendar.ts';
import { defaultPolicy } from '../../../src/policy.ts';
import { tell } from '../../support/events.ts';

const folder = mkdtempSync(join(tmpdir(), 'settlebot-shadow-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const calendar = createCalendar('UTC');
const catalogue = createCatalogue('USD');
const END = { at: new Date('2026-06-01T00:00:00Z'), name: 'the present' };

function write(content: string | Buffer, name = 'input'): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

/** What is wrong with an input, without the name of its file. */
async function faultsOf(reading: Promise<unknown>): Promise<string[]> {
  const error = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof BadInput)) throw error ?? new Error('it was taken');
  return error.faults.map((fault) => fault.replace(join(folder, 'input'), '').trim());
}

describe('the table of what was paid', () => {
  const read = (text: string | Buffer) => readPaid(write(text), 'USD', calendar);

  test('is read whatever the order and case of its columns, with semicolons, a byte order mark and empty lines', async () => {
    const text =
      '\ufeffAmount;KIND;Period;account;paidAt\r\n\r\n1,234.50;invoice;2026-W10;ava;2026-03-12T23:30:00Z\r\n';
    expect(await read(text)).toEqual([
      {
        line: 3,
        kind: 'invoice',
        account: 'ava',
        period: '2026-W10',
        amount: 123_450,
        paidOn: '2026-03-12',
        status: '',
      },
    ]);
  });

  test('names a week by its Monday, too, and says nothing of payment without the column', async () => {
    const [row] = await read('kind,account,period,amount\ninvoice,ava,2026-03-02,-4.10\n');
    expect(row).toMatchObject({ period: '2026-W10', amount: -410, paidOn: undefined });
  });

  test('is refused with the columns that are missing and those that are not known', async () => {
    expect(await faultsOf(read('type,account,period,sum\na,b,c,d\n'))).toEqual([
      'lacks the columns kind, amount',
      'has columns that are not known: “type”, “sum”',
      'its columns can be kind, account, period, amount, paidAt, status, currency (docs/shadow.md)',
    ]);
  });

  test('is refused with the line of each bad cell', async () => {
    const rows = [
      'kind,account,period,amount,paidAt,status,currency',
      'invoice,ava,2026-W10,12.345,,,',
      'invoice,ava,2026-W54,1,,,',
      'invoice,ava,2026-03-03,1,,,',
      'payout,ava,2026-04-02,1,2026-02-30,,',
      'refund,ava,2026-W10,1,,,',
      'invoice,a va,2026-W10,€1,,,EUR',
      'standing,ava,2026-03-12,,,gone,',
      'invoice,bea,2026-W10,1,,,USD',
      'invoice,bea,2026-W10,2,,,',
    ];
    expect(await faultsOf(read(rows.join('\n')))).toEqual([
      'line 2: amount: must be an amount in USD, as 1234.50, and not “12.345”',
      'line 3: period: must be the week, as 2026-W10, or its Monday, as 2026-03-02',
      'line 4: period: must be the week, as 2026-W10, or its Monday, as 2026-03-02',
      'line 5: period: must be the payday, the 1st or the 16th of a month, as 2026-04-01',
      'line 5: paidAt: must be a day, as 2026-03-12, or an instant, as 2026-03-12T06:00:00Z',
      'line 6: kind: must be one of invoice, payout, standing',
      'line 7: account: must be an id of an account, 1-64 of A-Z a-z 0-9 _ . : -',
      'line 7: amount: must be an amount in USD, as 1234.50, and not “€1”',
      "line 7: currency: must be USD, the platform's currency",
      'line 8: status: of a standing it must be one of paused, resumed, blocked, unblocked, review, terminated',
      'line 10: the same invoice as in line 9',
    ]);
  });

  test.each([
    ['', 'is empty'],
    ['\n\n', 'is empty'],
    ['kind,account,period,amount\n', 'has columns and no row'],
    [Buffer.from([0x6b, 0xe9, 0x2c]), 'is not UTF-8: save it as “CSV UTF-8”'],
    ['kind,account,period,amount\ninvoice,ava\n', /line 2/],
    ['kind,account,period,amount\ninvoice,"ava,2026-W10,1\n', /[Qq]uote/],
  ])('is refused when it is no table: %j', async (text, fault) => {
    const faults = await faultsOf(read(text));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(fault);
  });

  test('tells of many faults only the first, and how many more', async () => {
    const rows = Array.from({ length: 30 }, () => 'invoice,ava,2026-W10,x');
    const faults = await faultsOf(read(['kind,account,period,amount', ...rows].join('\n')));
    expect(faults).toHaveLength(21);
    expect(faults.at(-1)).toBe('and 10 more like these');
  });
});

describe('the file of events', () => {
  const events = [
    tell.account('ava', 'model', { at: '2026-01-01T00:00:00Z' }),
    tell.payment('p2', 200, '2026-01-03T00:00:00Z', { modelId: 'ava' }),
    tell.payment('p1', 100, '2026-01-02T00:00:00Z', { modelId: 'ava' }),
  ];
  const lines = (list: unknown[]) => list.map((event) => `${JSON.stringify(event)}\n`).join('');
  const read = (text: string) => readPast(write(text), catalogue, END);

  test('is put into the order of time, and read again event by event', async () => {
    const text = `\ufeff${lines(events)}${lines(events.slice(0, 1))}`;
    const past = await read(text);
    expect(past).toMatchObject({ outOfOrder: 1, repeated: 1 });
    const file = await openPast(past.file, catalogue);
    const incoming = await file.read(past.events);
    await file.close();
    expect(incoming.map(({ id }) => id)).toEqual(['account-ava', 'payment-p1', 'payment-p2']);
  });

  test('is refused with every line that the service would not take', async () => {
    const [account, second] = events;
    const bad = [
      account,
      { ...account, data: {} },
      { ...second, id: 'x', type: 'order.shipped' },
      { ...second, id: 'y', timestamp: '2026-06-02T00:00:00Z' },
      { ...second, id: 'z', data: { ...second?.data, currency: 'EUR' } },
      { ...second, id: 'account-ava' },
    ];
    const faults = await faultsOf(read(`${lines(bad)}${JSON.stringify(account).slice(0, 40)}`));
    expect(faults).toEqual([
      expect.stringMatching(/^line 2: data\.accountId: /),
      expect.stringMatching(/^line 3: “order\.shipped” is no type of event; there are account\.updated, /),
      'line 4: it is dated 2026-06-02T00:00:00Z, after the present',
      "line 5: data.currency: must be USD, the platform's currency",
      'line 6: the id account-ava is that of line 1, with other content',
      'line 7: not JSON in UTF-8; it is the last line and has no end, so the file may have been cut off',
    ]);
  });

  test.each([
    ['', 'is empty'],
    ['\n \n', 'has no events'],
  ])('is refused when there is nothing in it: %j', async (text, fault) => {
    expect(await faultsOf(read(text))).toEqual([fault]);
  });

  test('is refused when it is not there', async () => {
    expect(await faultsOf(readPast(join(folder, 'nothing'), catalogue, END))).toEqual([
      expect.stringMatching(/nothing cannot be read: there is no such file$/),
    ]);
    expect(await faultsOf(readPast(folder, catalogue, END))).toEqual([expect.stringMatching(/it is a directory$/)]);
  });
});

describe('a table of purchases', () => {
  const convert = (text: string) => eventsOfPurchases(write(text), { currency: 'USD', calendar, end: END });

  test('tells accounts, campaigns, programs and subscriptions where they first occur', async () => {
    const rows = [
      'date,customer,model,amount,id,marketer,marketerRate,affiliate,affiliateRate,kind',
      '2026-01-03,eve@example.com,ava,20.00,p2,marco,45%,,,',
      '2026-01-01,eve@example.com,ava,9.99,p1,marco,40,ada,20,',
      '2026-01-02T10:00:00Z,,ava,50,t1,,,,,topup',
      '2026-01-04,bob,ava,5,p3,,,,,tip',
    ];
    const told = (await convert(rows.join('\n')))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(told.map(({ timestamp, type }) => `${timestamp.slice(0, 10)} ${type}`)).toEqual([
      '2026-01-01 account.updated',
      '2026-01-01 account.updated',
      '2026-01-01 campaign.updated',
      '2026-01-01 account.updated',
      '2026-01-01 program.updated',
      '2026-01-01 subscription.started',
      '2026-01-01 payment.succeeded',
      '2026-01-02 balance.topped_up',
      '2026-01-03 campaign.updated',
      '2026-01-03 payment.succeeded',
      '2026-01-04 subscription.started',
      '2026-01-04 payment.succeeded',
    ]);
    expect(JSON.stringify(told)).not.toContain('example.com');
    expect(told.filter(({ type }) => type === 'payment.succeeded').map(({ data }) => [data.kind, data.amount])).toEqual(
      [
        ['subscription', 999],
        ['renewal', 2_000],
        ['tip', 500],
      ],
    );
    const past = await readPast(write(told.map((event) => JSON.stringify(event)).join('\n')), catalogue, END);
    expect(past.events).toHaveLength(12);
  });

  test('is refused with the line of each bad cell', async () => {
    const rows = [
      'date,customer,model,amount,id,marketer,marketerRate',
      '01/02/2026,c,ava,1,,,',
      '2026-01-01,,ava,-1,,,',
      '2026-01-01,c,ava,1,same,marco,140',
      '2026-01-01,c,ava,1,same,,40',
      '2026-07-01,c,ava,1,,,',
    ];
    expect(await faultsOf(convert(rows.join('\n')))).toEqual([
      'line 2: date: must be a day, as 2026-03-12, or an instant, as 2026-03-12T06:00:00Z',
      'line 3: customer: must not be empty',
      'line 3: amount: must be an amount in USD, as 12.50, and not “-1”',
      'line 4: marketerRate: must be a percentage from 0 to 100, as 40 or 33.33',
      'line 5: marketer: must not be empty where marketerRate is given',
      'line 6: it is dated 2026-07-01, after the present',
    ]);
  });
});

describe('the end of a play', () => {
  const at = (text: string) => new Date(text);
  const past = { events: [{ at: Date.parse('2026-03-05T12:00:00Z'), type: '', line: 1, start: 0, end: 1 }] };
  const end = async (rows: string, until?: string) =>
    endOf({
      ...{ past, calendar, policy: defaultPolicy, now: at('2026-06-01T00:00:00Z') },
      paid: await readPaid(write(`kind,account,period,amount,paidAt,status\n${rows}`), 'USD', calendar),
      until: until === undefined ? undefined : at(until),
    });

  test('is when all that is compared is decided', async () => {
    expect(await end('invoice,ava,2026-W08,1,,')).toEqual(at('2026-03-05T12:00:00Z'));
    expect(await end('invoice,ava,2026-W10,1,,')).toEqual(at('2026-03-09T06:00:00Z'));
    expect(await end('invoice,ava,2026-W10,1,2026-03-12,')).toEqual(at('2026-03-13T00:00:00Z'));
    expect(await end('payout,ava,2026-04-01,1,,')).toEqual(at('2026-04-01T00:00:00Z'));
    expect(await end('standing,ava,2026-03-20,,,paused')).toEqual(at('2026-03-21T00:00:00Z'));
    expect(await end('invoice,ava,2026-W10,1,,', '2026-05-01T00:00:00Z')).toEqual(at('2026-05-01T00:00:00Z'));
  });

  test('is never still to come, nor before a row of the table', async () => {
    expect(await faultsOf(end('invoice,ava,2026-W30,1,,'))).toEqual([
      'line 2 of the table of what was paid: 2026-W30 is decided at 2026-07-27T06:00:00.000Z, after the present',
    ]);
    expect(await faultsOf(end('invoice,ava,2026-W12,1,,', '2026-03-10T00:00:00Z'))).toEqual([
      expect.stringMatching(/after the end that --until names$/),
    ]);
    expect(await faultsOf(end('invoice,ava,2026-W10,1,2026-03-14,', '2026-03-12T12:00:00Z'))).toEqual([
      'line 2 of the table of what was paid: it was paid on 2026-03-14, after the end that --until names',
    ]);
    expect(await faultsOf(end('invoice,ava,2026-W10,1,,', '2026-07-01T00:00:00Z'))).toEqual([
      '--until must not be later than the present',
    ]);
  });
});
