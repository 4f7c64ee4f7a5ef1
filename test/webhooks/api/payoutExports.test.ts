import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { realMilliseconds } from '../../../src/kernel/clock.ts';
import { createApp } from '../../../webhooks/app.ts';
import { createAnswers } from '../../../webhooks/middleware/keptAnswers.ts';
import { differencesOf } from '../../affiliates/world.ts';
import { workplace } from '../../cli/command.ts';
import { approvedPayday, CYCLE, createPaydayWorld, TOTAL } from '../../paymentFiles/world.ts';
import { deepTest, sampleOf } from '../../support/depth.ts';
import { PAYEE_KEY, SECRET } from '../../support/world.ts';
import { bearer } from '../service.ts';

const PATH = `/v1/payout-cycles/${CYCLE}/export`;

describe('the files of a payday', () => {
  let world: Awaited<ReturnType<typeof createPaydayWorld>>;
  let app: ReturnType<typeof createApp>;
  const place = workplace();

  beforeAll(async () => {
    world = await createPaydayWorld();
  });
  beforeEach(async () => {
    await approvedPayday(world);
    const { core } = world;
    app = createApp({
      ...{ ...core, ...core.invoicing, ...core.standing, webhookSecrets: [SECRET] },
      apiKeys: [{ name: 'ops', key: 'key-of-ops' }],
      ownerKeys: ['ops'],
      answers: createAnswers(world.connection, realMilliseconds),
      jobStates: async () => [],
      readiness: async () => ({ ready: true, checks: {} }),
      metrics: new Registry(),
      log: { error: (...parts: unknown[]) => world.errors.push(parts), warn: () => {} },
      stopping: () => false,
    });
  });
  afterAll(async () => {
    expect(world.errors).toEqual([]);
    await place.close();
    await world.close();
  });

  async function call(method: 'GET' | 'POST', path: string, headers: Record<string, string> = {}) {
    const response = await app.request(path, { method, headers: { ...bearer(), ...headers } });
    const bytes = Buffer.from(await response.arrayBuffer());
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, bytes, body: isJson ? JSON.parse(`${bytes}`) : null };
  }

  it('are made by a POST, which says everything but where to', async () => {
    const { status, body, bytes } = await call('POST', `${PATH}?format=sepa`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ file: `${CYCLE}:sepa:1`, cycle: CYCLE, format: 'sepa', count: 1, total: 4_000, by: 'ops', currency: 'EUR' },
      ...{ madeBefore: null, executeOn: CYCLE, madeAt: '2026-04-01T09:00:00.000Z' },
      parts: [{ part: 1, name: `payouts-${CYCLE}-sepa-1-1.xml`, contentType: 'application/xml', hash: body.hash }],
    });
    expect(`${bytes}`).not.toContain('DE89');
    const { otherMethods, ...rest } = body.rest;
    const notInIt = [...otherMethods, ...Object.values(rest as object)].reduce((sum, { total }) => sum + total, 0);
    expect(body.total + notInIt).toBe(TOTAL);
  });

  deepTest('are handed out by a GET, the same bytes as often as wanted, by the hash that was said', async () => {
    expect(await call('GET', `${PATH}?format=sepa`)).toMatchObject({
      status: 409,
      body: { reason: 'export_not_made' },
    });
    const made = await call('POST', `${PATH}?format=sepa`);
    const one = await call('GET', `${PATH}?format=sepa`);
    expect(one.status).toBe(200);
    expect(createHash('sha256').update(one.bytes).digest('hex')).toBe(made.body.hash);
    expect(Object.fromEntries(one.headers)).toMatchObject({
      'content-type': 'application/xml',
      'content-disposition': `attachment; filename="payouts-${CYCLE}-sepa-1-1.xml"`,
      'export-file': `${CYCLE}:sepa:1`,
      'export-part': '1/1',
      'export-made-at': '2026-04-01T09:00:00.000Z',
      'cache-control': 'no-store',
      etag: `"${made.body.hash}"`,
    });
    expect((await call('GET', made.body.parts[0].href)).bytes.equals(one.bytes)).toBe(true);
    expect((await call('POST', `${PATH}?format=sepa`)).body).toEqual({
      ...made.body,
      madeBefore: { at: made.body.madeAt, by: 'ops', hash: made.body.hash },
    });
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('are settled by what a bank says of the whole message, and of no other', async () => {
    await call('POST', `${PATH}?format=sepa`);
    await call('POST', `${PATH}?format=paypal`);
    const [, messageId = ''] = /<MsgId>([^<]+)</.exec(`${(await call('GET', `${PATH}?format=sepa`)).bytes}`) ?? [];
    const says = async (status: string, of = messageId, query = '') => {
      const response = await app.request(`/v1/payout-cycles/${CYCLE}/results${query}`, {
        ...{ method: 'POST', headers: { ...bearer(), 'content-type': 'application/xml' } },
        body:
          '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><OrgnlGrpInfAndSts>' +
          `<OrgnlMsgId>${of}</OrgnlMsgId><GrpSts>${status}</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>`,
      });
      return [response.status, await response.json()];
    };
    for (const other of ['20260401-SEPA-2-1', '20260401-SEPA-1-2', '20260416-SEPA-1-1', 'of-somebody-else']) {
      expect(await says('ACSC', other)).toMatchObject([
        422,
        { errors: [{ message: 'is of a message that no file of this service has' }] },
      ]);
    }
    const [none, one] = [{ count: 0 }, { count: 1, total: 4_000 }];
    expect(await says('ACSP')).toMatchObject([200, { settled: none, failed: none }]);
    expect(await says('RJCT', messageId, '?simulate=true')).toMatchObject([200, { settled: none, failed: one }]);
    expect(await says('ACSC')).toMatchObject([200, { format: 'pain.002', settled: one, failed: none }]);
    const statusOf = async (id: string) => (await world.core.affiliates.payouts.get(`${CYCLE}:${id}`))?.status;
    expect(await Promise.all(['dan', 'ava', 'cid'].map(statusOf))).toEqual(['paid', 'processing', 'due']);
    const { items } = await world.core.audit.list({ subject: `payout:${CYCLE}:dan`, limit: 9 });
    expect(items.map(({ action, before }) => [action, before])).toEqual([
      ['payout.paid', { status: 'processing' }],
      ['payout.processing', { status: 'due' }],
    ]);
    expect(await says('RJCT')).toMatchObject([200, { failed: none, differences: [{ kind: 'paid_already' }] }]);
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('are simulated, and misspelt words make none', async () => {
    const simulated = await call('POST', `${PATH}?format=paypal&simulate=true`);
    expect(simulated).toMatchObject({ status: 200, body: { simulated: true, postings: [], count: 2, total: 12_500 } });
    for (const query of ['', '?format=swift', '?format=paypal&simulat=true', '?format=paypal&further=yes']) {
      expect((await call('POST', `${PATH}${query}`)).status).toBe(422);
    }
    expect((await call('GET', `${PATH}?format=paypal&simulate=true`)).status).toBe(422);
    expect((await call('POST', `/v1/payout-cycles/2026-04-02/export?format=paypal`)).status).toBe(422);
    expect((await call('GET', `/v1/payout-cycles/${CYCLE}/exports`)).body).toEqual({ items: [] });
    expect(await world.collection('payment_files').countDocuments()).toBe(0);
  });

  it.each(
    sampleOf(
      [
        ['usdt-trc20', { reason: 'currency_not_payable', state: 'approved' }],
        ['sepa', { reason: 'nothing_to_export' }, 'generic'],
      ],
      1,
    ),
  )('are refused by reason: %s', async (format, problem, before?: string) => {
    if (before !== undefined) await call('POST', `${PATH}?format=${before}`);
    expect(await call('POST', `${PATH}?format=${format}`)).toMatchObject({ status: 409, body: problem });
    const early = await call('POST', `/v1/payout-cycles/2026-04-16/export?format=${format}`);
    expect(early).toMatchObject({ status: 409, body: { reason: 'batch_not_approved', state: 'none' } });
  });

  deepTest('name the part that is wanted, and list every file that was made', async () => {
    await call('POST', `${PATH}?format=paypal`);
    await call('POST', `${PATH}?format=generic`);
    const { items } = (await call('GET', `/v1/payout-cycles/${CYCLE}/exports`)).body;
    expect(items.map(({ format, count }: { format: string; count: number }) => [format, count])).toEqual([
      ['generic', 3],
      ['paypal', 2],
    ]);
    expect((await call('GET', `${PATH}?format=paypal&part=2`)).status).toBe(404);
    const { bytes } = await call('GET', `${PATH}?format=generic`);
    const rows = parse(bytes, { bom: true, columns: true }) as Record<string, string>[];
    expect(rows.map(({ accountId, amount }) => [accountId, amount])).toEqual([
      ['cid', '3.00'],
      ['dan', '40.00'],
      ['eve', '0.50'],
    ]);
  });

  describe('by the command line', () => {
    // What the command writes goes by a connection of its own, of which the world does not hear.
    afterEach(() => world.database.clearAllBut('migrations'));

    const settlebot = (...words: string[]) =>
      place.settlebot(words, {
        ...{ TEST_CLOCK: '1', TEST_CLOCK_START: '2026-04-01T09:00:00Z', MONGODB_URI: world.database.uri },
        ...{ PLATFORM_CURRENCY: 'EUR', ISSUER_FILE: world.issuer, PAYEE_KEYS: PAYEE_KEY },
      });

    deepTest('are made and written for their owner alone, and never over another file', async () => {
      const words = ['export', 'payouts', CYCLE, '--format', 'paypal', '--out', 'paypal.csv'];
      const path = join(place.folder, 'paypal.csv');
      const { code, out } = await settlebot(...words);
      expect(code).toBe(0);
      const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
      expect(out.split('\n')).toEqual([
        `paypal.csv: 2 payouts, €125.00, SHA-256 ${hash}`,
        'not in it, paid by wise: 1 payout, €3.00',
        'not in it, paid by sepa: 1 payout, €40.00',
        'not in it, of accounts that have no payee: 1 payout, €0.07',
        'not in it, left out, as this format cannot pay them: 1 payout, €0.50',
        `left out: ${CYCLE}:eve, €0.50 (destination_not_writable)`,
        '',
      ]);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect((await settlebot(...words)).out).toMatch(/^it was made before, by cli:\S+ on 2026-04-01T09:00:00.000Z/m);
      writeFileSync(path, 'mine');
      expect(await settlebot(...words)).toMatchObject({ code: 1, err: expect.stringContaining('nothing was written') });
      expect(readFileSync(path, 'utf8')).toBe('mine');
    });

    deepTest('are refused with the reason', async () => {
      const refused = await settlebot('export', 'payouts', CYCLE, '--format', 'usdt-trc20', '--out', 'usdt.csv');
      expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('does not pay in the currency') });
      expect(existsSync(join(place.folder, 'usdt.csv'))).toBe(false);
    });
  });
});
