import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import { noticeMessage } from '../../../src/notices/messages/notice.ts';
import { deepTest } from '../../support/depth.ts';
import { noticesOf } from '../../support/notices.ts';
import { createWorld, PLATFORM, throwIt } from '../../support/world.ts';
import { chatsOf, labels, text } from '../world.ts';

/** What chat has of the console: its link, its sessions, and what is told of them. */

const CONSOLE = 'https://console.example';
const world = await createWorld({
  startsAt: '2026-11-23T06:00:00Z',
  environment: { ...PLATFORM, CONSOLE_URL: CONSOLE },
  onError: throwIt,
});
afterAll(world.close);
const { core } = world;
const FROM = { network: '203.0.113.0', userAgent: 'Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0' };
const READER = { timeZone: 'UTC', currency: 'USD' };

let people = 0;
beforeEach(() => {
  people += 1;
});

async function person(role: 'model' | 'manager' = 'model') {
  const accountId = `p${people}`;
  await world.account(accountId, role);
  return { accountId, ...(await chatsOf(world, accountId, 7_000 + people)) };
}

type Person = Awaited<ReturnType<typeof person>>;

async function tokenFor({ type }: Pick<Person, 'type'>): Promise<string> {
  const message = await type('/console');
  const url = message.buttons.flat().find((button) => button.url !== undefined)?.url ?? '';
  return url.slice(`${CONSOLE}/console/#link=`.length);
}

async function session(one: Person): Promise<string> {
  const opened = await core.console.sessions.redeem(await tokenFor(one), FROM);
  if (opened.kind !== 'opened') throw new Error(opened.kind);
  return opened.session.sessionId;
}

async function toldOf(kind: string, accountId: string) {
  const found = await noticesOf(core, { accountId, 'content.kind': kind });
  return found.map(({ userId, channel, content }) => ({
    chat: `${channel}:${userId}`,
    message: noticeMessage(content, READER),
  }));
}

