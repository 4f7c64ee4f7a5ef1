import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../../../bots/discord/api.ts';
import { createPlaces } from '../../../bots/discord/places.ts';
import { createPost } from '../../../bots/discord/post.ts';
import { createBotStore } from '../../../bots/discord/store.ts';
import { deepTest } from '../../support/depth.ts';

import { type DiscordOptions, type DiscordStandIn, startDiscord } from '../../support/discord.ts';
import { eventually } from '../../support/eventually.ts';
import { noticeTo } from '../world.ts';
import { createDiscordWorld, type DiscordWorld, keyTold, MONDAY } from './world.ts';

/** Notices and connections against a Discord that enforces its limits and is not always there. */

let world: DiscordWorld;
let discord: DiscordStandIn;

beforeEach(async () => {
  world = await createDiscordWorld();
});
afterEach(async () => {
  await world.close();
  await discord.close();
  expect(world.logged.join('\n')).not.toContain(discord.token);
});

/** Bare links, without the detour over codes. */
async function people(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `p${1_000 + index}`);
  await world.connection.collection<{ _id: string }>('chat_links').insertMany(
    ids.map((accountId, index) => {
      const id = String(1_000 + index);
      const link = { accountId, channel: 'discord', userId: id, chatId: id, linkedAt: MONDAY };
      return { _id: `discord:${id}`, ...link };
    }),
  );
  return ids;
}

async function started(options: DiscordOptions = {}, changes: Parameters<DiscordWorld['bot']>[1] = {}) {
  discord = await startDiscord(options);
  const bot = world.bot(discord, changes);
  await eventually(async () => (await bot.health()).gateway);
  return bot;
}

async function tell(ids: string[], round = 'n'): Promise<void> {
  await world.core.notices.enqueue(
    ids.map((id) => noticeTo(id, `${round}:${id}`)),
    MONDAY,
  );
}

/** What somebody was told, each message by its key. */
function told(user: number): string[] {
  return discord
    .sent()
    .filter((message) => message.user === String(user))
    .map(keyTold);
}

describe('notices as direct messages', () => {
  deepTest('reach everybody once and in order, within the limits, with one call in twenty told to wait', async () => {
    const ids = await people(60);
    const bot = await started();
    await tell(ids, 'a');
    await tell(ids, 'b');
    await tell(ids, 'b');
    await eventually(async () => (await bot.health()).deliveries.sent === 120, { withinMs: 20_000 });
    for (const [index, id] of ids.entries()) expect(told(1_000 + index)).toEqual([`a:${id}`, `b:${id}`]);
    expect(discord.violations).toEqual([]);
    expect(discord.throttled()).toBeGreaterThan(3);
  });

  deepTest('does not send twice what arrived though its answer was lost', async () => {
    const [one = '', other = ''] = await people(2);
    const bot = await started({ throttleEvery: 0 });
    discord.fail({ kind: 'cut', after: true, path: /channels\/\d+\/messages/ });
    await tell([one]);
    await eventually(async () => (await bot.health()).deliveries.sent === 1);
    discord.fail({ kind: 'hang', after: true, path: /channels\/\d+\/messages/ });
    await tell([other]);
    await eventually(async () => (await bot.health()).deliveries.sent === 2, { withinMs: 20_000 });
    expect([told(1_000), told(1_001)]).toEqual([[`n:${one}`], [`n:${other}`]]);
    expect((await bot.health()).deliveries).toMatchObject({ due: 0, unconfirmed: 0 });
  });

  deepTest('stops writing to a closed inbox until the person is heard of again', async () => {
    const [gone = '', other = ''] = await people(2);
    await world.account(gone, 'model', { name: 'Anna' });
    const bot = await started();
    discord.closeInbox(1_000);
    await world.core.notices.enqueue([noticeTo(gone, 'a'), noticeTo(gone, 'b'), noticeTo(other, 'c')], MONDAY);
    await bot.drain();
    await tell([gone], 'd');
    await bot.drain();
    expect([told(1_000), told(1_001)]).toEqual([[], ['c']]);
    expect((await bot.health()).deliveries).toMatchObject({ due: 0, undeliverable: 2, sent: 1 });
    expect((await world.core.accounts.linksOf([gone]))[0]?.unreachable?.reason).toContain('Cannot send messages');
    discord.openInbox(1_000);
    const help = discord.slash(1_000, 'help');
    await eventually(() => discord.answerTo(help) !== undefined);
    await tell([gone], 'e');
    await eventually(() => told(1_000).length === 1);
    expect(told(1_000)).toEqual([`e:${gone}`]);
  });

  deepTest('tries again after errors and opens a channel anew that is gone', async () => {
    const [one = '', other = ''] = await people(2);
    const bot = await started({ throttleEvery: 0 });
    await world.connection
      .collection<{ _id: string }>('discord_channels')
      .insertOne({ _id: `${discord.applicationId}:1001`, channelId: '1' } as { _id: string });
    discord.fail({ kind: 'status', status: 502, path: /users\/@me\/channels/ });
    await tell([one, other]);
    await eventually(async () => (await bot.health()).deliveries.sent === 2, { withinMs: 15_000 });
    expect([told(1_000), told(1_001)]).toEqual([[`n:${one}`], [`n:${other}`]]);
  });

  it('has buttons that work, privately', async () => {
    await started();
    await world.linked('m1', 'model', 1_500);
    const invoiceId = await world.issue('m1');
    await world.topUp('m1', 5_000);
    await world.core.notices.enqueue(
      [{ ...noticeTo('m1', 'x'), data: { ...noticeTo('m1', 'x').data, invoiceId } } as never],
      MONDAY,
    );
    await eventually(() => told(1_500).length === 1);
    const [message] = discord.sent();
    const pressed = discord.press(1_500, message?.messageId ?? '', 'Invoice');
    await eventually(() => discord.answerTo(pressed) !== undefined);
    expect(discord.answerTo(pressed)).toMatchObject({ ephemeral: true });
    expect(discord.answerTo(pressed)?.text).toContain('$41.08');
  });
});

