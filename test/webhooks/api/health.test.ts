import { afterAll, beforeAll, expect, it } from 'vitest';

import { stateOf } from '../../../jobs/lastRuns.ts';
import { deepTest } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import { startTestService, type TestService } from '../../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ TEST_CLOCK_START: '2026-11-20T00:00:00Z' });
});
afterAll(() => service.stop());

deepTest('says what /readyz says, what waits, and how every tick stands', async () => {
  // Its campaign is not known yet.
  await service.send(
    ...[tell.account('m1', 'model'), tell.account('ct', 'marketer'), tell.campaign('c1', 'm1', 'ct', 2_000)],
    tell.payment('p1', 5_000, '2026-11-19T10:00:00Z', { campaignId: 'c1' }),
    tell.payment('p2', 5_000, '2026-11-19T10:00:00Z', { campaignId: 'nowhere' }),
  );
  await service.moveTo('2026-11-23T12:00:00Z');
  const { status, body } = await service.api('GET', '/v1/health');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    ...{
      at: '2026-11-23T12:00:00.000Z',
      ready: true,
      checks: { database: 'commits', clock: 'agrees', telegram: 'off', discord: 'off' },
      stuck: 0,
    },
    events: { received: 0, waiting: 1, quarantined: 0 },
    webhooks: { enabled: false, due: 0, parked: 0, parkedLately: [] },
    notices: { waiting: 0, failed: 0, byChannel: { telegram: { due: 0 }, discord: { failed: 0 } } },
    ...{ unreachable: { count: 0, chats: [] }, unreached: { count: 1, accountIds: ['m1'] }, managersChannel: null },
  });
  const jobs = new Map(body.jobs.map((one: { job: string }) => [one.job, one]));
  expect(jobs.get('issue-invoices')).toMatchObject({
    last: { dueAt: '2026-11-23T06:00:00.000Z', ranAt: expect.any(String), ms: expect.any(Number) },
    isLate: false,
  });
  expect(jobs.get('close-month')).toMatchObject({ isLate: false });
});

deepTest('knows after a restart when a tick ran last, and takes no query', async () => {
  await service.restart();
  const { body } = await service.api('GET', '/v1/health');
  expect(body.jobs.find(({ job }: { job: string }) => job === 'issue-invoices')).toMatchObject({
    last: { dueAt: '2026-11-23T06:00:00.000Z' },
  });
});

it('is late with what was due more than five minutes ago', () => {
  const now = new Date('2026-11-23T06:05:00Z');
  const at = (instant: string) => stateOf('job', new Date(instant), undefined, now).isLate;
  expect([at('2026-11-23T06:00:00Z'), at('2026-11-23T05:59:59Z'), at('2026-11-23T06:06:00Z')]).toEqual([
    ...[false, true, false],
  ]);
  expect(stateOf('job', null, undefined, now)).toEqual({ job: 'job', last: null, nextAt: null, isLate: false });
});
