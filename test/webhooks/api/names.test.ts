import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { earnedAsMarketer, sold } from '../../affiliates/world.ts';
import { tell } from '../../support/events.ts';
import { consoleService, signedIn } from '../console/fixture.ts';
import { bearer } from '../service.ts';

/** Wherever an answer names somebody by an id, it says what they are called, and one read of the page's ids knows them all. */

const CYCLE = '2026-12-01';
const MODELS = { m1: 'Ava Álvarez', m2: 'Bea Brandt', m3: 'Cleo Cruz' };
const MARKETERS = { anna: 'Anna Ahlberg', boris: 'Boris Bauer', dora: 'Dora Diaz' };
const AFFILIATES = { A: 'Kim Berg', B: 'Lee Lund', C: 'Max Moss' };
const NAMES: Record<string, string> = { ...MODELS, ...MARKETERS, ...AFFILIATES };

const service = await consoleService();
const { world } = service;
const app = service.consoleApp();
let namesRead: string[][] = [];

beforeAll(async () => {
  await world.send(
    ...Object.entries(MODELS).map(([id, name]) => tell.account(id, 'model', { name })),
    ...Object.entries(MARKETERS).map(([id, name]) => tell.account(id, 'marketer', { name })),
    ...Object.entries(AFFILIATES).map(([id, name]) => tell.account(id, 'affiliate', { name })),
    ...Object.keys(MODELS).flatMap((id) => [
      tell.campaign(`camp-${id}`, id, 'anna', 4_000),
      tell.subscription(`sub-${id}`, { campaignId: `camp-${id}` }),
      tell.payment(`tip-${id}`, 10_050, '2026-11-25T00:00:00Z', { subscriptionId: `sub-${id}` }),
    ]),
    ...['s1', 's2', 's3'].flatMap((id, index) => sold(id, ['A', 'B', 'C'][index] ?? '', '2026-11-03T00:00:00Z')),
    ...['s1', 's2', 's3'].map((subscriptionId) =>
      tell.payment(`p-${subscriptionId}`, 100_000, '2026-11-03T00:00:00Z', { kind: 'subscription', subscriptionId }),
    ),
    // A marketer has no balance to top up: it waits until this account is a model.
    tell.topUp('t1', 'anna', 5_000),
    tell.topUp('t2', 'm1', 700),
    tell.order('o1', { modelId: 'm2', marketerId: 'anna', placedAt: '2026-11-23T06:00:00Z' }),
  );
  for (const [index, id] of Object.keys(MARKETERS).entries()) await earnedAsMarketer(world, id, (index + 1) * 10_000);
  await world.link('boris', 'telegram', 1);
  await world.link('m2', 'telegram', 2);
  await world.link('A', 'telegram', 3);
  await world.travelTo('2026-12-04T12:00:00Z');
  await world.send(tell.payment('tip-late', 5_000, '2026-12-03T00:00:00Z', { subscriptionId: 'sub-m1' }));
  await world.core.accounts.markUnreachable('telegram', '1', 'blocked', world.clock.now());
  await world.collection('unreached_accounts').deleteMany({});
  await world.core.accounts.noteUnreached(['m1', 'm3'], world.clock.now());
  await call('POST', `/v1/payouts/${CYCLE}:anna/hold`, { until: '2026-12-20T00:00:00Z', reason: 'bank' });
  await call('POST', `/v1/payout-cycles/${CYCLE}/exclude`, { payoutId: `${CYCLE}:boris`, reason: 'asked' });
  await call('POST', `/v1/payout-cycles/${CYCLE}/check`, {});
  world.connection.getClient().on('commandStarted', ({ command }) => {
    if (command.find === 'accounts' && command.projection?.['data.name'] === 1) namesRead.push(command.filter._id.$in);
  });
});
afterAll(service.database.close);

