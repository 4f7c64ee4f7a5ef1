import { afterEach, beforeEach, describe, expect } from 'vitest';

import { deepTest } from '../support/depth.ts';
import { eventually } from '../support/eventually.ts';
import { createHouse, type House, type ServiceProcess } from '../support/process.ts';
import { balanceOf, chance, market, payment, shuffled, startSending, topUp } from './traffic.ts';

const MONDAYS = ['2026-03-09T06:00:00Z', '2026-03-16T06:00:00Z', '2026-03-23T06:00:00Z'];
const WEEKS = ['2026-W10', '2026-W11', '2026-W12'];

let house: House;
beforeEach(async () => {
  house = await createHouse();
});
afterEach(() => house.remove());

describe('two processes on one database', () => {
  deepTest(
    'both take events, also the same ones, and bill and debit once',
    async () => {
      const one = await house.start();
      const other = await house.start({ MONGODB_URI: await house.engineUri() });
      const models = 60;
      const random = chance(7);
      const events = [
        ...market(models),
        ...Array.from({ length: 1_200 }, (_, index) =>
          payment(`p${index}`, `c${index % models}`, 400, '2026-03-03T12:00:00Z'),
        ),
        ...Array.from({ length: models / 2 }, (_, index) => topUp(`t${index}`, `m${index}`, 10_000)),
      ];
      await Promise.all([
        startSending(shuffled(events, random), () => one, 24).done,
        startSending(shuffled(events, random), () => other, 24).done,
      ]);
      await Promise.all([one.settle(), other.settle()]);
      await Promise.all([one.moveTo(MONDAYS[0] ?? ''), other.moveTo(MONDAYS[0] ?? '')]);

      expect(await one.list('/v1/events?status=applied')).toHaveLength(events.length);
      const invoices = await other.list('/v1/invoices');
      expect(invoices).toHaveLength(models);
      expect(invoices.every(({ total }) => total === 2_000)).toBe(true);
      expect(invoices.filter(({ status }) => status === 'completed')).toHaveLength(models / 2);

      await other.platform().send(topUp('late', 'm59', 3_000));
      await one.settle();
      const paid = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 === 0 ? one : other).api('POST', '/v1/invoices/2026-W10:m59/pay'),
        ),
      );
      // At most one of them was before the top-up's own debit; all others hear that it is paid.
      expect(paid.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
      expect(paid.every(({ status, body }) => status === 200 || body.state === 'completed')).toBe(true);
      expect(await balanceOf(one, 'model:m59')).toBe(1_000);
      expect(await house.verify()).toEqual([]);
    },
    120_000,
  );

  deepTest(
    'go on without one that freezes in the midst of a Monday, and it does no harm when it wakes',
    async () => {
      const models = 400;
      const receiver = await house.start({ RUN: 'webhooks' });
      const beside = { RUN: 'webhooks,jobs', MONGODB_URI: await house.engineUri() };
      let runner = await house.start(beside);
      await startSending(market(models), () => receiver).done;

      let frozenAtIt = 0;
      for (const [round, issued] of [0, 1, 255].entries()) {
        const monday = MONDAYS[round] ?? '';
        const paidAt = `2026-03-${String(3 + 7 * round).padStart(2, '0')}T12:00:00Z`;
        await startSending(
          Array.from({ length: models }, (_, index) => payment(`p${round}-${index}`, `c${index}`, 400, paidAt)),
          () => receiver,
        ).done;
        await startSending(
          Array.from({ length: 100 }, (_, index) => topUp(`t${round}-${index}`, `m${4 * index}`, 150)),
          () => receiver,
        ).done;
        await runner.settle();

        const frozen = runner;
        const move = frozen.moveTo(monday);
        await house.inside(({ connection }) => {
          const cycle = { _id: `invoicing:${WEEKS[round]}` };
          const begun = async () =>
            (await connection.collection<{ _id: string }>('invoicing_cycles').countDocuments(cycle)) === 1 &&
            (await connection.collection('invoices').countDocuments({ week: WEEKS[round] ?? '' })) >= issued;
          return eventually(begun, { everyMs: 1, what: 'the Monday to begin' });
        });
        frozen.signal('SIGSTOP');
        if (await isClosing(WEEKS[round] ?? '')) frozenAtIt += 1;
        // The next one waits for the lease of the frozen one to lapse, then does the rest.
        runner = await house.start({ ...beside, TEST_CLOCK_START: monday });
        expect(await issuedIn(receiver, WEEKS[round] ?? '')).toBe(models);
        const { status } = await runner.api('POST', `/v1/invoices/${WEEKS[round]}:m1/void`, { reason: 'a test' });
        expect(status).toBe(200);
        frozen.signal('SIGCONT');
        await move;
        expect(await issuedIn(receiver, WEEKS[round] ?? '')).toBe(models);
        await runner.settle();
        frozen.signal('SIGTERM');
        await frozen.ended;
        expect(await house.verify()).toEqual([]);
      }
      expect(frozenAtIt).toBeGreaterThan(0);
      // 450 came in and three invoices of 100 each were debited.
      expect(await balanceOf(receiver, 'model:m0')).toBe(150);
      // What was void came again on the next one, which was then void, too.
      const { body } = await receiver.api('GET', '/v1/invoices/2026-W12:m1');
      expect(body).toMatchObject({ status: 'void', total: 300, lines: [{ count: 3, late: 2 }] });
    },
    180_000,
  );

  deepTest(
    'go on without one that freezes while it applies events',
    async () => {
      const models = 20;
      const receiver = await house.start({ RUN: 'webhooks' });
      const beside = { RUN: 'webhooks,jobs', MONGODB_URI: await house.engineUri() };
      const freezing = await house.start(beside);
      const steady = await house.start(beside);
      await startSending(market(models), () => receiver).done;
      const topUps = Array.from({ length: 2_000 }, (_, index) => topUp(`t${index}`, `m${index % models}`, 1 + index));
      const sending = startSending(topUps, () => receiver);
      for (const share of [0.2, 0.5, 0.8]) {
        await eventually(() => sending.acknowledged.size > share * topUps.length, { withinMs: 60_000 });
        freezing.signal('SIGSTOP');
        const ids = [...sending.acknowledged];
        await eventually(
          async () =>
            (await house.inside((core) =>
              core.connection
                .collection<{ _id: string }>('events')
                .countDocuments({ _id: { $in: ids }, status: 'applied' }),
            )) === ids.length,
          { withinMs: 60_000, what: 'the other to apply everything' },
        );
        freezing.signal('SIGCONT');
      }
      await sending.done;
      await steady.settle();
      await freezing.settle();
      const total = topUps.reduce((sum, { data }) => sum + Number(data.amount), 0);
      expect(await balanceOf(receiver, 'world:topups')).toBe(-total);
      expect(await receiver.list('/v1/events?status=quarantined')).toEqual([]);
      expect(await house.verify()).toEqual([]);
    },
    120_000,
  );
});

