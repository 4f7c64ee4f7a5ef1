import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { connectDatabase } from '../../src/database/connect.ts';
import { findRunningEngine } from '../../src/database/embedded/engine.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { deepTest, sampleOf } from '../support/depth.ts';
import { createPlatform } from '../support/platform.ts';
import { TEST_KEY, TEST_SECRET } from '../support/service.ts';
import { ended, workplace } from './command.ts';
import { asLines, payment, weekOfSales } from './events.ts';

let place: ReturnType<typeof workplace>;

beforeEach(() => {
  place = workplace();
});
afterEach(() => place.close());

const MARCH = { TEST_CLOCK: '1', TEST_CLOCK_START: '2026-03-04T00:00:00Z' };

/** The configuration of commands that need no data directory of their own: they find their collections made. */
let onServer: Record<string, string>;
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase({ ownIndexes: true });
  onServer = { ...MARCH, MONGODB_URI: database.uri };
});
// What tells which migrations it went through stays, as in a database that is in use.
afterEach(() => database.clearAllBut('migrations'));
afterAll(() => database.close());

function write(name: string, content: string | Buffer): string {
  const file = join(place.folder, name);
  writeFileSync(file, content);
  return file;
}

describe('configuration', () => {
  deepTest('every bad key is named, no value is printed', async () => {
    const bad = { PORT: '99999', API_KEYS: 'hunter2', WEBHOOK_SECRETS: 'swordfish', TEST_CLOCK: 'maybe' };
    const { code, out, err } = await place.settlebotProcess(['serve'], bad);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.split('\n').map((line) => line.split(':')[1]?.trim())).toEqual(
      expect.arrayContaining(['PORT', 'API_KEYS', 'WEBHOOK_SECRETS', 'TEST_CLOCK']),
    );
    for (const value of Object.values(bad)) expect(err).not.toContain(value);
  });

  test('a DATA_DIR that others could read is set right by whichever command comes first', async () => {
    const data = join(place.folder, 'data');
    mkdirSync(data);
    chmodSync(data, 0o755);
    const { err } = await place.settlebot(['verify'], { ...onServer, DATA_DIR: data });
    expect(err).toMatch(/data could be read by other users \(0755\) and cannot any more \(0700\)/);
    expect(statSync(data).mode & 0o777).toBe(0o700);
  });

  test('`config` shows what holds, secrets masked', async () => {
    const { code, out } = await place.settlebot(['config'], { WEBHOOK_SECRETS: TEST_SECRET, PORT: '4000' });
    expect(code).toBe(0);
    expect(out).toContain('PORT=4000');
    expect(out).toContain('WEBHOOK_SECRETS=(set)');
    expect(out).not.toContain(TEST_SECRET);
  });

  deepTest('.env is read, the environment is stronger', async () => {
    write('.env', 'PORT=4001\nHOST=127.0.0.2\n');
    const { code, out } = await place.settlebotProcess(['config'], { PORT: '4002' });
    expect(code).toBe(0);
    expect(out).toContain('PORT=4002');
    expect(out).toContain('HOST=127.0.0.2');
  });

  test.each([
    [['tick'], /--at/],
    [['tick', '--at', 'tomorrow'], /RFC 3339 instant/],
    [['tick', '--at', '2026-02-30T00:00:00Z'], /RFC 3339 instant/],
    [['frobnicate'], /unknown command/],
    [['import'], /missing required argument/],
  ])('`%s` is refused in one line', async (words, message) => {
    const { code, out, err } = await place.settlebot(words);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});

describe('what keeps the service from starting is one line and exit code 1', () => {
  function expectOneLine({ code, out, err }: Awaited<ReturnType<typeof ended>>, message: RegExp): void {
    const lines = err.split('\n').filter((line) => line.startsWith('settlebot: '));
    expect({ code, stack: /\n\s+at /.test(out + err) }).toEqual({ code: 1, stack: false });
    expect(lines).toEqual([expect.stringMatching(message)]);
  }

  deepTest('a taken port', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = String(typeof address === 'object' ? address?.port : 0);
    expectOneLine(await place.settlebotProcess(['serve'], { PORT: port }), /port/);
    other.close();
  });

  deepTest('a data directory that another service has open', async () => {
    await place.serve();
    expectOneLine(await place.settlebotProcess(['serve'], { PORT: '0' }), /in use by process \d+/);
  });

  deepTest('a data directory that is a file', async () => {
    const file = write('data', 'x');
    expectOneLine(await place.settlebotProcess(['serve'], { DATA_DIR: file }), /cannot|not/);
  });

  test.each(sampleOf(['serve', 'verify'], 1))('a MongoDB that is not there, by `%s`', async (command) => {
    const environment = { MONGODB_URI: 'mongodb://user:swordfish@127.0.0.1:1/x', PORT: '0' };
    const run = command === 'serve' ? place.settlebotProcess : place.settlebot;
    const result = await run([command], environment);
    expectOneLine(result, /MONGODB_URI \(127\.0\.0\.1:1\) cannot be used/);
    expect(result.err).not.toContain('swordfish');
  });
});

