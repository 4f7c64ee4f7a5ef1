import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { withBusiness } from '../../src/cli/business.ts';
import { readConfig } from '../../src/config.ts';
import { connectDatabase } from '../../src/database/connect.ts';
import { DatabaseUnreachable } from '../../src/database/errors.ts';
import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import { testEngine } from '../support/database.ts';
import { deepTest } from '../support/depth.ts';
import { eventually } from '../support/eventually.ts';
import { startTestService, type TestService } from '../support/service.ts';

/** The whole service on a replica set: what people see of its trouble, and that it goes on by itself. */

let cluster: Cluster;
let service: TestService | undefined;
let lines: Record<string, unknown>[] = [];
let databases = 0;
beforeEach(async () => {
  cluster = await startCluster({ engine: testEngine() });
  lines = [];
});
afterEach(async () => {
  await cluster.recover();
  cluster.setClock(0);
  const { connection, close } = await connectDatabase({ mongodbUri: uri(), dataDir: '' });
  await service?.stop();
  service = undefined;
  await connection.dropDatabase();
  await close();
  cluster.close();
});

function uri(): string {
  return cluster.uri(`service-${process.pid}-${databases}`);
}

async function start(environment: Record<string, string> = {}): Promise<TestService> {
  databases += 1;
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const log = pino({ level: 'info' }, stream);
  service = await startTestService(
    { MONGODB_URI: uri(), RUN: 'webhooks,jobs', TEST_CLOCK: '0', ...environment },
    { log },
  );
  return service;
}

const logged = (part: string) => lines.filter(({ msg }) => String(msg).includes(part));
const readiness = async (one: TestService) => one.api('GET', '/readyz');
const topUp = (id: string) => ({
  id: `topup-${id}`,
  type: 'balance.topped_up',
  timestamp: '2026-03-01T00:00:00Z',
  data: { topUpId: id, accountId: 'M', amount: 10, toppedUpAt: '2026-03-01T00:00:00Z' },
});
const account = {
  type: 'account.updated',
  timestamp: '2026-03-01T00:00:00Z',
  data: { accountId: 'M', role: 'model', name: 'M' },
};