async function call(method: string, path: string, body?: unknown) {
  const response = await app.request(path, {
    method,
    headers: { ...bearer(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.status !== 200) throw new Error(`${path} is answered ${response.status}: ${await response.text()}`);
  return response;
}

type Answer = { [field: string]: unknown; items: Answer[] };
const get = async (path: string) => (await (await call('GET', path)).json()) as Answer;

/** The fields that say whose a thing is, and what they are called there. */
const FIELDS = [
  ...(['accountId', 'affiliateId', 'contractorId', 'marketerId', 'modelId'] as const).map(
    (id) => [id, [id.replace('Id', 'Name'), 'name']] as const,
  ),
];
/** How a model stands is said beside it. */
const NAMED_ABOVE = new Set(['standing', 'promise']);

/** Whom a part of an answer names by an id, and by which name; wherever it has one. */
function namedIn(part: unknown): [id: string, name: unknown][] {
  if (Array.isArray(part)) return part.flatMap(namedIn);
  if (typeof part !== 'object' || part === null) return [];
  const fields = part as Record<string, unknown>;
  const own = FIELDS.flatMap(([id, names]): [string, unknown][] => {
    const value = fields[id];
    return typeof value === 'string'
      ? [[value, names.map((name) => fields[name]).find((name) => name !== undefined)]]
      : [];
  });
  const inside = Object.entries(fields).filter(([name]) => !NAMED_ABOVE.has(name));
  return [...own, ...inside.flatMap(([, value]) => namedIn(value))];
}

describe('everybody on a page', () => {
  it.each<[path: string, whom: string[]]>([
    ['/v1/commissions', ['A', 'B', 'C']],
    ['/v1/payouts', ['A', 'B', 'C', 'anna', 'boris', 'dora']],
    [`/v1/payouts/${CYCLE}:dora`, ['dora']],
    ['/v1/invoices', ['anna', 'm1', 'm2', 'm3']],
    ['/v1/invoices/2026-W48:m2', ['anna', 'm2']],
    ['/v1/overdue', ['anna', 'm1', 'm2', 'm3']],
    [`/v1/payout-cycles/${CYCLE}`, ['anna', 'boris', 'dora']],
    [`/v1/payout-cycles/${CYCLE}/changes`, ['A', 'B', 'C', 'anna', 'boris', 'dora']],
    ['/v1/health/unreached', ['m1', 'm3']],
    ['/v1/health/unreachable', ['boris']],
    ['/v1/health', ['boris']],
    ['/v1/simulate/monday/rows', ['m1']],
  ])('of %s is called by name, by one read', async (path, whom) => {
    namesRead = [];
    const named = namedIn(await get(path));
    expect(named).toEqual(named.map(([id]) => [id, NAMES[id]]));
    expect(named.map(([id]) => id)).toEqual(expect.arrayContaining(whom));
    expect(namesRead).toHaveLength(1);
  });

  it('is one of the page, and nobody else is read', async () => {
    namesRead = [];
    const { items } = await get('/v1/payouts?limit=2');
    expect(namesRead).toEqual([items.map(({ accountId }) => accountId)]);
  });

  it('is in the table as well', async () => {
    const rows = parse(await (await call('GET', '/v1/commissions?format=csv')).text(), { columns: true, bom: true });
    expect((rows as Answer[]).map(({ affiliateId, affiliateName }) => [affiliateId, affiliateName])).toEqual(
      ['A', 'B', 'C'].reverse().map((id) => [id, NAMES[id]]),
    );
    const people = parse(await (await call('GET', '/v1/health/unreached?format=csv')).text(), {
      columns: true,
      bom: true,
    });
    expect((people as Answer[]).map(({ name }) => name)).toEqual([MODELS.m1, MODELS.m3]);
  });
});

describe('what is named by kind and id', () => {
  it('in the ledger has the name of whose it is', async () => {
    const { items } = await get('/v1/ledger/entries?account=model:m1');
    expect(items[0]?.postings).toEqual([
      { account: 'world:topups', amount: -700 },
      { account: 'model:m1', name: MODELS.m1, amount: 700 },
    ]);
    expect(await get('/v1/ledger/balances/affiliate:A')).toMatchObject({ name: AFFILIATES.A });
    expect(await get('/v1/ledger/balances/held:2026-W48:m2')).toMatchObject({ name: MODELS.m2 });
    expect(await get('/v1/ledger/balances/platform:commissions')).not.toHaveProperty('name');
    namesRead = [];
    const accounts = (await get('/v1/ledger/trial-balance?month=2026-11')).items;
    expect(accounts).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ account: 'marketer:anna', name: MARKETERS.anna }),
        expect.not.objectContaining({ name: expect.anything() }),
      ]),
    );
    expect(namesRead).toHaveLength(1);
  });

  it('in what an event waits for has the name of an account that is known', async () => {
    const { items } = await get('/v1/events?status=quarantined');
    expect(items.map(({ waitsFor }) => waitsFor)).toEqual([[{ kind: 'model', id: 'anna', name: MARKETERS.anna }]]);
    expect((await get('/v1/waiting')).items).toMatchObject([{ kind: 'model', id: 'anna', name: MARKETERS.anna }]);
  });

  it('in what an act would move has the name of whose account it is, by one read', async () => {
    namesRead = [];
    const asked = { account: 'marketer:anna', amount: 100, reason: 'trial' };
    const simulated = (await (await call('POST', '/v1/adjustments?simulate=true', asked)).json()) as Answer;
    expect(simulated).toMatchObject({ account: 'marketer:anna', name: MARKETERS.anna });
    expect(simulated.postings).toEqual([
      { account: 'platform:adjustments', amount: -100 },
      { account: 'marketer:anna', name: MARKETERS.anna, amount: 100 },
    ]);
    const voided = await call('POST', '/v1/invoices/2026-W48:m1/void?simulate=true', { reason: 'trial' });
    const { postings } = (await voided.json()) as { postings: Answer[] };
    for (const { account, name } of postings) {
      expect(name).toBe(NAMES[String(account).slice(String(account).indexOf(':') + 1)]);
    }
  });

  it('as who did something has the name of that account, by one read', async () => {
    await world.core.audit.recordAll(
      ['m2 via telegram:r2', 'gone via discord:r9', 'platform', 'ops'].map((actor, index) => ({
        ...{ key: `named-${index}`, actor, action: 'chat.linked' as const, subject: 'account:named' },
        at: world.clock.now(),
      })),
    );
    namesRead = [];
    const { items } = await get('/v1/audit?subject=account:named');
    expect(items.map(({ actor, actorName }) => [actor, actorName])).toEqual([
      ...[['ops'], ['platform'], ['gone via discord:r9']].map(([actor]) => [actor, undefined]),
      ['m2 via telegram:r2', MODELS.m2],
    ]);
    expect(namesRead).toEqual([['gone', 'm2']]);
  });

  it('as the subject of a webhook has the name of that account', async () => {
    const { items } = await get('/v1/webhooks');
    const about = items.map(({ subject, name }) => [String(subject), name] as const);
    expect(about).toEqual(about.map(([subject]) => [subject, NAMES[subject.slice(subject.indexOf(':') + 1)]]));
    expect(new Set(about.map(([subject]) => subject.split(':')[0]))).toEqual(
      new Set(['account', 'affiliate', 'model', 'order']),
    );
  });

  it('as what was adjusted has the name of whose balance it is, by one read', async () => {
    for (const account of ['marketer:anna', 'marketer:boris'])
      await call('POST', '/v1/adjustments', { account, amount: 100, reason: 'trial' });
    namesRead = [];
    const { items } = await get('/v1/adjustments?limit=2');
    expect(items.map(({ account, name }) => [account, name]).sort()).toEqual([
      ['marketer:anna', MARKETERS.anna],
      ['marketer:boris', MARKETERS.boris],
    ]);
    expect(namesRead.map((ids) => ids.sort())).toEqual([['anna', 'boris']]);
  });
});

