import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { earnedAsMarketer, sold } from '../../affiliates/world.ts';
import { deepTest } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import { bearer, type TestService, testService } from '../service.ts';

/** Every list of the API as a table. One world, in which each kind of list has something. */

const CYCLE = '2026-12-01';
const NAMES = ['anna', 'boris', 'cleo'];
/** A name that a spreadsheet would run. */
const FORMULA = '=SUM(A1)';

type Schema = { properties?: Record<string, Schema> };
type Operation = {
  operationId: string;
  parameters?: { name?: string; in?: string; required?: boolean }[];
  responses: Record<string, { content?: Record<string, { schema?: Schema & { $ref?: string } }> }>;
};
type Description = { paths: Record<string, { get?: Operation }>; components: { schemas: Record<string, Schema> } };

let service: TestService;
let app: ReturnType<TestService['app']>;
let lists: { operationId: string; path: string; isPaged: boolean }[];

beforeAll(async () => {
  service = await testService();
  app = service.app();
  const { world } = service;
  await world.send(
    ...NAMES.map((name) => tell.account(name, 'marketer')),
    ...['m1', 'm2', 'm3'].map((id) => tell.account(id, 'model', { name: FORMULA })),
    ...['A', 'B', 'C'].map((id) => tell.account(id, 'affiliate')),
    ...['m1', 'm2', 'm3'].flatMap((id) => [
      tell.campaign(`camp-${id}`, id, 'anna', 4_000),
      tell.subscription(`sub-${id}`, { campaignId: `camp-${id}` }),
      tell.payment(`tip-${id}`, 10_050, '2026-11-25T00:00:00Z', { subscriptionId: `sub-${id}` }),
    ]),
    ...['s1', 's2', 's3'].flatMap((id, index) => sold(id, ['A', 'B', 'C'][index] ?? '', '2026-11-23T00:00:00Z')),
    ...['s1', 's2', 's3'].map((subscriptionId) =>
      tell.payment(`p-${subscriptionId}`, 1_000, '2026-11-23T00:00:00Z', { kind: 'subscription', subscriptionId }),
    ),
    ...['o1', 'o2', 'o3'].map((id) =>
      tell.order(id, { modelId: 'm1', marketerId: 'anna', placedAt: '2026-11-23T06:00:00Z' }),
    ),
  );
  await service.orders.accept('o1', { actor: 'ops' }, world.clock.now());
  await world.send(
    ...['f1', 'f2', 'f3'].map((id) => tell.fan(id, 'o1', '2026-11-23T06:00:00Z', { fanId: `fan-${id}` })),
  );
  for (const [index, name] of NAMES.entries()) await earnedAsMarketer(world, name, (index + 1) * 10_000);
  await world.travelTo('2026-12-04T12:00:00Z');
  for (const name of NAMES) {
    await call('POST', '/v1/adjustments', { account: `marketer:${name}`, amount: 1_501, reason: '-1+1' });
    await call('POST', '/v1/keys', { name: `key-${name}`, scopes: ['read'] });
  }
  await call('POST', `/v1/payout-cycles/${CYCLE}/check`, {});

  const description = (await (await app.request('/openapi.json')).json()) as Description;
  lists = Object.entries(description.paths).flatMap(([path, { get }]) => {
    const schema = get?.responses[200]?.content?.['application/json']?.schema;
    const answer =
      schema?.$ref === undefined ? schema : description.components.schemas[schema.$ref.split('/').at(-1) ?? ''];
    const fields = Object.keys(answer?.properties ?? {});
    const isPaged = fields.includes('next');
    if (get === undefined || !fields.includes('items') || !(isPaged || fields.length === 1)) return [];
    return [{ operationId: get.operationId, path, isPaged }];
  });
});
afterAll(async () => {
  expect(service.errors).toEqual([]);
  await service.world.close();
});

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  return app.request(`http://localhost${path}`, {
    method,
    headers: { ...bearer(), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** Where each list stands in this world; of lists whose address says nothing of a thing, the path is enough. */
const ADDRESSES: Record<string, string> = {
  listFans: '/v1/orders/o1/fans?',
  listTrustChanges: '/v1/models/m1/trust?',
  listLinks: '/v1/accounts/anna/links?',
  listSimulatedRows: '/v1/simulate/payday/rows?',
  getTrialBalance: '/v1/ledger/trial-balance?month=2026-11&',
};

function addressOf({ operationId, path }: { operationId: string; path: string }): string {
  return ADDRESSES[operationId] ?? `${path.replace('{date}', CYCLE).replace('{id}', 'anna')}?`;
}

// biome-ignore lint/suspicious/noExplicitAny: items of every kind
type Item = Record<string, any>;

async function itemsOf(address: string, isPaged: boolean): Promise<Item[]> {
  const items: Item[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const page = isPaged ? `limit=2&${next === '' ? '' : `after=${encodeURIComponent(next)}`}` : '';
    const response = await call('GET', `${address}${page}`);
    if (response.status !== 200) throw new Error(`${address} is answered ${response.status}: ${await response.text()}`);
    const body = (await response.json()) as { items: Item[]; next?: string | null };
    items.push(...body.items);
    next = body.next ?? null;
  }
  return items;
}

function valueAt(item: Item, name: string): unknown {
  return name.split('.').reduce<unknown>((value, part) => (value as Item | null | undefined)?.[part], item);
}

/** What a cell may say of a value: a whole number is an amount, too. */
function saying(value: unknown): string[] {
  if (value === null || value === undefined) return [''];
  if (typeof value === 'number') return [String(value), (value / 100).toFixed(2)];
  if (typeof value === 'string') return [value, `'${value}`];
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return [value.join(' ')];
  return [JSON.stringify(value), String(value)];
}

/** Tables that are older than this, with rows and columns of their own. */
const OF_THEIR_OWN = ['listOverdue', 'getTrialBalance'];

describe('every list', () => {
  deepTest(
    'is a table as well: a row for each item of all pages, in their order, a column for each field',
    async () => {
      const counts: Record<string, number> = {};
      for (const list of lists) {
        const address = addressOf(list);
        const items = await itemsOf(address, list.isPaged);
        counts[list.operationId] = items.length;
        const response = await call('GET', `${address}format=csv`);
        expect([list.operationId, response.status]).toEqual([list.operationId, 200]);
        expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
        expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+\.csv"$/);
        const [header = [], ...rows]: string[][] = parse(await response.text(), { bom: true });
        if (list.operationId === 'getTrialBalance') continue;
        expect([list.operationId, rows.length]).toEqual([list.operationId, items.length]);
        if (OF_THEIR_OWN.includes(list.operationId)) continue;
        for (const [at, item] of items.entries()) {
          for (const [column, name] of header.entries()) {
            if (name === 'currency' && item.currency === undefined) continue;
            expect([list.operationId, name, saying(valueAt(item, name))]).toEqual([
              ...[list.operationId, name],
              expect.arrayContaining([rows[at]?.[column]]),
            ]);
          }
          const fields = new Set(header.map((name) => name.split('.')[0]));
          expect([list.operationId, Object.keys(item).filter((name) => !fields.has(name))]).toEqual([
            list.operationId,
            [],
          ]);
        }
      }
      // More than a page of these, so that what follows the first one is seen.
      const several = ['listInvoices', 'listOverdue', 'listOrders', 'listFans', 'listPayouts', 'listCommissions'];
      for (const name of [
        ...several,
        'listAdjustments',
        'listEvents',
        'listKeys',
        'listAuditRecords',
        'listLedgerEntries',
      ]) {
        expect([name, counts[name]]).toEqual([name, expect.toSatisfy((count: number) => count > 2)]);
      }
    },
  );

  it('says in the description that it is one', async () => {
    const { paths } = (await (await app.request('/openapi.json')).json()) as Description;
    for (const { operationId, path } of lists) {
      const operation = paths[path]?.get;
      expect([operationId, Object.keys(operation?.responses[200]?.content ?? {})]).toEqual([
        operationId,
        ['application/json', 'text/csv'],
      ]);
      const names = operation?.parameters?.map(({ name }) => name);
      expect([operationId, names]).toEqual([operationId, expect.arrayContaining(['format', 'bom'])]);
    }
  });
});

describe('the table of a list', () => {
  it('has amounts as decimals with their currency, fields of fields, lists in a cell, and runs nothing', async () => {
    const text = await (await call('GET', '/v1/adjustments?format=csv')).text();
    const [row] = parse(text, { bom: true, columns: true }) as Item[];
    expect(row).toMatchObject({ amount: '15.01', currency: 'USD', reason: "'-1+1" });
    const invoices = parse(await (await call('GET', '/v1/invoices?format=csv')).text(), {
      bom: true,
      columns: true,
    }) as Item[];
    expect(invoices[0]).toMatchObject({ total: '40.20', discountBps: '0', currency: 'USD' });
    expect(JSON.parse(invoices[0]?.lines)).toMatchObject([{ cost: 4_020 }]);
  });

  it('is asked for by Accept too, keeps its filters, and leaves out the byte order mark where told', async () => {
    const csv = { accept: 'text/csv' };
    const table = await call('GET', '/v1/orders?status=expired&limit=1', undefined, csv);
    expect(table.headers.get('vary')).toContain('Accept');
    const rows = parse(await table.text(), { bom: true, columns: true }) as Item[];
    expect(rows.map(({ orderId, status }) => [orderId, status])).toEqual([
      ['o3', 'expired'],
      ['o2', 'expired'],
    ]);
    const marked = Buffer.from(await (await call('GET', '/v1/orders', undefined, csv)).arrayBuffer());
    const bare = Buffer.from(await (await call('GET', '/v1/orders?bom=0', undefined, csv)).arrayBuffer());
    expect(marked.subarray(0, 3).toString('hex')).toBe('efbbbf');
    expect(marked.subarray(3).equals(bare)).toBe(true);
    expect(marked.length).toBeGreaterThan(100);
    const json = await call('GET', '/v1/orders?format=json', undefined, csv);
    expect(json.headers.get('content-type')).toContain('json');
  });

  it('is refused as the list is', async () => {
    const missing = await call('GET', '/v1/orders/none/fans?format=csv');
    expect([missing.status, missing.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    expect((await call('GET', '/v1/orders?format=xml')).status).toBe(422);
    expect((await call('GET', '/v1/orders?format=csv&status=late')).status).toBe(422);
    const noKey = await app.request('http://localhost/v1/orders?format=csv');
    expect(noKey.status).toBe(401);
  });

  it('is read no further once its reader has gone', async () => {
    let pages = 0;
    const item = (await service.audit.list({ limit: 1 })).items[0];
    if (item === undefined) throw new Error('nothing was recorded');
    const list = vi.fn(async () => {
      pages += 1;
      return { items: Array.from({ length: 500 }, () => item), next: String(pages) };
    });
    const endless = service.app({ audit: { ...service.audit, list } });
    const response = await endless.request('http://localhost/v1/audit?format=csv', { headers: bearer() });
    const reader = response.body?.getReader();
    for (let read = 0; read < 3; read += 1) await reader?.read();
    await reader?.cancel();
    const soFar = pages;
    expect(soFar).toBeLessThan(6);
    await new Promise((resolve) => setImmediate(resolve));
    expect(pages).toBe(soFar);
    expect(list).toHaveBeenLastCalledWith({ limit: 500, after: String(soFar - 1) });
  });
});