describe('answers', () => {
  deepTest('come with files, and again when the first try was lost', async () => {
    const attachment = { name: 'overdue.csv', contentType: 'text/csv', content: 'invoice,total\n"é",41.08\n' };
    await started({}, { run: async () => ({ paragraphs: ['Here it is.'], attachment, buttons: [] }) });
    discord.fail({ kind: 'status', status: 503, method: 'PATCH' });
    const asked = discord.slash(1_500, 'help');
    await eventually(() => discord.answerTo(asked) !== undefined);
    const { content: text, ...rest } = attachment;
    expect(discord.answerTo(asked)).toMatchObject({ text: 'Here it is.', files: [{ ...rest, text }], ephemeral: true });
    expect(discord.violations).toEqual([]);
  });
});

describe('cards', () => {
  it('are edited in place; one that is gone is left alone', async () => {
    discord = await startDiscord({ throttleEvery: 0 });
    const api = createApi({ token: discord.token, applicationId: discord.applicationId, apiRoot: discord.root });
    const store = createBotStore(world.connection, discord.applicationId);
    const places = createPlaces({ api, store, threadsIn: undefined, warn: () => {} });
    const post = createPost({ api, places, storeCallbacks: async () => {}, onUnauthorized: () => {} });
    const sent = await post.send('1500', { paragraphs: ['open'], buttons: [] }, { key: 'card', failures: 0 });
    const messageId = sent.kind === 'sent' ? sent.messageId : '';
    const paid = { paragraphs: ['paid'], buttons: [] };
    expect(await post.edit('1500', messageId, paid)).toEqual({ kind: 'sent', messageId });
    expect(discord.sent().map(({ text }) => text)).toEqual(['paid']);
    expect(await post.edit('1500', '1', paid)).toEqual({ kind: 'moot' });
  });
});

describe('the token', () => {
  it('turns the bot off with one line when it is wrong, and the rest goes on', async () => {
    discord = await startDiscord();
    const bot = world.bot({ ...discord, token: 'a-wrong-token' });
    await eventually(() => bot.state() === 'off');
    await bot.drain();
    expect(world.logged).toHaveLength(1);
    expect(world.logged[0]).toContain('DISCORD_BOT_TOKEN');
    expect(world.logged[0]).not.toContain('a-wrong-token');
    await bot.stop();
  });

  it.each([
    ['the gateway refuses it', () => discord.gateway.closeAll(4_004)],
    ['a call refuses it', () => discord.fail({ kind: 'status', status: 401, path: /messages$/ })],
  ])('turns it off when %s later, and notices stay due', async (_, refuse) => {
    const ids = await people(1);
    const bot = await started({ throttleEvery: 0 });
    refuse();
    await tell(ids);
    await eventually(() => bot.state() === 'off');
    await eventually(async () => (await bot.health()).deliveries.due === 1);
    expect(world.logged.filter((line) => line.includes('DISCORD_BOT_TOKEN'))).toHaveLength(1);
  });
});