describe('a database that is gone for a while', () => {
  deepTest(
    'shows as 503 in time, costs no memory, and is forgotten when it is back',
    async () => {
      const database = await house.start({ RUN: 'webhooks' });
      const service = await house.start({ MONGODB_URI: await house.engineUri() });
      await service.platform().sendAll([...market(1)]);
      await service.settle();
      const before = await service.memory();

      database.signal('SIGSTOP');
      const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => timed(service, `gone-${index}`)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
      expect(answers.every(({ retryAfter }) => Number(retryAfter) > 0)).toBe(true);
      // Two seconds; the rest is for a machine that is busy with other things.
      expect(Math.min(...answers.map(({ ms }) => ms))).toBeLessThan(3_000);
      expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(8_000);
      // Much more than it may hold: what it cannot keep it refuses.
      const flood = Array.from({ length: 450 }, (_, index) => timed(service, `flood-${index}`, 'x'.repeat(200_000)));
      expect(new Set((await Promise.all(flood)).map(({ status }) => status))).toEqual(new Set([503]));
      expect((await service.memory()) - before).toBeLessThan(300 * 1024 * 1024);
      const askedAt = performance.now();
      expect((await service.api('GET', '/readyz')).status).toBe(503);
      expect((await service.api('GET', '/healthz')).status).toBe(200);
      expect(performance.now() - askedAt).toBeLessThan(6_000);
      expect((await service.api('GET', '/v1/invoices')).status).toBe(503);

      database.signal('SIGCONT');
      await eventually(async () => (await timed(service, 'back')).status < 300, { what: 'the service to take events' });
      await eventually(async () => (await service.api('GET', '/readyz')).status === 200);
      const again = await Promise.all(Array.from({ length: 200 }, (_, index) => timed(service, `gone-${index}`)));
      expect(again.every(({ status }) => status === 200 || status === 202)).toBe(true);
      await service.settle();
      expect(await balanceOf(service, 'model:m0')).toBe(201);
      expect(await house.verify()).toEqual([]);
    },
    120_000,
  );
});

function isClosing(week: string): Promise<boolean> {
  return house.inside(async ({ connection }) => {
    const cycle = { _id: `invoicing:${week}`, state: 'closing' };
    return (await connection.collection<{ _id: string }>('invoicing_cycles').countDocuments(cycle)) === 1;
  });
}

async function issuedIn(service: ServiceProcess, week: string): Promise<number> {
  return (await service.list(`/v1/invoices?week=${week}`)).length;
}

/** Sends a top-up of one cent and answers how that went. */
async function timed(service: ServiceProcess, topUpId: string, padding = '') {
  const event = topUp(topUpId, padding === '' ? 'm0' : 'nobody', 1);
  const { headers, body } = service.platform().sign({ ...event, data: { ...event.data, padding } });
  const startedAt = performance.now();
  const response = await fetch(new URL('/webhooks/platform', service.url()), { method: 'POST', headers, body });
  await response.arrayBuffer();
  const ms = performance.now() - startedAt;
  return { status: response.status, retryAfter: response.headers.get('retry-after'), ms };
}
