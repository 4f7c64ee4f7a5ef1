import { createHmac } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createBotStore, LANES } from '../bots/telegram/store.ts';
import { withoutCode } from '../src/accounts/linkCode.ts';
import { connectDatabase, type Database } from '../src/database/connect.ts';
import { hashOf } from '../src/kernel/ids.ts';
import { canonicalJson } from '../src/kernel/json.ts';
import { dumpOf, foundIn } from './erasure/dump.ts';
import { deepTest } from './support/depth.ts';
import { type DiscordStandIn, discordEnvironment, startDiscord } from './support/discord.ts';
import { eventually } from './support/eventually.ts';
import { type PlatformReceiver, startPlatformReceiver } from './support/platformReceiver.ts';
import { startTestService, TEST_KEY, TEST_SECRET, type TestService } from './support/service.ts';
import { startTelegram, type TelegramStandIn, telegramEnvironment } from './support/telegram.ts';

/** Whoever reads the database or the log learns nothing that opens a door: no code, key, token or signing secret. */

const CHAT = 9_101;
const AT = '2026-03-02T10:00:00Z';
const SHOP_SECRET = 'a-secret-of-the-shop';
/** A way in of its own that says how people are paid, and names nothing that it sends. */
const SOURCES = {
  shop: {
    signature: { scheme: 'github', secretsFrom: 'SHOP_SECRETS', header: 'x-shop-signature' },
    map: [{ type: 'payee.updated', data: { accountId: 'who', method: '"sepa"', name: 'holder', iban: 'account' } }],
  },
};
const logged: string[] = [];
let dataDir: string;
let service: TestService;
let telegram: TelegramStandIn;
let discord: DiscordStandIn;
let platform: PlatformReceiver;
let database: Database;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'settlebot-secrets-'));
  [telegram, discord, platform] = [
    await startTelegram({ perChatMs: 20 }),
    await startDiscord(),
    await startPlatformReceiver(TEST_SECRET),
  ];
  const url = new URL(platform.url);
  [url.username, url.password] = ['receiver', 'password-of-the-receiver'];
  const sourcesFile = join(dataDir, 'sources.json');
  await writeFile(sourcesFile, JSON.stringify(SOURCES));
  service = await startTestService(
    {
      ...{ SOURCES_FILE: sourcesFile, SHOP_SECRETS: SHOP_SECRET },
      ...{ DATA_DIR: dataDir, TEST_CLOCK_START: AT },
      ...{ ...telegramEnvironment(telegram), ...discordEnvironment(discord) },
      ...{ PLATFORM_WEBHOOK_URL: url.href, PLATFORM_WEBHOOK_SECRET: TEST_SECRET },
    },
    {
      log: pino({ level: 'trace' }, { write: (line) => logged.push(line) }),
      chatLimits: { perSecond: 30, perChatMs: 20 },
    },
  );
  await eventually(() => discord.gateway.connected() > 0 && discord.commands().length > 0, { what: 'Discord' });
  database = await connectDatabase({ dataDir, allowShared: true });
  await service.send(
    ...(['ava', 'bella', 'olga'] as const).map((accountId) => ({
      ...{ id: `evt-${accountId}`, type: 'account.updated', timestamp: AT },
      data: { accountId, role: accountId === 'olga' ? 'manager' : 'model', name: accountId },
    })),
  );
});
afterAll(async () => {
  await database.close();
  await service.stop();
  await Promise.all([telegram.close(), discord.close(), platform.close()]);
  await rm(dataDir, { recursive: true, force: true });
});

/** Everything that is stored, and everything that was logged. */
async function everything(): Promise<string> {
  const db = database.connection.getClient().db(database.connection.name);
  const collections = await db.listCollections({}, { nameOnly: true }).toArray();
  const all = await Promise.all(
    collections.map(async ({ name }) => [name, await db.collection(name).find().toArray()]),
  );
  expect(collections.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['link_codes', 'telegram_updates', 'api_answers', 'audit_records', 'notice_deliveries']),
  );
  return mongoose.mongo.BSON.EJSON.stringify(all) + logged.join('');
}

