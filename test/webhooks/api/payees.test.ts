import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { dumpOf, foundIn } from '../../erasure/dump.ts';
import { tell } from '../../support/events.ts';
import { PAYEE_KEY } from '../../support/world.ts';
import { bearer, NOW, testService } from '../service.ts';

/** Where an account's payouts are sent, by the API (docs/paydays.md). */

const IBAN = 'DE89370400440532013000';
const BAD_IBAN = 'DE88370400440532013000';
const sepa = { method: 'sepa', name: 'Kim Meyer', iban: IBAN };
const IN_72_HOURS = new Date(NOW.getTime() + 72 * 3_600_000).toISOString();

const service = await testService();
const { world } = service;
let app: ReturnType<typeof service.app>;
afterAll(service.database.close);

beforeEach(async () => {
  await world.reset(NOW);
  await world.restart(undefined, [PAYEE_KEY]);
  app = service.app({ ...world.core });
  await world.send(tell.account('kim', 'affiliate'));
});

async function call(method: string, body?: unknown, path = '/v1/accounts/kim/payee') {
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = { ...bearer(), 'content-type': 'application/json' };
  const response = await app.request(path, { method, headers, ...json });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) as Record<string, unknown> };
}

const simulate = '/v1/accounts/kim/payee?simulate=true';

describe('a payee', () => {
  it('is set, shown masked, changed with a hold, and removed with a reason', async () => {
    expect(await call('GET')).toMatchObject({ status: 404 });
    const first = await call('PUT', { ...sepa, iban: 'de89 3704 0044 0532 0130 00' });
    const shown = { accountId: 'kim', version: 1, by: 'ops', method: 'sepa', masked: 'DE89 … 3000', heldUntil: null };
    expect(first).toMatchObject({ status: 200, body: shown });
    expect((await call('GET')).body).toMatchObject(shown);
    const changed = await call('PUT', { method: 'paypal', email: 'kim@example.com', reason: 'asked' });
    expect(changed.body).toMatchObject({ version: 2, masked: 'k…@example.com', heldUntil: IN_72_HOURS });
    expect((await call('PUT', { method: 'paypal', email: 'kim@example.com' })).body).toMatchObject({ version: 2 });
    expect(await call('DELETE', {})).toMatchObject({ status: 422, body: { errors: [{ path: 'reason' }] } });
    expect(await call('DELETE', { reason: 'moved' })).toMatchObject({ status: 200, body: { version: 3 } });
    expect((await call('GET')).status).toBe(404);
    expect((await call('DELETE', { reason: 'moved' })).status).toBe(404);
    expect((await call('PUT', sepa, '/v1/accounts/nobody/payee')).status).toBe(404);
  });

  it('is simulated: the same answers and refusals, and nothing is written', async () => {
    await call('PUT', sepa);
    const before = await dumpOf(world.connection);
    const would = await call('PUT', { method: 'paypal', email: 'kim@example.com' }, simulate);
    expect(would.body).toMatchObject({ simulated: true, version: 2, masked: 'k…@example.com', heldUntil: IN_72_HOURS });
    expect((await call('DELETE', { reason: 'moved' }, simulate)).body).toMatchObject({ version: 2 });
    expect((await call('PUT', { ...sepa, iban: BAD_IBAN }, simulate)).status).toBe(422);
    expect(await dumpOf(world.connection)).toEqual(before);
    expect((await call('GET')).body).toMatchObject({ version: 1, method: 'sepa' });
  });
});

describe('what is wrong with it', () => {
  it.each([
    ['a bad number and a name that is missing', { method: 'sepa', iban: BAD_IBAN }, ['iban', 'name']],
    [
      'faults of every kind',
      { method: 'sepa', iban: BAD_IBAN, bic: 'NO-BIC', country: 'Germany', address: 'Tx', surplus: 1 },
      ['', 'address', 'address', 'bic', 'country', 'iban', 'name'],
    ],
    ['what another method has', { method: 'paypal', iban: IBAN, details: 'cash' }, ['details', 'email', 'iban']],
    ['nothing of wise', { method: 'wise', currency: 'XYZ' }, ['currency', 'email', 'name']],
    ['a country outside SEPA', { method: 'sepa', iban: 'AE070331234567890123456' }, ['iban', 'name']],
    ['no method: what belongs to it is not asked', { iban: BAD_IBAN, name: '名 a' }, ['iban', 'method', 'name']],
  ])('is told at once, without what was sent: %s', async (_, body, paths) => {
    const { status, text, body: answer } = await call('PUT', body);
    expect(status).toBe(422);
    expect((answer.errors as { path: string }[]).map(({ path }) => path).sort()).toEqual(paths);
    for (const sent of [IBAN, BAD_IBAN, 'NO-BIC', 'Germany', '名', 'AE0703']) expect(text).not.toContain(sent);
  });

  it('is told so of an event of the platform, too, alone and in a batch', async () => {
    const data = { accountId: 'kim', method: 'sepa', iban: BAD_IBAN, bic: 'NO-BIC' };
    const event = { id: 'evt_bad', type: 'payee.updated', timestamp: NOW.toISOString(), data };
    const alone = service.platform.sign(event);
    const batch = service.platform.signBatch(JSON.stringify(event));
    const answers = [
      await app.request('/webhooks/platform', { method: 'POST', headers: alone.headers, body: alone.body }),
      await app.request('/webhooks/platform/batch', { method: 'POST', headers: batch.headers, body: batch.body }),
    ];
    for (const answer of answers) {
      const text = await answer.text();
      for (const path of ['data.iban', 'data.bic', 'data.name']) expect(text).toContain(`"${path}"`);
      expect(text).not.toMatch(/DE88|NO-BIC/);
    }
    expect(foundIn(await dumpOf(world.connection), [BAD_IBAN])).toEqual([]);
  });
});

it('payees that a missing key locks are refused as that by whatever needs them, in chat as well', async () => {
  await world.link('kim', 'telegram', '1');
  await call('PUT', sepa);
  await world.restart(undefined, [Buffer.alloc(32, 7).toString('base64')]);
  const { core } = world;
  const needsThem = async (): Promise<never> => {
    await core.payees.of(['kim']);
    throw new Error('they were read');
  };
  app = service.app({ ...core, payees: { ...core.payees, standing: needsThem } });
  const lacking = await core.payees.lackingKeys();
  const answer = await call('GET');
  expect(answer).toMatchObject({
    status: 409,
    body: { reason: 'payee_locked', state: 'locked', accounts: 1, lacking },
  });
  expect(answer.body.detail).toBe('Payout details are stored under a key that PAYEE_KEYS does not name.');
  vi.spyOn(core.payees, 'shownOf').mockImplementation(needsThem);
  const said = await core.runCommand({ channel: 'telegram', userId: '1', chatId: '1' }, '/payouts');
  expect(said).toMatchObject({ title: 'Not now', paragraphs: [answer.body.detail] });
});