describe('signals', () => {
  deepTest('SIGTERM ends the service with exit code 0; where links lead is set, and not spoken of', async () => {
    const { child, log } = await place.serve({ TRACKING_LINK: 'https://shop.example/{campaignId}' });
    expect(log).not.toContain('TRACKING_LINK');
    const end = ended(child);
    child.kill('SIGTERM');
    expect((await end).code).toBe(0);
  });

  deepTest(
    'the first start says where links lead, and shows secrets to nobody who collects its output; SIGUSR1 opens no debugger',
    async () => {
      const { child, url, log } = await place.serve({ WEBHOOK_SECRETS: '', API_KEYS: '' });
      expect(log).toContain('TRACKING_LINK is not set');
      const end = ended(child);
      child.kill('SIGUSR1');
      expect((await fetch(new URL('/healthz', url))).status).toBe(200);
      child.kill('SIGTERM');
      const { code, err } = await end;
      expect(code).toBe(0);
      expect(err).toContain('secrets.json');
      expect(err).not.toMatch(/debugger/i);
      expect(err).not.toMatch(/whsec_|admin:/);
    },
  );

  deepTest('a second SIGINT does not wait for what is in hand', async () => {
    const { child, url } = await place.serve();
    // A request whose body never ends holds the first signal up.
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const request = ['POST /webhooks/platform HTTP/1.1', 'host: x', 'content-type: application/json'];
    await new Promise<void>((resolve) =>
      socket.write(`${request.join('\r\n')}\r\ncontent-length: 10\r\n\r\n{`, () => resolve()),
    );
    await fetch(new URL('/healthz', url));
    const end = ended(child);
    child.kill('SIGINT');
    const refused = async () =>
      fetch(new URL('/healthz', url)).then(
        () => false,
        () => true,
      );
    await expect.poll(refused, { timeout: 5_000 }).toBe(true);
    const asked = performance.now();
    child.kill('SIGINT');
    expect((await end).code).toBe(1);
    expect(performance.now() - asked).toBeLessThan(1_500);
    socket.destroy();
  });
});