async function makeCode(accountId: string, key?: string): Promise<string> {
  const response = await fetch(new URL(`/v1/accounts/${accountId}/link-codes`, service.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${TEST_KEY}`, ...(key === undefined ? {} : { 'idempotency-key': key }) },
  });
  return ((await response.json()) as { code: string }).code;
}

async function say(text: string, chat = CHAT): Promise<void> {
  const before = telegram.fromBot(chat).length;
  telegram.say(chat, text);
  await eventually(() => telegram.fromBot(chat).length > before, { what: `the answer to ${text}` });
}

it('no code is stored or logged in clear: made, used, failed, superseded, mistyped, forwarded, in both channels', async () => {
  const codes = [await makeCode('ava', 'once'), await makeCode('ava'), await makeCode('bella'), await makeCode('olga')];
  const [superseded = '', used = '', inDiscord = '', left = ''] = codes;
  await say(`/start ${superseded}`);
  await say(`/start ${used.slice(0, 5)} ${used.slice(5)}`.toLowerCase());
  // Still live, and told in ways that link nothing.
  await say(left);
  await say(`/start ${left} please`);
  const from = { id: CHAT, is_bot: false, first_name: 'A' };
  const chat = { id: CHAT, type: 'private' };
  const before = telegram.fromBot(CHAT).length;
  const message = { message_id: 1, date: 0, from, chat, text: `/start ${left}`, forward_date: 1 };
  telegram.push({ message });
  telegram.push({
    message: { ...message, message_id: 2, forward_date: undefined, text: 'hello', reply_to_message: message },
  });
  await eventually(() => telegram.fromBot(CHAT).length >= before + 2, { what: 'two answers' });
  discord.slash(9_102, 'link', { code: inDiscord });
  await eventually(async () => (await service.api('GET', '/v1/accounts/bella')).body.links.discord !== null);
  expect((await service.api('GET', '/v1/accounts/ava')).body.links.telegram).not.toBeNull();
  const all = await everything();
  // Folded, as a person may have typed it.
  const folded = all.toUpperCase().replaceAll(/[\s-]/g, '');
  for (const code of codes) expect(folded.includes(code)).toBe(false);
});

deepTest('nor a key, token or signing secret; nor what a question could be answered with', async () => {
  await say('/unlink');
  const { body } = await service.api('POST', '/v1/accounts/olga/link-codes');
  await say(`/start ${body.code}`);
  await say('/terminate ava a test');
  const question = telegram.fromBot(CHAT).at(-1);
  await service.api('GET', '/v1/accounts/ava');
  await fetch(new URL('/v1/accounts/ava', service.url), {
    headers: { authorization: 'Bearer a-wrong-key-of-somebody' },
  });
  expect(platform.refusedSignatures).toEqual([]);
  const secrets = [
    telegram.token,
    discord.token,
    TEST_SECRET,
    TEST_SECRET.slice(6),
    TEST_KEY,
    'a-wrong-key-of-somebody',
  ];
  const { body: stored } = await service.api('POST', '/v1/keys', { name: 'till', scopes: ['admin'] });
  const { body: rotated } = await service.api('POST', '/v1/keys/till/rotate', { overlapHours: 1 });
  for (const key of [stored.key, rotated.key]) {
    await fetch(new URL(`/v1/no/such/thing?key=${key}`, service.url), { headers: { authorization: `Bearer ${key}` } });
    secrets.push(key, key.slice(3, 67));
  }
  const data = question?.buttons.flat().flatMap((button) => /!(\S+)/.exec(JSON.stringify(button))?.[1] ?? []);
  expect(data).toHaveLength(1);
  const all = await everything();
  for (const secret of [...secrets, 'password-of-the-receiver', ...(data ?? [])])
    expect(all.includes(secret)).toBe(false);
});

it('an update that waits to be handled has what handling needs, and a code by its hash alone', async () => {
  const store = createBotStore(database.connection, 'waiting');
  const code = 'ABCDE23456';
  const message = {
    ...{ message_id: 1, date: 0, text: `/start@settle_bot ${code}`, photo: [{ file_id: 'f' }] },
    from: { id: 5, is_bot: false, first_name: 'Ava' },
    chat: { id: 5, type: 'private' as const, first_name: 'Ava' },
  };
  await store.receive([{ update: { update_id: 1, message } as never, lane: LANES.linked }]);
  const [waiting] = await store.unhandled(10, []);
  expect(waiting?.update).toEqual({
    update_id: 1,
    message: { chat: { id: 5, type: 'private' }, from: { id: 5 }, photo: true, text: withoutCode(message.text) },
  });
  expect(JSON.stringify(waiting)).not.toMatch(/ABCDE23456|Ava/);
  await store.markHandled(waiting?._id ?? '');
  expect(await store.unhandled(10, [])).toEqual([]);
});

it('what somebody types as the hash of a code is no code', async () => {
  const code = await makeCode('ava');
  const stored = await database.connection
    .collection<{ _id: string }>('link_codes')
    .findOne({ accountId: 'ava' } as object);
  discord.slash(9_103, 'link', { code: `=${stored?._id}` });
  await eventually(() => JSON.stringify(discord.messages(9_103)).includes('not valid'), { what: 'a refusal' });
  await say(`/start =${stored?._id}`, 9_104);
  expect(telegram.fromBot(9_104).at(-1)?.text).toContain('not valid');
  await say(`/start ${code}`, 9_104);
  expect(telegram.fromBot(9_104).at(-1)?.text).toContain('Welcome');
});

deepTest('nor how somebody is paid, whichever way it came in; nor does an id confirm a guess', async () => {
  const [ibans, names] = [
    ['DE89370400440532013000', 'NO9386011117947', 'FR1420041010050500013M02606', 'NL91ABNA0417164300'],
    ['Quentin Abel', 'Quentin Brandt', 'Quentin Cardoso', 'Quentin Dubois'],
  ];
  const of = (index: number) => ({ method: 'sepa', name: names[index], iban: ibans[index] });
  const answers: unknown[] = [];
  const event = (id: string, index: number) => ({
    ...{ id, type: 'payee.updated', timestamp: `2026-03-02T09:0${index}:00Z` },
    data: { accountId: 'ava', ...of(index) },
  });
  answers.push(await service.platform().send(event('evt-payee-0', 0)));
  const batch = service.platform().signBatch(JSON.stringify(event('evt-payee-1', 1)));
  const path = new URL('/webhooks/platform/batch', service.url);
  answers.push(await (await fetch(path, { method: 'POST', headers: batch.headers, body: batch.body })).text());
  const body = JSON.stringify({ who: 'ava', holder: names[2], account: ibans[2] });
  const signature = `sha256=${createHmac('sha256', SHOP_SECRET).update(body).digest('hex')}`;
  const headers = { 'content-type': 'application/json', 'x-shop-signature': signature };
  const said = await fetch(new URL('/webhooks/shop', service.url), { method: 'POST', headers, body });
  const fromShop = (await said.json()) as { status: string; id: string };
  answers.push(fromShop);
  await service.api('POST', '/test/settle');
  answers.push(await service.api('PUT', '/v1/accounts/ava/payee', of(3)));
  answers.push(await service.api('PUT', '/v1/accounts/ava/payee', { ...of(3), iban: 'NL90ABNA0417164300' }));
  for (const id of ['evt-payee-0', 'evt-payee-1', fromShop.id, `${fromShop.id}:1:1`]) {
    const answer = await service.api('GET', `/v1/events/${encodeURIComponent(id)}`);
    expect(answer).toMatchObject({ status: 200, body: { status: 'applied' } });
    answers.push(answer);
  }
  for (const about of ['/v1/accounts/ava/payee', '/v1/audit?subject=account:ava', '/v1/events']) {
    answers.push(await service.api('GET', about));
  }
  expect(answers.at(-3)).toMatchObject({ body: { version: 4, masked: 'NL91 … 4300' } });
  const dump = await dumpOf(database.connection);
  dump.set('log', logged.join(''));
  dump.set('answers', JSON.stringify(answers));
  const secrets = [...ibans, 'NL90ABNA0417164300', ...names].flatMap((one) => [one, one.slice(4, -4)]);
  expect(foundIn(dump, secrets)).toEqual([]);
  // Whoever guesses the whole body has nothing to compare the guess with.
  const guesses = [body, canonicalJson(JSON.parse(body))].map(hashOf);
  expect(foundIn(dump, guesses)).toEqual([]);
  expect(fromShop.id).toMatch(/^shop:[A-Za-z0-9_-]{43}$/);
});
