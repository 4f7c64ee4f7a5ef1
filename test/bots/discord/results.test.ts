import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { earnedAsMarketer } from '../../affiliates/world.ts';
import { deepTest } from '../../support/depth.ts';
import { type DiscordMessage, type DiscordStandIn, startDiscord } from '../../support/discord.ts';
import { eventually } from '../../support/eventually.ts';
import { createDiscordWorld, type DiscordWorld } from './world.ts';

const CYCLE = '2026-12-01';
const MANAGER = 6_101;
const READER = 6_102;
let world: DiscordWorld;
let discord: DiscordStandIn;

beforeAll(async () => {
  world = await createDiscordWorld();
  discord = await startDiscord();
  const bot = world.bot(discord);
  await eventually(async () => (await bot.health()).gateway);
  await world.linked('olga', 'manager', MANAGER);
  await world.linked('mira', 'model', READER);
  for (const [index, accountId] of ['anna', 'boris', 'cleo'].entries()) {
    await world.account(accountId, 'marketer');
    await earnedAsMarketer(world, accountId, (index + 1) * 10_000);
  }
  await world.travelTo(`${CYCLE}T09:00:00Z`);
});
afterAll(async () => {
  await world.close();
  await discord.close();
});
afterEach(() => {
  expect(discord.violations).toEqual([]);
});

const table = (...rows: string[]) => Buffer.from(['payoutId,status,amount', ...rows].join('\n'));
const UNKNOWN = Array.from({ length: 6 }, (_, index) => `${CYCLE}:nobody${index},paid,1.00`);
const MIXED = table(
  `${CYCLE}:anna,paid,100.00`,
  `${CYCLE}:boris,failed,200.00`,
  `${CYCLE}:cleo,paid,300.01`,
  ...UNKNOWN,
);

async function answered(interaction: string): Promise<DiscordMessage> {
  await eventually(() => discord.answerTo(interaction) !== undefined);
  const message = discord.answerTo(interaction);
  if (message === undefined) throw new Error('no answer');
  return message;
}
type File = NonNullable<NonNullable<Parameters<DiscordStandIn['slash']>[3]>['file']>;
const results = (file: File, user = MANAGER, given = {}) => answered(discord.slash(user, 'results', given, { file }));
const taken = () => world.core.bankResults.ofCycle(CYCLE);
const statuses = async () =>
  Promise.all(
    ['anna', 'boris', 'cleo'].map(async (id) => (await world.core.affiliates.payouts.get(`${CYCLE}:${id}`))?.status),
  );

describe('the result of a bank as a file', () => {
  it('is asked for first, and there has to be an approved batch', async () => {
    expect(discord.commands().find(({ name }) => name === 'results')?.options).toMatchObject([
      { name: 'file', type: 11, required: true },
      { name: 'date', required: false },
    ]);
    expect((await results({ content: MIXED })).text).toContain('is not approved');
    const { check, approve } = world.core.paydays.batchActs;
    await check(CYCLE, { actor: 'ops' }, world.clock.now());
    await approve(CYCLE, { actor: 'boss' }, world.clock.now());
  });

  it('is not fetched from elsewhere, after a redirect, when it is too large, or for somebody else', async () => {
    const elsewhere = [
      'http://127.0.0.1:1/x',
      'https://cdn.discordapp.com.example.org/x',
      'http://cdn.discordapp.com/x',
    ];
    for (const url of elsewhere) expect((await results({ content: MIXED, url })).text).toContain('not be fetched');
    expect((await results({ content: new URL(discord.root) })).text).toContain('not be fetched');
    expect((await results({ content: MIXED, size: 2 ** 24 + 1 })).text).toContain('larger than 16 MiB');
    expect((await results({ content: Buffer.alloc(2 ** 24 + 1), size: 5 })).text).toContain('larger than 16 MiB');
    expect((await results({ content: MIXED }, READER)).text).toContain("I don't know /results");
  });

  it('has its faults by line, and nothing of it is taken', async () => {
    const { text } = await results({ content: table('x,lost,', ...Array.from({ length: 6 }, () => 'y,,')) });
    expect(text).toContain('7 faults');
    expect(text).toContain('Line 2');
    expect(text).toContain('“lost”');
    expect(text).toContain('Line 6');
    expect(text).not.toContain('Line 7');
    expect(await taken()).toEqual([]);
  });

  deepTest('says what it would do, and does it once, however often it is pressed', async () => {
    const question = await results({ content: MIXED });
    for (const said of ['1, $100.00', '1, $200.00', '7 lines differ', '$300.01 instead of $300.00', 'nobody0'])
      expect(question.text).toContain(said);
    expect(question.text).not.toContain('nobody5');
    expect(question.files[0]?.name).toBe(`differences-${CYCLE}.csv`);
    expect(question.files[0]?.bytes.toString()).toContain('nobody5');
    expect([await taken(), await statuses()]).toEqual([[], ['due', 'due', 'due']]);
    const press = () => answered(discord.press(MANAGER, question.messageId, 'Results: '));
    const presses = await Promise.all([press(), press()]);
    for (const { text } of presses) expect(text).toContain('Results taken');
    expect(await statuses()).toEqual(['paid', 'failed', 'due']);
    expect(await taken()).toHaveLength(1);
    expect((await results({ content: MIXED }, MANAGER, { date: CYCLE })).text).toContain('nothing was changed now');
  });
});