describe('import', () => {
  deepTest('takes in good lines, names bad ones by number, and goes on', async () => {
    const huge = JSON.stringify({ ...payment('huge'), data: { note: 'x'.repeat(2_000_000) } });
    const large = JSON.stringify({ ...payment('large'), type: 'note', data: { note: 'x'.repeat(300_000) } });
    const deep = `{"id":"deep","type":"x","timestamp":"2026-03-01T00:00:00Z","data":{"a":${'['.repeat(99)}${']'.repeat(99)}}}`;
    const lines = [
      ...weekOfSales(2),
      '',
      '{"id": "broken',
      { ...payment('p9'), data: { ...payment('p9').data, amount: 1.5 } },
      { ...payment('p0'), timestamp: '2026-03-03T13:00:00Z' },
      payment('p1'),
      huge,
      { ...payment('with.dot') },
      { ...payment('unknown'), type: 'something.else' },
      large,
      deep,
      '[]',
    ];
    const file = write('events.ndjson', `\uFEFF${asLines(lines, '\r\n')}${JSON.stringify(payment('last'))}`);
    const { code, out, err } = await place.settlebot(['import', file], onServer);
    expect(err.trim().split('\n')).toEqual([
      'line 7: not JSON in UTF-8',
      'line 8: data.amount: must be an integer number of minor units',
      'line 9: the id p0 was used with other content',
      'line 11: larger than 256 KiB',
      'line 12: id: must be 1-128 of A-Z a-z 0-9 _ : -',
      'line 14: larger than 256 KiB',
      'line 15: nested deeper than 64 levels',
      expect.stringMatching(/^line 16: /),
    ]);
    expect(out.split('\n')).toEqual([
      '16 events: 6 accepted, 1 duplicate, 1 ignored, 7 bad, 1 conflict',
      'type is no type of event: it is stored, and ignored (1 event)',
      '',
    ]);
    expect(code).toBe(1);
  });

  deepTest('bytes that are no UTF-8 are a bad line', async () => {
    const line = Buffer.from(`${JSON.stringify(payment('p')).replace('tip', '\u00ff')}\n`, 'latin1');
    const { code, err } = await place.settlebot(['import', write('events.ndjson', line)], onServer);
    expect({ code, err }).toEqual({ code: 1, err: 'line 1: not JSON in UTF-8\n' });
  });

  deepTest('doing it again changes nothing, and the same event by webhook is a duplicate', async () => {
    const file = write('events.ndjson', asLines(weekOfSales(20)));
    const first = await place.settlebot(['import', file], MARCH);
    expect(first).toEqual({
      code: 0,
      err: '',
      out: '23 events: 23 accepted, 0 duplicate, 0 ignored, 0 bad, 0 conflict\n',
    });
    const again = await place.settlebot(['import', file], MARCH);
    expect(again.out).toBe('23 events: 0 accepted, 23 duplicate, 0 ignored, 0 bad, 0 conflict\n');
    const { url } = await place.serve(MARCH);
    const sent = await createPlatform({ url, secret: TEST_SECRET }).send(payment('p7'));
    expect(sent).toEqual({ status: 200, body: { status: 'duplicate', id: 'p7' } });
  });

  deepTest('the same event live and in a file of another language is one', async () => {
    const { url } = await place.serve(MARCH);
    const event = { ...weekOfSales(0)[0], data: { accountId: 'm', role: 'model', name: 'Zoé' } };
    const body = { ...event, id: 'a1', type: 'account.updated', timestamp: '2026-03-01T00:00:00Z' };
    expect(await createPlatform({ url, secret: TEST_SECRET }).send(body)).toMatchObject({ status: 202 });
    const line =
      '{ "data": {"name": "Zo\\u00e9", "role": "model", "accountId": "m"}, "tries": 1, "id": "a1", ' +
      '"timestamp": "2026-03-01T00:00:00Z", "type": "account.updated" }\n';
    const { out } = await place.settlebot(['import', write('events.ndjson', line)], MARCH);
    expect(out).toContain('0 accepted, 1 duplicate, 0 ignored, 0 bad, 0 conflict');
  });

  deepTest('goes on where it was interrupted', async () => {
    const file = write('events.ndjson', asLines(weekOfSales(10_000)));
    const child = place.start(['import', file], MARCH);
    const end = ended(child);
    await untilSomeAreStored();
    child.kill('SIGKILL');
    expect(await end).toMatchObject({ code: null, out: '' });
    const again = await place.settlebot(['import', file], MARCH);
    expect(again.out).toMatch(/^10003 events: \d+ accepted, [1-9]\d* duplicate, 0 ignored, 0 bad, 0 conflict\n$/);
    const { out } = await place.settlebot(['tick', '--at', '2026-03-09T06:00:00Z'], MARCH);
    expect(out).toBe('issue-invoices 2026-03-09T06:00:00Z\nfollow-up-invoices 2026-03-09T06:00:00Z\n');
  });

  async function untilSomeAreStored(): Promise<void> {
    const dataDir = join(place.folder, 'data');
    await expect.poll(() => findRunningEngine(dataDir), { timeout: 120_000 }).toBeDefined();
    const { connection, close } = await connectDatabase({ dataDir, allowShared: true });
    // Two batches of a thousand are under way at a time, so that by now the first is acknowledged, and survives.
    await expect
      .poll(() => connection.collection('events').countDocuments(), { timeout: 120_000 })
      .toBeGreaterThan(2_000);
    await close();
  }

  test.each([
    ['nothing', /there is no such file/],
    ['folder', /it is a directory/],
  ])('%s in place of a file is told', async (name, message) => {
    mkdirSync(join(place.folder, 'folder'));
    const { code, err } = await place.settlebot(['import', name]);
    expect(code).toBe(1);
    expect(err).toMatch(message);
  });
});