async function unavailable(one: TestService): Promise<Record<string, number>> {
  const { body } = await one.api('GET', '/metrics');
  const counts = [...String(body).matchAll(/^settlebot_unavailable_total\{kind="([^"]+)"\} (\d+)/gm)];
  return Object.fromEntries(counts.map(([, kind, count]) => [kind, Number(count)]));
}

async function applied(one: TestService): Promise<number> {
  return (await one.api('GET', '/v1/events?status=applied&limit=500')).body.items.length;
}

deepTest(
  'without a majority /readyz says so within five seconds, and each 503 counts, logged once for its kind',
  async () => {
    const one = await start();
    await one.platform().sendAll([account, topUp('first')]);
    expect(await readiness(one)).toMatchObject({
      status: 200,
      body: { checks: { database: 'commits', clock: 'agrees' } },
    });
    const restore = cluster.loseMajority();
    const began = performance.now();
    await eventually(async () => (await readiness(one)).status === 503, { withinMs: 5_000, everyMs: 200 });
    expect(performance.now() - began).toBeLessThan(5_000);
    expect((await readiness(one)).body.checks).toEqual({ database: 'commits nothing in time' });
    const answers = await Promise.all(['a', 'b', 'c'].map((id) => one.platform().send(topUp(id))));
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(await unavailable(one)).toEqual({ late: 3 });
    expect(logged('answered with 503')).toMatchObject([{ kind: 'late', count: 1 }]);
    restore();
    await eventually(async () => (await readiness(one)).status === 200);
    await one.platform().sendAll(['a', 'b', 'c'].map(topUp));
    await eventually(async () => (await applied(one)) === 5);
  },
);

deepTest(
  'an election: every event is acknowledged in the end, once, and ticks go on within fifteen seconds',
  async () => {
    const one = await start();
    await one.platform().sendAll([account]);
    const failing = cluster.failOver('stepDown', { electionMs: 3_000 });
    const sent = one.platform().sendAll(
      Array.from({ length: 60 }, (_, index) => topUp(`t${index}`)),
      8,
    );
    const answer = await one.api('GET', '/v1/accounts/M');
    expect([200, 503]).toContain(answer.status);
    await Promise.all([failing, sent]);
    const elected = performance.now();
    await eventually(async () => (await applied(one)) === 61);
    const stand = async () =>
      cluster.recorded.filter(({ collection, name }) => collection === 'service_clock' && name === 'update');
    const before = (await stand()).length;
    await eventually(async () => (await stand()).length > before, { withinMs: 15_000 });
    expect(performance.now() - elected).toBeLessThan(15_000);
    const { body } = await one.api('GET', '/v1/accounts/M');
    expect(body.balances).toMatchObject({ 'model:M': 600 });
  },
);

test('trouble of the database is 503 with Retry-After in the API, too', async () => {
  const one = await start();
  await one.platform().sendAll([account]);
  const end = cluster.fault({ collections: ['accounts'], only: 'reads' }, { error: 'FailedToSatisfyReadPreference' });
  const response = await fetch(new URL('/v1/accounts/M', one.url), {
    headers: { authorization: 'Bearer ops-key-for-tests-of-128-bits' },
  });
  end();
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
});

describe('a clock that is off', () => {
  deepTest(
    'by seconds is told of; by a minute, events are stored and nothing is decided until the clocks agree',
    async () => {
      cluster.setClock(5_000);
      const one = await start();
      expect(logged("the database's clock is 5.0 s ahead of ours")).toHaveLength(1);
      expect((await readiness(one)).status).toBe(200);
      expect((await one.api('GET', '/metrics')).body).toMatch(/settlebot_database_clock_offset_seconds (4\.9|5)/);
      await one.platform().sendAll([account]);
      await eventually(async () => (await applied(one)) === 1);

      cluster.setClock(-90_000);
      await one.restart();
      expect(logged('nothing is decided').length).toBeGreaterThan(0);
      const { status, body } = await readiness(one);
      expect([status, body.checks.clock]).toEqual([503, "is -90 s away from the database's: nothing is decided"]);
      expect((await one.platform().send(topUp('t'))).status).toBe(202);
      expect((await one.api('POST', '/v1/accounts/M/link-code')).status).toBe(503);
      expect((await one.api('GET', '/v1/accounts/M')).status).toBe(200);
      const ticked = () => cluster.recorded.filter(({ collection }) => collection === 'service_clock').length;
      const before = ticked();
      await new Promise((done) => setTimeout(done, 2_500));
      expect(ticked()).toBe(before);
      expect((await one.api('GET', '/v1/events?status=received')).body.items).toHaveLength(1);

      cluster.setClock(0);
      await eventually(async () => (await readiness(one)).status === 200);
      await eventually(async () => (await applied(one)) === 2);
      await eventually(() => ticked() > before);
    },
  );

  deepTest('stops a command that decides, and not one that reads', async () => {
    await start();
    await service?.stop();
    cluster.setClock(61_000);
    const result = readConfig({ MONGODB_URI: uri() });
    if (!('config' in result)) throw new Error('no configuration');
    const deciding = withBusiness(result.config, 'writes', async () => 'done');
    await expect(deciding).rejects.toThrow(/clock is 61 s ahead of this machine's: nothing was decided/);
    expect(await withBusiness(result.config, 'reads', async () => 'done')).toBe('done');
  });
});

describe('a start without a primary', () => {
  deepTest('waits for one, says so, and then starts', async () => {
    cluster.leaveNoPrimary();
    setTimeout(() => cluster.recover(), 7_000);
    const told: string[] = [];
    databases += 1;
    const options = { mongodbUri: uri(), dataDir: '', waitMs: 60_000, report: (line: string) => told.push(line) };
    const database = await connectDatabase(options);
    await database.close();
    expect(told.length).toBeGreaterThan(0);
    expect(told[0]).toMatch(/cannot be used: .*; trying for another \d+ s/);
  });

  deepTest('gives up after its time, in one line', async () => {
    cluster.leaveNoPrimary();
    databases += 1;
    const refusal = connectDatabase({ mongodbUri: uri(), dataDir: '', waitMs: 500 });
    await expect(refusal).rejects.toThrow(DatabaseUnreachable);
  });
});
