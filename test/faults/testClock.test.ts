import { afterEach, beforeEach, describe, expect } from 'vitest';

import { deepTest } from '../support/depth.ts';

import { startTestService, type TestService } from '../support/service.ts';
import { market, payment, topUp } from './traffic.ts';

const START = '2026-03-02T00:00:00.000Z';

let service: TestService;
beforeEach(async () => {
  service = await startTestService({ TEST_CLOCK_START: START });
});
afterEach(() => service.stop());

describe('the test clock', () => {
  deepTest('moves an idle service by a year, and by ten, at once', async () => {
    await service.send(...market(5), payment('p', 'c0', 400, '2026-03-03T12:00:00Z'), topUp('t', 'm0', 100));
    // The contractor is paid out, and then nothing is left to happen.
    await service.moveTo('2026-03-16T00:00:00Z');
    const [payout] = (await service.api('GET', '/v1/payouts')).body.items;
    const settled = { payoutId: payout.payoutId, reference: 'tx', at: '2026-03-16T00:00:00Z' };
    await service.send({ type: 'payout.settled', timestamp: '2026-03-16T00:00:00Z', data: settled });
    // Its month is closed, and of the months after it, in which nothing was recorded, none is to be.
    expect((await service.moveTo('2026-04-02T00:00:00Z')).ran).toContainEqual({
      job: 'close-month',
      at: '2026-04-01T01:00:00.000Z',
    });
    for (const at of ['2027-03-09T06:00:00.000Z', '2037-03-09T06:00:00.000Z']) {
      const startedAt = performance.now();
      expect(await service.moveTo(at)).toEqual({ now: at, ran: [] });
      // Day by day, ten years would take minutes.
      expect(performance.now() - startedAt).toBeLessThan(10_000);
    }
  });

  deepTest('stays where it is when it is moved to the present, and refuses the past', async () => {
    await service.send(...market(1), payment('p', 'c0', 400, '2026-03-03T12:00:00Z'));
    await service.moveTo('2026-03-09T06:00:00Z');
    const state = async () => [
      (await service.api('GET', '/v1/invoices')).body,
      (await service.api('GET', '/v1/ledger/entries')).body,
    ];
    const before = await state();
    expect(await service.moveTo('2026-03-09T06:00:00Z')).toEqual({ now: '2026-03-09T06:00:00.000Z', ran: [] });
    expect(await service.api('POST', '/test/clock', { now: '2026-03-09T05:59:59.999Z' })).toMatchObject({
      status: 409,
      body: { reason: 'earlier', now: '2026-03-09T06:00:00.000Z' },
    });
    expect(await state()).toEqual(before);
  });

  deepTest('takes moves that come at once one after the other, and runs each tick once', async () => {
    await service.send(
      ...market(3),
      ...['03', '10', '17', '24'].map((day) => payment(`p${day}`, 'c0', 400, `2026-03-${day}T12:00:00Z`)),
    );
    const instants = ['30', '09', '23', '16', '30', '20', '12'].map((day) => `2026-03-${day}T06:00:00Z`);
    const answers = await Promise.all(instants.map((now) => service.api('POST', '/test/clock', { now })));
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect((await service.api('GET', '/test/clock')).body).toEqual({ now: '2026-03-30T06:00:00.000Z' });
    const ran = answers
      .flatMap(({ body }) => body.ran ?? [])
      .filter(({ job }: { job: string }) => job === 'issue-invoices');
    expect(ran.map(({ at }: { at: string }) => at).sort()).toEqual(
      ['09', '16', '23', '30'].map((day) => `2026-03-${day}T06:00:00.000Z`),
    );
    expect((await service.api('GET', '/v1/invoices')).body.items).toHaveLength(4);
  });

  deepTest('moves on while events come in, and none is lost or billed twice', async () => {
    await service.send(...market(3));
    const events = Array.from({ length: 600 }, (_, index) =>
      payment(`p${index}`, `c${index % 3}`, 400, `2026-03-${index % 2 === 0 ? '03' : '10'}T12:00:00Z`),
    );
    const sending = service.platform().sendAll(events, 32);
    await service.moveTo('2026-03-09T06:00:00Z');
    await service.moveTo('2026-03-16T06:00:00Z');
    await sending;
    await service.api('POST', '/test/settle');
    await service.moveTo('2026-03-23T06:00:00Z');
    const { items } = (await service.api('GET', '/v1/invoices')).body;
    const count = items
      .flatMap(({ lines }: { lines: { count: number }[] }) => lines)
      .reduce((sum: number, line: { count: number }) => sum + line.count, 0);
    expect(count).toBe(600);
  });

  deepTest('stands where it stood after a restart, or at a later start', async () => {
    await service.moveTo('2026-05-01T00:00:00Z');
    await service.restart();
    expect((await service.api('GET', '/test/clock')).body).toEqual({ now: '2026-05-01T00:00:00.000Z' });
    await service.restart({ TEST_CLOCK_START: '2026-06-01T00:00:00Z' });
    expect((await service.api('GET', '/test/clock')).body).toEqual({ now: '2026-06-01T00:00:00.000Z' });
  });

  deepTest('takes nothing but an instant', async () => {
    for (const now of ['tomorrow', '2026-02-30T00:00:00Z', 5, null]) {
      expect((await service.api('POST', '/test/clock', { now })).status).toBe(422);
    }
    expect((await service.api('GET', '/test/clock')).body).toEqual({ now: START });
  });
});
