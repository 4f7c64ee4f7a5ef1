import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { deepTest } from '../../support/depth.ts';
import { type DiscordStandIn, startDiscord } from '../../support/discord.ts';
import { eventually } from '../../support/eventually.ts';
import { createDiscordWorld, type DiscordWorld } from './world.ts';

const user = 6_001;
let world: DiscordWorld;
let discord: DiscordStandIn;

beforeAll(async () => {
  world = await createDiscordWorld();
  discord = await startDiscord();
  const bot = world.bot(discord);
  await eventually(async () => (await bot.health()).gateway);
});
afterAll(async () => {
  await world.close();
  await discord.close();
});
afterEach(() => {
  expect(discord.violations).toEqual([]);
});

async function slash(name: string, given: Record<string, string> = {}) {
  const interaction = discord.slash(user, name, given);
  await eventually(() => discord.answerTo(interaction) !== undefined);
  const message = discord.answerTo(interaction);
  if (message === undefined) throw new Error('no answer');
  expect(message.ephemeral).toBe(true);
  return message;
}

describe('an affiliate', () => {
  deepTest('has the own commands with their arguments, and the picture of what was earned in an answer', async () => {
    await world.linked(`a${user}`, 'affiliate', user);
    const options = (name: string) => discord.commands().find((command) => command.name === name)?.options;
    expect(options('cycle')).toMatchObject([{ name: 'date', required: false, autocomplete: true }]);
    expect(options('settle')).toMatchObject([
      { name: 'id', required: true, autocomplete: true },
      { name: 'reference', required: true },
    ]);
    expect(options('why')).toMatchObject([{ name: 'id', required: true, autocomplete: true }]);
    const earned = await slash('earnings');
    expect(earned.text).toContain('Earned in the last 12 weeks');
    const [file] = earned.files;
    expect(file).toMatchObject({ name: 'earnings.png', contentType: 'image/png' });
    expect(file?.bytes.subarray(-8, -4).toString('latin1')).toBe('IEND');
    expect((await slash('settle', { id: '2026-04-01:x', reference: 'y' })).text).toContain("I don't know /settle");
  });
});
