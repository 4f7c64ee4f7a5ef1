import { afterAll, beforeAll, expect, it } from 'vitest';
import { sampleOf } from '../support/depth.ts';

import { type DiscordStandIn, discordEnvironment, startDiscord } from '../support/discord.ts';
import { eventually } from '../support/eventually.ts';
import { createHouse, type House, type ServiceProcess } from '../support/process.ts';
import { startTelegram, type TelegramStandIn, telegramEnvironment } from '../support/telegram.ts';
import { account, market, payment, topUp } from './traffic.ts';

/** What people can type, press and post that makes no sense or is not theirs to do: answered, and nothing changes. */

/** Each has managers of its own, whose chats take one answer a second. */
const bossOf = (index: number) => 8_100 + index;
const LOST = 8_001;
const MODEL = 7_000;
const STRANGER = 6_666;
const LONG = 'x'.repeat(100_000);
const NASTY = `'; db.dropDatabase(); -- {"$gt":""} <b>*_\`~||@everyone <@1> [x](javascript:1) \u202e=1+1`;

let house: House;
let service: ServiceProcess;
let telegram: TelegramStandIn;
let discord: DiscordStandIn;

beforeAll(async () => {
  telegram = await startTelegram({ perChatMs: 0 });
  discord = await startDiscord({ identifyMs: 100, throttleEvery: 0 });
  house = await createHouse({
    ...telegramEnvironment(telegram),
    ...discordEnvironment(discord),
  });
  service = await house.start();
  await service
    .platform()
    .sendAll([
      ...market(3),
      ...AS_A_MANAGER.map((_, index) => account(`boss${index}`, 'manager')),
      account('lost', 'manager'),
      ...[0, 1, 2].map((model) => payment(`p${model}`, `c${model}`, 400, '2026-03-03T12:00:00Z')),
      topUp('t', 'm1', 100),
    ]);
  await service.settle();
  await house.inside(async ({ accounts }) => {
    const bosses = AS_A_MANAGER.map((_, index) => [`boss${index}`, bossOf(index)] as const);
    for (const [id, chat] of [...bosses, ['lost', LOST] as const, ['m0', MODEL] as const]) {
      for (const channel of ['telegram', 'discord'] as const) {
        const code = await accounts.createLinkCode(id, new Date());
        await accounts.link(code?.code ?? '', { channel, userId: `${chat}`, chatId: `${chat}` }, new Date());
      }
    }
  });
  await service.moveTo('2026-03-12T08:00:00Z');
  await service
    .platform()
    .send({ ...account('lost', 'affiliate'), id: 'account-lost-2', timestamp: '2026-03-12T07:00:00Z' });
  await service.settle();
  await eventually(() => discord.gateway.connected() === 1);
});
afterAll(async () => {
  await house.remove();
  await Promise.all([telegram.close(), discord.close()]);
});

