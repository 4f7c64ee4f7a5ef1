import { beforeAll, expect } from 'vitest';

import { deepTest } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import { bearer, type TestService, testService } from '../service.ts';

let service: TestService;
let app: ReturnType<TestService['app']>;

beforeAll(async () => {
  service = await testService();
  app = service.app();
  const { world } = service;
  await world.send(tell.account('person', 'affiliate'), tell.topUp('t', 'person', 500));
  await world.send(tell.payment('p', 1_000, '2026-11-23T05:00:00Z', { campaignId: 'A' }));
});

deepTest('says what a replay would do: it fails or waits as before, and nothing is written', async () => {
  const before = await stored();
  expect(await act('topup-t', 'replay')).toMatchObject({
    status: 200,
    body: { simulated: true, outcome: 'fails', reason: { code: 'requirement_missing' }, postings: [] },
  });
  expect(await act('payment-p', 'replay')).toMatchObject({
    body: { outcome: 'waits', waitsFor: [{ kind: 'campaign', id: 'A' }] },
  });
  expect(await stored()).toEqual(before);
});

const COUNT = 40;

deepTest('says what the ledger would get, and each invoice that would be paid', async () => {
  const { world } = service;
  await world.send(tell.account('M', 'model'));
  for (let week = 1; week <= COUNT; week += 1) await world.issue('M', weekOf(week));
  await world.receive(tell.topUp('much', 'M', COUNT * 4_108));
  const before = await stored();
  const { body } = await act('topup-much', 'replay');
  expect(body).toMatchObject({ outcome: 'applied' });
  expect(body.postings).toContainEqual({ entryId: 'topup:much', account: 'model:M', name: 'M', amount: COUNT * 4_108 });
  const paid = body.changes.filter(({ subject }) => subject.startsWith('invoice:'));
  expect(paid.every(({ before: was, after }) => was?.status === 'open' && after?.status === 'completed')).toBe(true);
  expect(paid).toHaveLength(COUNT);
  expect(await stored()).toEqual(before);
});

deepTest('says how many events would go on waiting for one that is dismissed', async () => {
  const { world } = service;
  await world.collection('events').updateOne({ _id: 'payment-p' }, { $set: { status: 'quarantined' } });
  await world.send(tell.refund('r', 'p', 400, '2026-11-23T05:30:00Z'));
  const before = await stored();
  expect(await act('payment-p', 'dismiss', { reason: 'of a test' })).toMatchObject({
    status: 200,
    body: {
      outcome: 'dismissed',
      holdsBack: 1,
      changes: [{ subject: 'event:payment-p', before: { status: 'quarantined' }, after: { status: 'ignored' } }],
    },
  });
  expect(await stored()).toEqual(before);
});

deepTest('refuses what would be refused, and sends no webhook for a trial', async () => {
  expect((await act('none', 'replay')).status).toBe(404);
  expect((await act('none', 'dismiss', { reason: 'x' })).status).toBe(404);
  expect((await act('account-person', 'dismiss', { reason: 'x' })).status).toBe(409);
  const [webhook] = (await service.outgoing.list({ limit: 1 })).items;
  expect(webhook).toBeDefined();
  expect((await act(webhook?.webhookId ?? '', 'replay')).status).toBe(422);
});

type Body = {
  changes: { subject: string; before: Record<string, unknown> | null; after: Record<string, unknown> | null }[];
  postings: object[];
  more: { changes: number };
};

async function act(id: string, action: string, body?: object): Promise<{ status: number; body: Body }> {
  const response = await app.request(`/v1/events/${encodeURIComponent(id)}/${action}?simulate=true`, {
    method: 'POST',
    headers: { ...bearer(), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Body };
}

/** Everything that is stored, by collection. */
async function stored(): Promise<Record<string, unknown[]>> {
  const { connection } = service;
  const names = (await connection.listCollections()).map(({ name }) => name);
  const all = names.map(
    async (name) => [name, await connection.collection(name).find().sort({ _id: 1 }).toArray()] as const,
  );
  return Object.fromEntries(await Promise.all(all));
}

function weekOf(number: number): string {
  return `${2020 + Math.floor(number / 50)}-W${String((number % 50) + 1).padStart(2, '0')}`;
}
