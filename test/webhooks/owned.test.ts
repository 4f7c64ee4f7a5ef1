import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { OWNED } from '../../webhooks/owned.ts';
import { OPERATION_SCOPES } from '../../webhooks/scopes.ts';
import { type Described, describedOperations } from '../support/operations.ts';
import { consoleService, signedIn } from './console/fixture.ts';
import { NOW } from './service.ts';

/** What a model, a marketer and an affiliate may call with a session: each role by name, and every other operation refused. */

const service = await consoleService();
const { world } = service;
const app = service.consoleApp();
let operations: Described[];

beforeAll(async () => {
  operations = (await describedOperations()).filter(({ path }) => path.startsWith('/v1/'));
  await world.reset(NOW);
  await world.account('ava', 'model');
  await world.account('eve', 'model');
  await world.account('max', 'marketer');
  await world.account('kim', 'affiliate');
  for (const [index, accountId] of ['ava', 'max', 'kim'].entries()) await world.link(accountId, 'telegram', index + 1);
});
afterAll(service.database.close);

const MAY = {
  model: [
    ...['getBalance', 'getCreditNotePdf', 'getForecast', 'getInvoice', 'getInvoiceCsv', 'getInvoicePdf', 'getMe'],
    ...['getOrder', 'getReceipt', 'getStanding', 'listFans', 'listInvoices'],
    ...['listLedgerEntries', 'listOrders', 'listTrustChanges', 'listenLive'],
  ],
  marketer: [
    ...['getBalance', 'getMarketerQueue', 'getMe', 'getOrder', 'getPayout', 'getPayoutCsv', 'getPayoutPdf'],
    ...['getReceipt', 'listFans', 'listLedgerEntries', 'listOrders', 'listPayouts', 'listenLive'],
  ],
  affiliate: [
    ...['getBalance', 'getCommission', 'getMe', 'getPayout', 'getPayoutCsv', 'getPayoutPdf', 'getReceipt'],
    ...['listCommissions', 'listLedgerEntries', 'listPayouts', 'listenLive'],
  ],
} as const;
const PEOPLE = [
  ['model', 'ava', '1'],
  ['marketer', 'max', '2'],
  ['affiliate', 'kim', '3'],
] as const;

describe.each(PEOPLE)('a %s', (role, accountId, userId) => {
  it('may call these operations, all of which only look', () => {
    const allowed = Object.keys(OWNED).filter((id) => OWNED[id]?.roles.includes(role));
    expect(allowed.sort()).toEqual([...MAY[role]].sort());
    for (const id of allowed) expect([id, OPERATION_SCOPES[id] ?? 'read']).toEqual([id, 'read']);
  });

  it('is refused every other operation, and whatever is not theirs by the words for what is not there', async () => {
    const browser = await signedIn(service, app, accountId, userId);
    for (const { method, path, operationId } of operations) {
      // Everybody's: what they answer depends on who asks (test/webhooks/console/live.test.ts for the last).
      if (['getMe', 'runCommand', 'listenLive'].includes(operationId)) continue;
      const address = path.replaceAll(/\{(\w+)\}/g, 'nobody');
      const response = await browser.send(method.toUpperCase(), address, method === 'get' ? undefined : {});
      const isOne = OWNED[operationId]?.roles.includes(role) === true && path.includes('{');
      const expected = isOne ? 404 : 403;
      expect([operationId, [expected, 404].includes(response.status)]).toEqual([operationId, true]);
      if (!path.includes('{')) expect([operationId, response.status]).toEqual([operationId, 403]);
    }
  }, 60_000);
});

describe('a list', () => {
  it('is one’s own by its filter, once; another’s and all are refused alike', async () => {
    const browser = await signedIn(service, app, 'ava', '1');
    expect((await browser.get('/v1/invoices?modelId=ava')).status).toBe(200);
    for (const query of [
      '',
      '?modelId=eve',
      '?modelId=nobody',
      '?modelId=ava&modelId=eve',
      '?modelId=eve&modelId=ava',
    ]) {
      const response = await browser.get(`/v1/invoices${query}`);
      expect([query, response.status]).toEqual([query, 403]);
    }
    expect((await browser.get('/v1/orders?marketerId=ava')).status).toBe(403);
  });
});

describe('one thing', () => {
  it('of somebody else is as one that does not exist', async () => {
    const browser = await signedIn(service, app, 'ava', '1');
    expect((await browser.get('/v1/models/ava/standing')).status).toBe(200);
    expect((await browser.get('/v1/models/%61va/standing')).status).toBe(200);
    expect((await browser.get('/v1/ledger/balances/model:ava')).status).toBe(200);
    const answers = await Promise.all(
      ['eve', 'nobody'].flatMap((id) =>
        [`/v1/models/${id}/standing`, `/v1/ledger/balances/model:${id}`].map((path) => browser.get(path)),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    expect(new Set(bodies).size).toBe(1);
  });
});

describe('POST /v1/me/commands', () => {
  it('answers as the chat does, by the person’s role, and lets nobody in anew', async () => {
    const browser = await signedIn(service, app, 'ava', '1');
    const help = await browser.post('/v1/me/commands', { command: '/help' });
    expect(help.status).toBe(200);
    expect(((await help.json()) as { buttons: unknown[] }).buttons).toBeInstanceOf(Array);
    for (const command of ['/start x', '/link ABC', '/console', '/CONSOLE@bot', 'console', 'link ABC']) {
      expect([command, (await browser.post('/v1/me/commands', { command })).status]).toEqual([command, 422]);
    }
    const refused = await browser.post('/v1/me/commands', { command: '/overdue' });
    expect(JSON.stringify(await refused.json())).toContain('/overdue');
  });
});
