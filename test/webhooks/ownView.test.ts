import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Role } from '../../src/events/catalogue.ts';
import { OWNED } from '../../webhooks/owned.ts';
import { type Fields, OWN_VIEWS, ownView } from '../../webhooks/ownView.ts';
import { tell } from '../support/events.ts';
import { type Schema, schemasOfAnswers } from '../support/operations.ts';
import { consoleService, signedIn } from './console/fixture.ts';
import { bearer, NOW } from './service.ts';

/** What people who are no managers are shown of what is theirs: no field that nobody has decided about. */

/** What the API says and no chat tells: of whoever is concerned, that they are not told it is a decision. */
const WITHHELD: Record<string, string[]> = {
  listFans: ['items.fanId'],
  listLedgerEntries: ['items.eventId'],
  listPayouts: ['items.held.by'],
  getPayout: ['held.by'],
};
/** Streams and files are made for their owner, and have no body that a view is of. */
const WITHOUT_BODY = [
  'getCreditNotePdf',
  'getInvoiceCsv',
  'getInvoicePdf',
  'getPayoutCsv',
  'getPayoutPdf',
  'listenLive',
];

const service = await consoleService();
const { world } = service;
const app = service.consoleApp();
let answers: Map<string, Schema>;

beforeAll(async () => {
  answers = await schemasOfAnswers();
  await world.reset(NOW);
  await world.account('ava', 'model');
  await world.account('eve', 'model');
  await world.account('max', 'marketer');
  for (const [index, accountId] of ['ava', 'max'].entries()) await world.link(accountId, 'telegram', index + 1);
  await world.send(
    tell.topUp('t1', 'ava', 100_000),
    tell.order('o1', { modelId: 'ava', marketerId: 'max', placedAt: NOW.toISOString() }),
  );
});
afterAll(service.database.close);

describe('every answer', () => {
  it('has fields that are shown, and such as are withheld by decision, and no other', () => {
    const ids = Object.keys(OWNED).filter((id) => !WITHOUT_BODY.includes(id) && answers.has(id));
    expect(ids.length).toBeGreaterThan(12);
    for (const id of ids) {
      const hidden = pathsOf(answers.get(id)).filter((path) => !isShown(path, OWN_VIEWS[id]?.fields ?? {}));
      expect([id, hidden]).toEqual([id, WITHHELD[id] ?? []]);
    }
  });

  it('is empty where nobody has decided', () => {
    expect(ownView('getSomethingNew', { secret: 1 }, { accountId: 'ava', role: 'model' })).toEqual({});
  });
});

describe('a person', () => {
  it('sees who moved nothing but their own balance', async () => {
    const browser = await signedIn(service, app, 'ava', '1');
    const path = '/v1/ledger/entries?account=model:ava';
    const { items } = (await (await browser.get(path)).json()) as { items: object[] };
    expect(items).toMatchObject([{ entryId: 'topup:t1', postings: [{ account: 'model:ava', amount: 100_000 }] }]);
    const csv = await (await browser.get(`${path}&format=csv`)).text();
    expect(csv).toContain('topup:t1');
    expect(csv).not.toContain('world:');
    const whole = await app.request(path, { headers: bearer() });
    expect(JSON.stringify(await whole.json())).toContain('world:');
    for (const account of ['model:eve', 'escrow:o1', 'platform:fees', 'credit:eve']) {
      expect([account, (await browser.get(`/v1/ledger/entries?account=${account}`)).status]).toEqual([account, 403]);
    }
    expect((await browser.get('/v1/ledger/entries')).status).toBe(403);
  });

  it.each<[Role, string, boolean]>([
    ['marketer', 'placed', true],
    ['marketer', 'queued', false],
    ['marketer', 'completed', false],
    ['model', 'completed', true],
  ])('who is a %s sees of an order that is %s how its client stands: %s', (role, status, isSeen) => {
    const order = { orderId: 'o1', status, client: { trustScore: 50 } };
    const one = ownView('getOrder', order, { accountId: 'x', role });
    const list = ownView('listOrders', { items: [order], next: null }, { accountId: 'x', role });
    expect('client' in (one as object)).toBe(isSeen);
    expect(JSON.stringify(list).includes('client')).toBe(isSeen);
  });

  it('has the receipt of an order only as its marketer, as in chat', async () => {
    const client = await signedIn(service, app, 'ava', '1');
    expect((await client.get('/v1/receipts/o1')).status).toBe(404);
    expect((await client.get('/v1/orders/o1')).status).toBe(200);
    const marketer = await signedIn(service, app, 'max', '2');
    expect((await marketer.get('/v1/receipts/o1')).status).toBe(409);
  });
});

/** The paths of all fields, those in lists as if there were no list. */
function pathsOf(schema: Schema | undefined, above = ''): string[] {
  if (schema === undefined) return [];
  const { properties, items, anyOf = [], allOf = [] } = schema;
  if (items !== undefined) return pathsOf(items, above);
  const parts = [...anyOf, ...allOf].flatMap((part) => pathsOf(part, above));
  if (properties === undefined) return parts;
  return [
    ...parts,
    ...Object.entries(properties).flatMap(([name, inner]) => {
      const below = pathsOf(inner, `${above}${name}.`);
      return below.length === 0 ? [`${above}${name}`] : below;
    }),
  ];
}

function isShown(path: string, fields: Fields): boolean {
  const [first = '', ...rest] = path.split('.');
  if (fields === true) return true;
  const inner = fields[first];
  return inner !== undefined && (rest.length === 0 || isShown(rest.join('.'), inner));
}
