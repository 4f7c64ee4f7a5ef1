import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import { noticeMessage } from '../../src/notices/messages/notice.ts';
import { createWorld, throwIt } from '../support/world.ts';
import { buttonOf, text } from './world.ts';

/** A code for another account in a chat that is linked already: whoever sent it there may not be the person's friend. */

const NOW = '2026-03-16T10:00:00Z';
const READER = { timeZone: 'UTC', currency: 'USD' };
const chat = { channel: 'telegram', userId: '41', chatId: '41' } as const;

const world = await createWorld({ onError: throwIt });
afterAll(world.close);

beforeEach(async () => {
  await world.reset(NOW);
  await world.account('ava', 'model', { name: 'Ava' });
  await world.account('kim', 'affiliate', { name: 'Kim' });
  await world.link('ava', 'telegram', 41);
});

const run = (typed: string, from: { userId: string; chatId: string } = chat) =>
  world.core.runCommand({ ...chat, ...from }, typed, { isPress: typed.includes('!') });
const speaksFor = async () => (await world.core.accounts.byLink('telegram', '41'))?.accountId;
const ask = async () => run(`/start ${await world.linkCode('kim')}`);

/** What the command recorded, each act under a key of its own; the chats of the beginning are not among it. */
async function trail(accountId: string) {
  const { items } = await world.core.audit.list({ subject: accountId, limit: 10 });
  return items.filter(({ auditId }) => auditId.startsWith('chat.'));
}

async function told(accountId: string): Promise<[chat: string, said: string][]> {
  const found = await world.core.noticeStore.find({ accountId }).sort({ order: 1 }).toArray();
  return found.map(({ channel, userId, content }) => [
    `${channel}:${userId}`,
    noticeMessage(content, READER).title ?? '',
  ]);
}

describe('a code of another account', () => {
  it('moves nothing: it asks, by both names, and says what would stop', async () => {
    const code = await world.linkCode('kim');
    const question = await run(`/start ${code}`);
    expect(text(question)).toContain(
      'This chat speaks for Ava (ava), as a model. The code that you sent is of Kim (kim), an affiliate.',
    );
    expect(text(question)).toContain(
      'That account has no other chat, so its messages reach nobody until one is linked.',
    );
    expect(await speaksFor()).toBe('ava');
    expect(text(await run(buttonOf(question, 'Link: stay with Ava')))).toContain(
      'This chat is linked to Ava (ava). Nothing was changed.',
    );
    expect(await speaksFor()).toBe('ava');
    expect(await trail('ava')).toEqual([]);
    const asked = await world.collection('command_confirmations').find({}).toArray();
    expect(asked).not.toEqual([]);
    expect(JSON.stringify(asked)).not.toContain(code);
  });

  it('moves the chat on a yes; both accounts have it in their trail, and the chats of both hear of it', async () => {
    await world.link('ava', 'discord', 'd41');
    await world.link('kim', 'discord', 'd42');
    const question = await ask();
    expect(text(question)).toContain('1 other chat of that account goes on.');
    const yes = buttonOf(question, 'Link: move to Kim');
    expect(text(await run(yes))).toContain('linked to your account kim, and no longer to ava');
    expect(await speaksFor()).toBe('kim');
    const ref = (await world.core.accounts.linkOf('telegram', '41'))?.ref;
    const details = { channel: 'telegram', userId: '41', link: ref };
    expect(await trail('ava')).toMatchObject([
      { action: 'chat.unlinked', actor: `ava via telegram:${ref}`, before: details, after: { movedTo: 'kim' } },
    ]);
    expect(await trail('kim')).toMatchObject([{ action: 'chat.linked', after: details, before: { movedFrom: 'ava' } }]);
    expect(await told('ava')).toEqual([['discord:d41', 'A chat of your account was moved to another account']]);
    expect(await told('kim')).toEqual([['discord:d42', 'Another chat was linked to your account']]);
    expect(text(await run(yes))).toContain('This chat is moved already');
    expect(await trail('kim')).toHaveLength(1);
  });

  it('is refused clearly when somebody else has used it, when it is old, and when the chat has changed', async () => {
    const taken = await ask();
    await world.core.connection.collection('link_codes').updateMany({}, { $set: { usedBy: 'telegram:99' } });
    const yes = buttonOf(taken, 'Link: move');
    expect(text(await run(yes))).toContain('This code is not valid any more');
    expect(await speaksFor()).toBe('ava');

    const changed = await ask();
    await world.account('eve', 'model', { name: 'Eve' });
    await world.link('eve', 'telegram', 41);
    expect(text(await run(buttonOf(changed, 'Link: move')))).toContain('It does not speak for ava any more');
    expect(await speaksFor()).toBe('eve');

    const late = await ask();
    world.pin('2026-03-16T10:10:00Z');
    expect(text(await run(buttonOf(late, 'Link: move')))).toContain('That was too late');
    expect(await speaksFor()).toBe('eve');
  });

  it('is no question of another chat', async () => {
    const yes = buttonOf(await ask(), 'Link: move');
    const other = { userId: '42', chatId: '42' };
    await world.link('ava', 'telegram', 42);
    expect(text(await run(yes, other))).toContain('There is no such question of yours');
    expect(await world.core.accounts.byLink('telegram', '42')).toMatchObject({ accountId: 'ava' });
  });

  it('of the same account asks nothing', async () => {
    expect(text(await run(`/start ${await world.linkCode('ava')}`))).toContain('Welcome, Ava');
  });
});

it('what a crash left of a link is written down when the code comes again, and told once', async () => {
  await world.link('ava', 'discord', 'd41');
  const newcomer = { channel: 'telegram', userId: '77', chatId: '77' } as const;
  const code = await world.linkCode('ava');
  const died = world.core.accounts.link(code, { channel: 'telegram', userId: '77', chatId: '77' }, world.clock.now(), {
    record: async () => undefined,
    withdraw: async () => undefined,
    tell: async () => {
      throw new Error('killed');
    },
  });
  await expect(died).rejects.toThrow('killed');
  expect(text(await world.core.runCommand(newcomer, `/start ${code}`))).toContain('Welcome, Ava');
  expect(await trail('ava')).toMatchObject([{ action: 'chat.linked', after: { channel: 'telegram', userId: '77' } }]);
  const heard = (await told('ava')).map(([where]) => where).sort();
  expect(heard).toEqual(['discord:d41', 'telegram:41']);
});
