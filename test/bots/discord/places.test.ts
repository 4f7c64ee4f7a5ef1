import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Notice } from '../../../src/notices/notices.ts';
import { deepTest, sampleOf } from '../../support/depth.ts';
import { type DiscordStandIn, GUILD, startDiscord } from '../../support/discord.ts';
import { eventually } from '../../support/eventually.ts';
import { noticeTo } from '../world.ts';
import { createDiscordWorld, type DiscordWorld, keyTold, MONDAY } from './world.ts';

/** Where the bot writes: a thread of each person's own, and a channel where all managers read. */

const THREADS_IN = '910000000000000001';
const MANAGERS = '920000000000000001';

let world: DiscordWorld;
let discord: DiscordStandIn;

beforeEach(async () => {
  world = await createDiscordWorld();
  discord = await startDiscord({ throttleEvery: 0 });
});
afterEach(async () => {
  await world.close();
  await discord.close();
  expect(discord.violations).toEqual([]);
});

type Places = { threadsIn?: string; managers?: { channelId: string; language: 'en' | 'uk' } };

async function started(places: Places) {
  const { token, applicationId, root: apiRoot } = discord;
  const settings = { token, applicationId, guildId: GUILD, apiRoot, ...places };
  const bot = world.bot(discord, { settings, limits: { perSecond: 20, perChatMs: 20 } });
  await eventually(async () => (await bot.health()).gateway);
  return bot;
}

async function tell(...notices: Notice[]): Promise<void> {
  await world.core.notices.enqueue(notices, MONDAY);
}

function inThreadOf(user: number): string[] {
  const [id = ''] = [...discord.threads].find(([, { members }]) => members.includes(String(user))) ?? [];
  return discord.inChannel(id).map(keyTold);
}

describe('a thread for each person', () => {
  beforeEach(async () => {
    discord.guildChannel(THREADS_IN);
    await world.linked('m1', 'model', 1);
    await world.linked('m2', 'model', 2);
  });

  it('is private, has one member, is named for nobody, and is used again', async () => {
    const bot = await started({ threadsIn: THREADS_IN });
    await tell(noticeTo('m1', 'a'), noticeTo('m2', 'b'), noticeTo('m1', 'c'));
    await bot.drain();
    expect([...discord.threads.values()].map(({ members, name }) => [members, name])).toEqual([
      [['1'], 'settlebot'],
      [['2'], 'settlebot'],
    ]);
    expect([inThreadOf(1), inThreadOf(2)]).toEqual([['a', 'c'], ['b']]);
    expect(discord.inChannel(THREADS_IN)).toEqual([]);
  });

  deepTest(
    'is made anew when it was deleted or locked, and opened again to change a card when it is archived',
    async () => {
      const bot = await started({ threadsIn: THREADS_IN });
      await tell(noticeTo('m1', 'a'), noticeTo('m2', 'b'));
      await bot.drain();
      const [first, second] = [...discord.threads.entries()];
      discord.removeChannel(first?.[0] ?? '');
      if (second !== undefined) second[1].isLocked = true;
      await tell(noticeTo('m1', 'c'), noticeTo('m2', 'd'));
      await eventually(async () => (await bot.health()).deliveries.sent === 4, { withinMs: 10_000 });
      expect(inThreadOf(1)).toEqual(['c']);
      expect([...discord.threads.keys()].flatMap((id) => discord.inChannel(id).map(keyTold))).toContain('d');
      for (const thread of discord.threads.values()) thread.isArchived = true;
      await tell({ ...noticeTo('m1', 'card'), replaces: 'c' });
      await bot.drain();
      expect(inThreadOf(1)).toEqual(['card']);
    },
  );

  deepTest('gives way to a direct message when the bot loses its permission there', async () => {
    const bot = await started({ threadsIn: THREADS_IN });
    await tell(noticeTo('m1', 'a'));
    await bot.drain();
    discord.guildChannel(THREADS_IN, { mayWrite: false });
    await tell(noticeTo('m1', 'b'));
    await eventually(async () => (await bot.health()).deliveries.sent === 2, { withinMs: 10_000 });
    expect(inThreadOf(1)).toEqual(['a']);
    expect(discord.fromBot(1)).toHaveLength(2);
    expect((await world.core.accounts.linksOf(['m1']))[0]?.unreachable).toBeUndefined();
  });

  it.each(
    sampleOf(
      [
        ['the bot may start none', () => discord.guildChannel(THREADS_IN, { mayWrite: false })],
        ['the channel is gone', () => discord.removeChannel(THREADS_IN)],
        ['they are not on the server', () => discord.leaveServer(1)],
      ],
      1,
    ),
  )('gives way to a direct message where %s, and nobody counts as out of reach', async (_, happen) => {
    happen();
    const bot = await started({ threadsIn: THREADS_IN });
    await tell(noticeTo('m1', 'a'));
    await bot.drain();
    expect(discord.fromBot(1).map(({ text }) => text.split('\n')[0])).toHaveLength(1);
    expect((await world.core.accounts.linksOf(['m1']))[0]?.unreachable).toBeUndefined();
    expect(world.logged.join('\n')).toContain('so people are written to directly');
  });
});

