import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createDiscordBot } from '../../bots/discord/bot.ts';
import type { Notice } from '../../src/notices/notices.ts';
import { deepTest } from '../support/depth.ts';
import { type DiscordStandIn, GUILD, startDiscord } from '../support/discord.ts';
import { eventually } from '../support/eventually.ts';
import { startTelegram, type TelegramStandIn } from '../support/telegram.ts';
import { type BotWorld, createBotWorld, MONDAY, noticeTo } from './world.ts';

/** How a notice comes, in both channels: below its card, and without a sound in quiet hours. */

let world: BotWorld;
let telegram: TelegramStandIn;
let discord: DiscordStandIn;
let bots: { drain(): Promise<void>; stop(): Promise<void> }[];

beforeAll(async () => {
  world = await createBotWorld();
  telegram = await startTelegram({ perChatMs: 50 });
  discord = await startDiscord({ throttleEvery: 0 });
  const limits = { perSecond: 30, perChatMs: 50 };
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const { token, applicationId, root: apiRoot } = discord;
  const settings = { token, applicationId, guildId: GUILD, apiRoot };
  const { runCommand: run, suggestArguments: suggest } = world.core;
  const other = createDiscordBot({ ...world.core, settings, run, suggest, log, limits });
  other.start();
  bots = [world.bot(telegram, { limits }), other];
  await eventually(async () => (await other.health()).gateway);
});
afterAll(async () => {
  await bots[1]?.stop();
  await world.close();
  await telegram.close();
  await discord.close();
  expect([...telegram.violations, ...discord.violations]).toEqual([]);
});

async function model(accountId: string, chat: number): Promise<void> {
  await world.linked(accountId, 'model', chat);
  await world.link(accountId, 'discord', String(chat));
}

async function tell(...notices: Notice[]): Promise<void> {
  await world.notices.enqueue(notices, MONDAY);
  for (const bot of bots) await bot.drain();
}

function issued(accountId: string, invoiceId: string): Notice {
  const amounts = { total: 4_108, balance: 0, discount: 0, credit: 0, late: 0 };
  return {
    ...{ key: `invoice:${invoiceId}:issued`, accountId, urgent: false, at: MONDAY, kind: 'invoice.issued' as const },
    data: { invoiceId, week: '2026-W47', dueAt: MONDAY, ...amounts },
  };
}

function paid(accountId: string, invoiceId: string): Notice {
  const { data, ...notice } = noticeTo(accountId, `paid:${invoiceId}`);
  return { ...notice, data: { ...data, invoiceId } } as Notice;
}

describe('a notice about an invoice', () => {
  it('answers the card of that invoice, in each chat', async () => {
    await model('m1', 1);
    await tell(issued('m1', '2026-W47:m1'), issued('m1', '2026-W46:m1'));
    await tell(paid('m1', '2026-W47:m1'));
    const [card, other, said] = telegram.fromBot(1);
    expect([card?.repliesTo, other?.repliesTo, said?.repliesTo]).toEqual([undefined, undefined, card?.messageId]);
    const [discordCard, , discordSaid] = discord.fromBot(1);
    expect(discordSaid?.repliesTo).toBe(discordCard?.messageId);
  });

  deepTest('comes all the same where there is no card, or it is deleted', async () => {
    await model('m2', 2);
    await tell(paid('m2', '2026-W45:m2'), issued('m2', '2026-W47:m2'));
    const delivered = { $set: { messageId: '999999' } };
    await world.noticeStore.updateMany({ _id: /^invoice:2026-W47:m2:issued>/ }, delivered);
    await tell(paid('m2', '2026-W47:m2'));
    expect(telegram.fromBot(2).map(({ repliesTo }) => repliesTo)).toEqual([undefined, undefined, undefined]);
    expect(discord.fromBot(2).map(({ repliesTo }) => repliesTo)).toEqual([undefined, undefined, undefined]);
  });
});

describe('in quiet hours', () => {
  deepTest(
    'what is urgent makes a sound, what asks for nothing makes none, and what asks for something waits',
    async () => {
      await model('m3', 3);
      await world.accounts.changeSettings('m3', { quiet: { from: '22:00', until: '08:00' } });
      await tell(
        paid('m3', '2026-W44:m3'),
        { ...paid('m3', '2026-W43:m3'), urgent: true },
        issued('m3', '2026-W47:m3'),
      );
      expect(telegram.fromBot(3).map(({ isSilent }) => isSilent)).toEqual([true, undefined]);
      expect(discord.fromBot(3).map(({ isSilent }) => isSilent)).toEqual([true, undefined]);
    },
  );
});