const AS_A_MANAGER: [string, Record<string, string>][] = [
  ['grace', { model: 'm0', until: '2020-01-01', reason: 'a day that is over' }],
  ['grace', { model: 'm0', until: '2026-03-12T08:00:00Z', reason: 'now' }],
  ['grace', { model: 'm0', until: '2026-02-30', reason: 'no such day' }],
  ['grace', { model: 'm0', until: '9999-12-31T23:59', reason: 'for ever' }],
  ['grace', { model: 'm0', until: '+010000-01-01T00:00:00Z', reason: 'for ever' }],
  ['grace', { model: 'm0', until: '999999w', reason: 'for ever' }],
  ['grace', { model: 'nobody', until: '3d', reason: 'x' }],
  ['grace', { model: 'boss0', until: '3d', reason: 'x' }],
  ['grace', { model: LONG, until: '3d', reason: 'x' }],
  ['grace', { model: 'm0', until: LONG, reason: 'x' }],
  ['keep', { model: 'm0', reason: 'no review is open' }],
  ['keep', { model: 'm0#1', reason: 'no review is open' }],
  ['keep', { model: 'm0#999999999', reason: 'no review is open' }],
  ['keep', { model: 'nobody', reason: 'x' }],
  ['keep', { model: LONG, reason: LONG }],
  ['void', { id: '2026-W10:m1', reason: 'it is paid' }],
  ['void', { id: '2026-W10:m0', reason: ' ' }],
  ['void', { id: '2026-W10:nobody', reason: NASTY }],
  ['void', { id: NASTY, reason: NASTY }],
  ['void', { id: LONG, reason: 'x' }],
  ['terminate', { model: 'nobody', reason: NASTY }],
  ['terminate', { model: '!forged', reason: 'x' }],
  ['terminate', { model: `!${LONG}`, reason: 'x' }],
  ['terminate', { model: NASTY, reason: NASTY }],
  ['terminate', { model: 'm0', reason: LONG }],
  ['terminate', { model: 'm0', reason: NASTY.repeat(20) }],
  ['remind', { id: '2026-W10:m1' }],
  ['remind', { id: LONG }],
  ['replay', { id: NASTY }],
  ['replay', { id: LONG }],
  ['model', { id: NASTY }],
  ['model', { id: LONG }],
  ['invoice', { id: LONG }],
  ['overdue', { days: '-1' }],
  ['overdue', { days: LONG }],
  ['overdue', { days: '9999', amount: '99999999.99' }],
  ['review', { after: LONG }],
];
const NOT_THEIRS: [string, Record<string, string>][] = [
  ['void', { id: '2026-W10:m0', reason: 'x' }],
  ['terminate', { model: 'm0', reason: 'x' }],
  ['grace', { model: 'm0', until: '3d', reason: 'x' }],
  ['keep', { model: 'm0', reason: 'x' }],
  ['remind', { id: '2026-W10:m0' }],
  ['overdue', {}],
  ['quarantine', {}],
];

it.each(
  sampleOf(
    AS_A_MANAGER.map(
      ([name, given], index) => [`/${name} ${JSON.stringify(given).slice(0, 60)}`, index, name, given] as const,
    ),
    1,
  ),
)('from a manager, %s is answered and changes nothing', (_, index, name, given) =>
  unchanged(bossOf(index), name, given),
);

// In chat's own tests each command has each role; here it goes the whole way.
it.each(
  sampleOf(
    // A stranger is answered once an hour, so each is another one.
    NOT_THEIRS.flatMap(([name, given], index) =>
      [LOST, MODEL, STRANGER + index].map((user) => [`/${name} by ${user}`, user, name, given] as const),
    ),
    8,
  ),
)('%s, who is no manager, is answered and changes nothing', (_, user, name, given) => unchanged(user, name, given));

async function unchanged(user: number, name: string, given: Record<string, string>): Promise<void> {
  const before = await state();
  const known = discord.commands().find((one) => one.name === name);
  const options = (known?.options ?? []) as { name: string }[];
  const values = Object.values(given);
  const asked = discord.slash(
    user,
    name,
    Object.fromEntries(values.flatMap((value, index) => (options[index] ? [[options[index].name, value]] : []))),
    { unchecked: true },
  );
  const count = telegram.fromBot(user).length;
  telegram.say(user, ['', name].join('/') + values.map((value) => ` ${value}`).join(''));
  await eventually(() => discord.answerTo(asked) !== undefined && telegram.fromBot(user).length > count, {
    what: `answers to /${name}`,
    withinMs: 8_000,
  });
  const answers = [discord.answerTo(asked)?.text ?? '', ...telegram.fromBot(user).map(({ text }) => text)];
  expect(answers.filter((text) => /went wrong/i.test(text))).toEqual([]);
  expect(telegram.fromBot(user)).toHaveLength(count + 1);
  expect(await state()).toEqual(before);
  expect([...telegram.violations, ...discord.violations]).toEqual([]);
}

/** Everything that a command could change, but for questions that wait to be answered. */
function state() {
  return house.inside(async ({ connection }) => {
    const names = ['invoices', 'standing_decisions', 'standings', 'ledger_entries', 'audit_records', 'accounts'];
    return Promise.all(names.map((name) => connection.collection(name).find().sort({ _id: 1 }).toArray()));
  });
}
