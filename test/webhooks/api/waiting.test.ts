import { beforeAll, describe, expect, it } from 'vitest';

import { type TestEvent, tell } from '../../support/events.ts';
import { bearer, type TestService, testService } from '../service.ts';

let service: TestService;
let app: ReturnType<TestService['app']>;

const payment = (id: string, campaignId: string, more = {}): TestEvent =>
  tell.payment(id, 1_000, '2026-11-23T05:00:00Z', { campaignId, ...more });

beforeAll(async () => {
  service = await testService();
  app = service.app();
  const { world } = service;
  await world.send(tell.account('person', 'affiliate'), tell.topUp('t:1', 'person', 500));
  await world.send(payment('p1', 'A'), payment('p2', 'A'), tell.refund('r1', 'p1', 400, '2026-11-23T05:30:00Z'));
  await world.send(tell.campaign('A', 'late', 'later', 5_000), payment('p3', 'B:2'));
});

describe('GET /v1/waiting', () => {
  it('says what is lacking, what most events wait for first', async () => {
    const { items, next } = await get('/v1/waiting');
    expect(next).toBeNull();
    expect(items.map(({ kind, id, count, types }) => [`${kind}:${id}`, count, types])).toEqual([
      ['campaign:A', 2, ['payment.succeeded']],
      ['account:late', 1, ['campaign.updated']],
      ['account:later', 1, ['campaign.updated']],
      ['campaign:B:2', 1, ['payment.succeeded']],
      ['model:person', 1, ['balance.topped_up']],
      ['payment:p1', 1, ['payment.refunded']],
    ]);
    expect(items.every(({ since }) => since === '2026-11-23T06:00:00.000Z')).toBe(true);
  });

  it('comes in pages that leave nothing out', async () => {
    const seen: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const { items, next }: Answer = await get(`/v1/waiting?limit=2${after && `&after=${encodeURIComponent(after)}`}`);
      expect(items.length).toBeLessThanOrEqual(2);
      seen.push(...items.map(({ kind, id }) => `${kind}:${id}`));
      after = next;
    }
    expect(seen).toEqual((await get('/v1/waiting')).items.map(({ kind, id }) => `${kind}:${id}`));
  });

  it.each(['after=x', 'after=x:1', 'limit=0', 'kind=campaign'])('refuses %s', async (query) => {
    expect((await call(`/v1/waiting?${query}`)).status).toBe(422);
  });
});

describe('an event', () => {
  it('that waits names what for, and how many events wait for what it brings', async () => {
    const { items } = await get('/v1/events?status=waiting');
    expect(items.find(({ type }) => type === 'campaign.updated')).toMatchObject({
      waitsFor: [
        { kind: 'account', id: 'late' },
        { kind: 'account', id: 'later' },
      ],
      holdsBack: 2,
      reason: null,
    });
    const one = items.find(({ waitsFor }) => waitsFor[0]?.id === 'A' && waitsFor[0].kind === 'campaign');
    expect(await get(`/v1/events/${one?.eventId}`)).toMatchObject({ waitsFor: [{ kind: 'campaign', id: 'A' }] });
    expect(items.reduce((all, { holdsBack }) => all + holdsBack, 0)).toBe(3);
  });

  it('in quarantine says why as a code and in words, and what it goes on with', async () => {
    const { items } = await get('/v1/events?status=quarantined');
    expect(items).toMatchObject([
      {
        reason: { code: 'requirement_missing', words: expect.stringContaining('person is no model') },
        waitsFor: [{ kind: 'model', id: 'person' }],
        holdsBack: 0,
      },
    ]);
  });

  it('that was quarantined before there were codes says so', async () => {
    await service.connection.collection('events').updateMany({ status: 'quarantined' }, { $unset: { errorCode: '' } });
    const [event] = (await get('/v1/events?status=quarantined')).items;
    expect(event?.reason?.code).toBe('unclassified');
  });

  it('says no more why once it goes on', async () => {
    await service.world.send(tell.account('person', 'model', { id: 'promoted', at: '2026-11-23T05:59:00Z' }));
    expect((await get('/v1/events?status=quarantined')).items).toEqual([]);
    const stored = await service.connection
      .collection('events')
      .find({ errorCode: { $exists: true } })
      .toArray();
    expect(stored).toEqual([]);
    expect((await get('/v1/waiting')).items.map(({ kind }) => kind)).not.toContain('model');
  });
});

type Thing = { kind: string; id: string };
type Item = Thing & {
  count: number;
  since: string;
  types: string[];
  eventId: string;
  type: string;
  waitsFor: Thing[];
  holdsBack: number;
  reason: { code: string; words: string } | null;
};
type Answer = { items: Item[]; next: string | null };

async function get(path: string): Promise<Answer> {
  const response = await call(path);
  expect(response.status).toBe(200);
  return response.json() as Promise<Answer>;
}

async function call(path: string): Promise<Response> {
  return app.request(path, { headers: bearer() });
}