describe('chats that take no messages, and people whom none reaches', () => {
  it('are all there, page by page, the longest first', async () => {
    const since = new Date('2026-12-03T12:00:00Z');
    await world.core.accounts.noteUnreached(['B', 'C'], since);
    const seen: unknown[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const page = await get(`/v1/health/unreached?limit=1${next === '' ? '' : `&after=${encodeURIComponent(next)}`}`);
      seen.push(...page.items.map(({ accountId }) => accountId));
      next = page.next as string | null;
    }
    expect(seen).toEqual(['B', 'C', 'm1', 'm3']);
    await world.core.accounts.markUnreachable('telegram', '2', 'deactivated', since);
    const first = await get('/v1/health/unreachable?limit=1');
    expect(first.items).toEqual([
      { accountId: 'm2', name: MODELS.m2, channel: 'telegram', reason: 'deactivated', since: since.toISOString() },
    ]);
    const rest = await get(`/v1/health/unreachable?after=${encodeURIComponent(String(first.next))}`);
    expect([rest.items.map(({ accountId }) => accountId), rest.next]).toEqual([['boris'], null]);
    for (const path of ['unreached', 'unreachable']) {
      expect(await get(`/v1/health/${path}?after=made-up`)).toEqual({ items: [], next: null });
    }
  });
});

describe('who is no manager', () => {
  it('reads on an invoice what its contractors are called, as in chat', async () => {
    await world.core.accounts.markReachable('telegram', '2');
    const browser = await signedIn(service, app, 'm2', '2');
    const invoice = (await (await browser.get('/v1/invoices/2026-W48:m2')).json()) as Answer;
    expect(namedIn(invoice)).toEqual([
      ['m2', MODELS.m2],
      ['anna', MARKETERS.anna],
    ]);
  });

  it('reads no name but their own of what is paid to them', async () => {
    const browser = await signedIn(service, app, 'A', '3');
    const answers = [
      '/v1/commissions?affiliateId=A',
      '/v1/payouts?accountId=A',
      '/v1/ledger/entries?account=affiliate:A',
    ];
    for (const path of answers) {
      const text = await (await browser.get(path)).text();
      expect(text).toContain(AFFILIATES.A);
      for (const name of Object.values(NAMES).filter((one) => one !== AFFILIATES.A)) expect(text).not.toContain(name);
    }
    expect((await browser.get('/v1/health/unreached')).status).toBe(403);
  });
});