describe("the managers' channel", () => {
  const managers = { channelId: MANAGERS, language: 'uk' as const };

  beforeEach(async () => {
    discord.guildChannel(MANAGERS);
    await world.linked('boss', 'manager', 1);
    await world.linked('chief', 'manager', 2);
    await world.linked('m1', 'model', 3);
    for (const id of ['boss', 'chief']) {
      await world.core.accounts.changeSettings(id, { cadence: { topic: 'seals', cadence: 'at-once' } });
    }
  });

  function sealed(accountId: string): Notice {
    const data = { day: '2026-11-22', number: 7, hash: 'ab12' };
    return {
      ...{ key: `seals:${accountId}`, accountId, urgent: false, at: MONDAY, kind: 'manager.day_sealed' as const },
      data,
    };
  }

  deepTest(
    'has once what is the same for all of them, in its language, and what is not for all goes to each',
    async () => {
      const bot = await started({ managers });
      await tell(sealed('boss'), sealed('chief'), { ...noticeTo('m1', 'a') });
      await bot.drain();
      expect(discord.inChannel(MANAGERS)).toHaveLength(1);
      expect(discord.inChannel(MANAGERS)[0]?.text).toMatch(/[а-яі]/);
      expect([1, 2, 3].map((user) => discord.fromBot(user).length)).toEqual([0, 0, 1]);
      expect((await bot.health()).deliveries).toMatchObject({ sent: 3, due: 0 });
    },
  );

  deepTest('has it once also after a lost answer, and after another process took over', async () => {
    discord.fail({ kind: 'cut', after: true, method: 'POST', path: new RegExp(MANAGERS) });
    const one = await started({ managers });
    await tell(sealed('boss'));
    await eventually(async () => (await one.health()).deliveries.sent === 1, { withinMs: 10_000 });
    await one.stop();
    const other = await started({ managers });
    await tell(sealed('chief'));
    await eventually(async () => (await other.health()).deliveries.sent === 2, { withinMs: 10_000 });
    expect(discord.inChannel(MANAGERS)).toHaveLength(1);
  });

  deepTest('answers who presses a button there by their own account, and only they see it', async () => {
    const bot = await started({ managers });
    await tell(sealed('boss'));
    await bot.drain();
    const [post] = discord.inChannel(MANAGERS);
    if (post === undefined) throw new Error('nothing was posted');
    const answerTo = async (user: number) => {
      const pressed = discord.pressId(user, post, '/health');
      await eventually(() => discord.answerTo(pressed) !== undefined);
      return discord.answerTo(pressed);
    };
    const [manager, model, stranger] = [await answerTo(1), await answerTo(3), await answerTo(99)];
    expect(manager?.text).not.toContain('/health');
    expect(model?.text).toContain('/health');
    expect(stranger?.text).toContain('/link');
    expect([manager, model, stranger].map((answer) => answer?.ephemeral)).toEqual([true, true, true]);
  });

  deepTest('that takes no messages is told of in /health, and each manager is written to', async () => {
    discord.guildChannel(MANAGERS, { mayWrite: false });
    const bot = await started({ managers });
    await tell(sealed('boss'), sealed('chief'));
    await bot.drain();
    expect([1, 2].map((user) => discord.fromBot(user).length)).toEqual([1, 1]);
    const asked = discord.slash(1, 'health');
    await eventually(() => discord.answerTo(asked) !== undefined);
    expect(discord.answerTo(asked)?.text).toContain('channel in Discord takes no messages: “Missing Access”');
  });
});