describe('beside a running service', () => {
  const headers = { authorization: `Bearer ${TEST_KEY}` };

  deepTest('import, tick, replay and verify use its engine, and it sees what they did', async () => {
    const { url } = await place.serve(MARCH);
    const file = write('events.ndjson', asLines(weekOfSales(50)));
    expect((await place.settlebot(['import', file], MARCH)).code).toBe(0);
    const move = await fetch(new URL('/test/clock', url), {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{"now":"2026-03-09T06:00:00Z"}',
    });
    expect(await move.json()).toMatchObject({
      ran: expect.arrayContaining([expect.objectContaining({ job: 'issue-invoices' })]),
    });
    const invoice = await fetch(new URL('/v1/invoices/2026-W10:m', url), { headers });
    expect(await invoice.json()).toMatchObject({ total: 20_000, status: 'open' });

    expect(await place.settlebot(['replay', 'p7'], MARCH)).toMatchObject({ code: 0, out: 'p7: applied\n' });
    expect(await place.settlebot(['verify'], MARCH)).toEqual({
      code: 0,
      err: '',
      out: 'ok: 0 ledger entries, 1 invoices\n',
    });
    const future = await place.settlebot(['tick', '--at', '2026-03-16T06:00:00Z'], MARCH);
    expect(future.code).toBe(1);
    expect(future.err).toMatch(/later than the service's clock, 2026-03-09T06:00:00Z.*POST \/test\/clock/);
  });
});

describe('where there is no database', () => {
  test.each([
    ['verify'],
    ['simulate', 'monday'],
    ['simulate', 'payday', '--csv'],
    ['replay', 'p1'],
    ['tick', '--at', '2026-03-04T00:00:00Z'],
  ])('`%s` makes none and names the folder', async (...words) => {
    const missing = await place.settlebot(words, MARCH);
    const folder = join(place.folder, 'data');
    expect(missing).toEqual({ code: 2, out: '', err: expect.stringContaining(`no database in ${folder}:`) });
    expect(existsSync(folder)).toBe(false);

    // A folder with other things in it is no database either.
    mkdirSync(folder);
    writeFileSync(join(folder, 'secrets.json'), '{}');
    expect((await place.settlebot(words, MARCH)).code).toBe(2);
    expect(readdirSync(folder)).toEqual(['secrets.json']);
  });
});

describe('alone', () => {
  deepTest('tick runs what is due in order, once', async () => {
    const later = { ...payment('p-later'), timestamp: '2026-03-04T00:00:00Z' };
    later.data = { ...later.data, paidAt: '2026-03-10T00:00:00Z' };
    const file = write('events.ndjson', asLines([...weekOfSales(3), later]));
    await place.settlebot(['import', file], onServer);
    const { code, err, out } = await place.settlebot(['tick', '--at', '2026-03-20T00:00:00Z'], onServer);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n')).toEqual([
      'issue-invoices 2026-03-09T06:00:00Z',
      'follow-up-invoices 2026-03-09T06:00:00Z',
      // The day before it is due, when it goes overdue, the day after, and the third day.
      ...['11', '12', '13', '15'].map((day) => `dun-unpaid 2026-03-${day}T06:00:00Z`),
      'issue-invoices 2026-03-16T06:00:00Z',
      'follow-up-invoices 2026-03-16T06:00:00Z',
      ...['16', '18', '19'].map((day) => `dun-unpaid 2026-03-${day}T06:00:00Z`),
      '',
    ]);
    expect((await place.settlebot(['tick', '--at', '2026-03-20T00:00:00Z'], onServer)).out).toBe(
      'nothing was due until 2026-03-20T00:00:00Z\n',
    );
  });

  deepTest('simulate says what Monday would do, in words or as a table, and does nothing', async () => {
    await place.settlebot(['import', write('events.ndjson', asLines(weekOfSales(3)))], onServer);
    const { code, err, out } = await place.settlebot(['simulate', 'monday'], onServer);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(
      [
        'Invoices of week 2026-W10, at Mon 9 Mar 2026, 06:00 (UTC)',
        'There would be 1 invoice, $12.00 in all.',
        '  Left open, the balance is too small: 1, $12.00',
        'Nothing was written.',
        '',
      ].join('\n'),
    );
    expect((await place.settlebot(['simulate', 'monday', '--csv'], onServer)).out).toBe(
      'run,period,accountId,name,amount,commissionsAmount,earningsAmount,currency,count,outcome,why\r\nmonday,2026-W10,m,M,12.00,,,USD,1,open,\r\n',
    );
    expect((await place.settlebot(['simulate', 'payday'], onServer)).out).toContain('There would be no payout.');
    expect((await place.settlebot(['verify'], onServer)).out).toContain('0 invoices');
    expect((await place.settlebot(['simulate', 'friday'], onServer)).code).toBe(1);
  });

  deepTest('verify --repair drops a stored sum that differs from the entries, and says so', async () => {
    await place.settlebot(['import', write('events.ndjson', asLines(weekOfSales(3)))], onServer);
    const wrong = { _id: 'model:m', balance: 7, taken: 0, through: new Date() };
    await database.connection.collection<typeof wrong>('ledger_checkpoints').insertOne(wrong);
    const named = 'model:m: checkpoint says 7, its entries 0\n';
    expect(await place.settlebot(['verify'], onServer)).toMatchObject({ code: 1, out: expect.stringMatching(named) });
    const { code, out } = await place.settlebot(['verify', '--repair'], onServer);
    expect(code).toBe(0);
    expect(out).toContain('mended: model:m: dropped the checkpoint that said 7, its entries say 0\n');
    expect((await place.settlebot(['verify', '--repair'], onServer)).out).not.toContain('mended');
  });

  test('tick into the future is refused in production', async () => {
    const { code, err } = await place.settlebot(['tick', '--at', '2199-01-01T00:00:00Z'], {
      MONGODB_URI: database.uri,
      NODE_ENV: 'production',
    });
    expect(code).toBe(1);
    expect(err).toMatch(/in production only the past can be run/);
  });

  deepTest('replay tells what an event waits for, and that there is no such event', async () => {
    await place.settlebot(['import', write('events.ndjson', asLines([payment('p1')]))], onServer);
    const waiting = await place.settlebot(['replay', 'p1'], onServer);
    expect(waiting).toMatchObject({ code: 1, out: 'p1: waiting for campaign:c\n' });
    const missing = await place.settlebot(['replay', 'p2'], onServer);
    expect(missing).toMatchObject({ code: 1, err: 'settlebot: there is no event p2\n' });
  });
});