describe('when Discord is away', () => {
  deepTest.each([
    ['can be resumed', false],
    ['is forgotten', true],
  ])('comes back by itself, with nothing lost and nothing double; the session %s', async (_, forget) => {
    const ids = await people(12);
    const bot = await started({ throttleEvery: 0, identifyMs: 500 });
    await world.linked('m1', 'model', 1_500);
    await tell(ids.slice(0, 4), 'before');
    const waiting = discord.slash(1_500, 'balance');
    await eventually(() => discord.messages(1_500).some((message) => message.thinking || message.from === 'bot'));
    discord.goDown({ forget });
    await tell(ids, 'during');
    await eventually(async () => !(await bot.health()).gateway);
    // Long enough for several tries of everything.
    const end = performance.now() + 4_000;
    await eventually(() => performance.now() > end);
    discord.comeUp();
    await eventually(async () => (await bot.health()).gateway, { withinMs: 15_000 });
    await eventually(async () => (await bot.health()).deliveries.sent === 16, { withinMs: 15_000 });
    await eventually(() => discord.answerTo(waiting) !== undefined, { withinMs: 20_000 });
    for (const [index, id] of ids.entries()) {
      expect(told(1_000 + index)).toEqual([...(index < 4 ? [`before:${id}`] : []), `during:${id}`]);
    }
    const help = discord.slash(1_500, 'help');
    await eventually(() => discord.answerTo(help) !== undefined);
    expect(world.logged.filter((line) => line.includes('not reachable'))).toHaveLength(1);
    // The library starts a new session when it could not even connect, though the old one may still be there.
    expect(discord.gateway.identifies() + discord.gateway.resumes()).toBeGreaterThanOrEqual(2);
  });

  deepTest('starts while Discord is away and goes on trying', async () => {
    discord = await startDiscord({ throttleEvery: 0 });
    discord.goDown();
    const bot = world.bot(discord);
    await eventually(() => world.logged.length > 0);
    await bot.drain();
    expect(bot.state()).toBe('connecting');
    discord.comeUp();
    await eventually(async () => (await bot.health()).gateway, { withinMs: 15_000 });
    expect(world.logged.filter((line) => line.includes('not reachable'))).toHaveLength(1);
  });

  deepTest('follows when Discord asks to reconnect', async () => {
    const bot = await started();
    await world.linked('m1', 'model', 1_500);
    discord.gateway.askToReconnect();
    await eventually(() => discord.gateway.resumes() === 1);
    await eventually(async () => (await bot.health()).gateway);
    const help = discord.slash(1_500, 'help');
    await eventually(() => discord.answerTo(help) !== undefined);
  });

  deepTest('stops within moments, connected or not', async () => {
    const bot = await started();
    discord.goDown();
    await eventually(async () => !(await bot.health()).gateway);
    const before = performance.now();
    await bot.stop();
    expect(performance.now() - before).toBeLessThan(1_500);
    discord.comeUp();
    // Nothing of it comes back to life.
    const end = performance.now() + 1_500;
    await eventually(() => performance.now() > end);
    expect(discord.gateway.connected()).toBe(0);
  });
});

describe('two processes', () => {
  deepTest('have one gateway between them, and the other takes over', async () => {
    const ids = await people(10);
    const one = await started({ throttleEvery: 0, identifyMs: 500 });
    await world.linked('m1', 'model', 1_500);
    const other = world.bot(discord);
    await eventually(() => other.state() === 'on');
    await tell(ids, 'a');
    await one.drain();
    expect(discord.gateway.connected()).toBe(1);
    expect((await other.health()).leaderState).toBe('standby');
    await one.stop();
    await eventually(async () => (await other.health()).gateway, { withinMs: 15_000 });
    expect(discord.gateway.connected()).toBe(1);
    await tell(ids, 'b');
    await other.drain();
    for (const [index, id] of ids.entries()) expect(told(1_000 + index)).toEqual([`a:${id}`, `b:${id}`]);
    const help = discord.slash(1_500, 'help');
    await eventually(() => discord.answerTo(help) !== undefined);
    expect(discord.violations).toEqual([]);
  });

  deepTest('take over from one that died, whose half-sent message is not sent again', async () => {
    const [id = ''] = await people(1);
    discord = await startDiscord({ throttleEvery: 0 });
    // What a dead process leaves behind: the role for some more seconds, and a message on its way.
    await world.core.leases.acquire('channel:discord', 2_000);
    await world.core.notices.enqueue([noticeTo(id, 'a'), noticeTo(id, 'b')], MONDAY);
    await world.core.noticeStore.updateOne(
      { _id: 'a>discord:1000' },
      { $set: { state: 'sending', sender: 'a dead one' } },
    );
    const bot = world.bot(discord);
    await eventually(() => bot.state() === 'on');
    expect((await bot.health()).leaderState).toBe('standby');
    await eventually(async () => (await bot.health()).deliveries.sent === 1, { withinMs: 15_000 });
    expect(told(1_000)).toEqual(['b']);
    expect((await bot.health()).deliveries).toMatchObject({ unconfirmed: 1, sent: 1 });
  });
});