describe('/console', () => {
  it('answers with a link that opens one session, and that no channel lets forward', async () => {
    const one = await person();
    const message = await one.type('/console');
    expect(text(message)).toContain(
      'It works once, within 60 seconds, and for you alone: whoever opens it acts as you. Never forward it.',
    );
    expect(message).toMatchObject({ isSecret: true });
    const [link, app] = message.buttons.flat();
    expect(link?.url).toMatch(/^https:\/\/console\.example\/console\/#link=[\w-]{43}$/);
    expect(app?.app).toBe('https://console.example/console/telegram');
    const token = link?.url?.split('#link=')[1] ?? '';
    expect(await core.console.sessions.redeem(token, FROM)).toMatchObject({ kind: 'opened' });
    expect(await core.console.sessions.redeem(token, FROM)).toEqual({ kind: 'invalid' });
  });

  it('is for managers without any right, too, and says when there were too many', async () => {
    const boss = await person('manager');
    for (let count = 0; count < 5; count += 1)
      expect(labels(await boss.type('/console'))).toContain('Open the console');
    expect(text(await boss.type('/console'))).toMatch(
      /Too many links at once\nPlease wait \d+ seconds?, then send \/console again\./,
    );
  });

  it('is not run by a forwarded message, nor by words without a slash', async () => {
    const { userId } = await person();
    const chat = { channel: 'telegram' as const, userId, chatId: userId };
    const links = world.collection('console_links');
    for (const [said, arrival] of [
      ['/console', { isForwarded: true }],
      ['console', {}],
    ] as const) {
      const asked = await core.runCommand(chat, said, arrival);
      expect(asked.buttons.flat()).toEqual([{ label: 'Console', command: '/console' }]);
    }
    expect(await links.countDocuments({ userId })).toBe(0);
  });

  it('is not given from the console itself, nor is a chat linked there', async () => {
    const { userId } = await person();
    const chat = { channel: 'telegram' as const, userId, chatId: userId };
    expect(text(await core.runCommand(chat, '/console', { isFromConsole: true }))).toContain(
      '/console is for the chat alone',
    );
    await world.account(`q${people}`, 'model');
    const code = await world.linkCode(`q${people}`);
    expect(text(await core.runCommand(chat, `/start ${code}`, { isFromConsole: true }))).toContain('/start');
    expect((await core.accounts.byLink('telegram', userId))?.accountId).toBe(`p${people}`);
  });

  it('leaves its token nowhere', async () => {
    const one = await person();
    const token = await tokenFor(one);
    expect(token).toHaveLength(43);
    await core.console.sessions.redeem(token, FROM);
    const database = world.connection.db;
    for (const { name } of (await database?.listCollections().toArray()) ?? []) {
      const stored = JSON.stringify(await world.collection(name).find().toArray());
      expect(stored.includes(token), name).toBe(false);
    }
  });
});

describe('/settings sessions', () => {
  deepTest('lists who is in, and ends one or all', async () => {
    const one = await person();
    expect(text(await one.type('/settings'))).toContain('Console: no session is open');
    const first = await session(one);
    const second = await session(one);
    expect(text(await one.type('/settings'))).toContain('Console: 2 sessions are open');
    const list = await one.type('/settings sessions');
    expect(text(list)).toContain('2 console sessions are open');
    expect(text(list)).toMatch(/1\. Firefox, Windows, 203\.0\.113\.0: by link, since .*06:00.*, last used .*06:00/);
    expect(labels(list)).toEqual([
      'Settings: end 1. Firefox, Windows, 203.0.113.0',
      'Settings: end 2. Firefox, Windows, 203.0.113.0',
      'Settings: end all sessions',
      'Settings',
    ]);
    expect(text(await one.type(`/settings sessions end ${first}`))).toContain('1 session is ended\n1 other is open.');
    expect(text(await one.type(`/settings sessions end ${first}`))).toContain('That session was over already');
    await session(one);
    expect(text(await one.press(await one.type('/settings sessions'), 'Settings: end all'))).toContain(
      '2 sessions are ended\nNo other is open.',
    );
    expect(await core.console.sessions.end(one.accountId, second)).toBe(false);
  });

  deepTest('ends nobody else’s, and a forwarded message ends none', async () => {
    const one = await person();
    const mine = await session(one);
    people += 1;
    const other = await person();
    expect(text(await other.type(`/settings sessions end ${mine}`))).toContain('That session was over already');
    const chat = { channel: 'telegram' as const, userId: one.userId, chatId: one.userId };
    await core.runCommand(chat, '/settings sessions end all', { isForwarded: true });
    expect(await core.console.sessions.list(one.accountId)).toHaveLength(1);
  });
});

describe('people are told', () => {
  it('once of each session, in every chat and at once, with a button that ends it', async () => {
    const one = await person();
    await one.type('/settings channel discord');
    await session(one);
    const told = await toldOf('account.console_opened', one.accountId);
    expect(told.map(({ chat }) => chat).sort()).toEqual([`discord:${one.userId}`, `telegram:${one.userId}`]);
    const [first] = told;
    if (first === undefined) throw new Error('nobody was told');
    expect(text(first.message)).toMatch(
      /^The console was opened by your link\nOpened .*06:00.*, from Firefox, Windows, 203\.0\.113\.0\. Whoever has it open can act for you until .*14:00/,
    );
    await one.press(first.message, 'Settings: end this session');
    expect(await core.console.sessions.list(one.accountId)).toEqual([]);
  });

  it('of a link that was used twice, when its session is ended', async () => {
    const one = await person();
    const token = await tokenFor(one);
    await core.console.sessions.redeem(token, FROM);
    await core.console.sessions.redeem(token, { ...FROM, network: '198.51.100.0' });
    await core.console.sessions.redeem(token, FROM);
    const told = await toldOf('account.console_link_reused', one.accountId);
    expect(told).toHaveLength(2);
    expect(text(told[0]?.message ?? { paragraphs: [], buttons: [] })).toMatch(
      /^Your link into the console was used twice\nSomebody else may have seen the link, so the session is ended\./,
    );
    expect(await core.console.sessions.list(one.accountId)).toEqual([]);
  });
});

describe('the digest of the morning', () => {
  it.each([
    [{ console: CONSOLE }, true],
    [{}, false],
  ])('leads to the console where there is one: %j', (pages, leads) => {
    const empty = { count: 0, total: 0 };
    const overdue = { week: empty, fortnight: empty, month: empty, older: empty, models: 0 };
    const data = { overdue, monday: null, paydays: [], quarantined: 0, parked: 0, unreached: 0 };
    const { buttons } = noticeMessage({ kind: 'digest.managers', data }, { ...READER, pages });
    expect(buttons.flat().some(({ command }) => command === '/console')).toBe(leads);
    const gathered = { topic: 'receipts' as const, count: 0, groups: [], latest: [] };
    const digest = noticeMessage({ kind: 'digest', data: gathered }, { ...READER, pages });
    expect(digest.buttons.flat().some(({ command }) => command === '/console')).toBe(leads);
  });
});

describe('where there is no https', () => {
  it.each([
    [undefined, 'There is no console here'],
    ['http://localhost:3000', 'http://localhost:3000/console/#link='],
  ])('CONSOLE_URL %s: %s', async (url, said) => {
    const other = await createWorld({
      startsAt: '2026-11-23T06:00:00Z',
      environment: { ...PLATFORM, ...(url === undefined ? {} : { CONSOLE_URL: url }) },
      onError: throwIt,
    });
    try {
      await other.account('ava', 'manager');
      const { type } = await chatsOf(other, 'ava', 8_000);
      const message = await type('/console');
      expect(text(message)).toContain(said);
      expect(message.buttons.flat().some((button) => button.url !== undefined || button.app !== undefined)).toBe(false);
      expect(labels(await type('/help'))).toContain('Console');
    } finally {
      await other.close();
    }
  });
});
