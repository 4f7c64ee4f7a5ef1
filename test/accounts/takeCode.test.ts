import { afterAll, beforeEach, expect, it } from 'vitest';

import type { LinkWitness } from '../../src/accounts/takeCode.ts';
import type { ChatPerson } from '../../src/commands/core/command.ts';
import { linkWitness } from '../../src/commands/linking.ts';
import { deepTest, sampleOf } from '../support/depth.ts';
import { createWorld, throwIt } from '../support/world.ts';

/** A link is recorded before it is there. Wherever a process dies, nobody speaks for an account without a trace. */

const world = await createWorld({ onError: throwIt });
afterAll(world.close);

const person: ChatPerson = { channel: 'telegram', userId: '7', chatId: '7' };

beforeEach(async () => {
  await world.reset('2026-03-16T10:00:00Z');
  for (const accountId of ['ava', 'kim', 'eve']) await world.account(accountId, 'model');
});

const witness = () => linkWitness(world.core, person, world.clock.now());
const linkBy = (code: string, by: LinkWitness = witness()) =>
  world.core.accounts.link(code, { channel: 'telegram', userId: '7', chatId: '7' }, world.clock.now(), by);
const speaksFor = async () => (await world.core.accounts.byLink('telegram', '7'))?.accountId;

async function acts(accountId: string): Promise<string[]> {
  const { items } = await world.core.audit.list({ subject: `account:${accountId}`, limit: 20 });
  return items.map(({ action }) => action).filter((action) => action.startsWith('chat.'));
}

/** A witness whose process dies at a step: before it, or when it is done. */
function dying(at: keyof LinkWitness, when: 'before' | 'after'): LinkWitness {
  const whole = witness();
  return {
    ...whole,
    [at]: async (told: never) => {
      if (when === 'after') await whole[at](told);
      throw new Error('killed');
    },
  };
}

const DEATHS = [
  ['record', 'before', undefined],
  ['record', 'after', undefined],
  ['tell', 'before', 'ava'],
  ['tell', 'after', 'ava'],
] as const;

it.each(sampleOf(DEATHS, 1))(
  'whoever dies at %s (%s) leaves nothing that is not so, and the same code does the rest',
  async (at, when, who) => {
    const code = await world.linkCode('ava');
    await expect(linkBy(code, dying(at, when))).rejects.toThrow('killed');
    expect(await speaksFor()).toBe(who);
    expect(await world.core.verify()).toEqual([]);
    world.pin('2026-03-16T10:05:00Z');
    expect(await linkBy(code)).toMatchObject({ kind: 'linked' });
    expect(await acts('ava')).toEqual(['chat.linked']);
    expect(await world.core.verify()).toEqual([]);
  },
);

it.each(sampleOf(DEATHS, 1))('so is it of a move, at %s (%s)', async (at, when, who) => {
  await linkBy(await world.linkCode('kim'));
  const asked = await linkBy(await world.linkCode('ava'));
  if (asked.kind !== 'would-move') throw new Error(asked.kind);
  const move = { codeHash: asked.codeHash, from: 'kim', to: 'ava' };
  const died = world.core.accounts.moveLink(move, person, world.clock.now(), dying(at, when));
  await expect(died).rejects.toThrow('killed');
  expect(await speaksFor()).toBe(who ?? 'kim');
  expect(await world.core.verify()).toEqual([]);
  world.pin('2026-03-16T10:05:00Z');
  expect(await world.core.accounts.moveLink(move, person, world.clock.now(), witness())).toMatchObject({
    kind: 'linked',
  });
  expect([await acts('ava'), await acts('kim')]).toEqual([['chat.linked'], ['chat.unlinked', 'chat.linked']]);
  expect(await world.core.verify()).toEqual([]);
});

it('who is overtaken takes back what was recorded, and is asked next time', async () => {
  const code = await world.linkCode('ava');
  const whole = witness();
  const overtaken: LinkWitness = {
    ...whole,
    record: async (linking) => {
      await whole.record(linking);
      await world.link('eve', 'telegram', 7);
    },
  };
  expect(await linkBy(code, overtaken)).toEqual({ kind: 'invalid-code' });
  expect(await acts('ava')).toEqual(['chat.unlinked', 'chat.linked']);
  expect(await world.core.verify()).toEqual([]);
  const asked = await linkBy(code);
  if (asked.kind !== 'would-move') throw new Error(asked.kind);
  const move = { codeHash: asked.codeHash, from: 'eve', to: 'ava' };
  expect(await world.core.accounts.moveLink(move, person, world.clock.now(), witness())).toMatchObject({
    kind: 'linked',
  });
  expect(await speaksFor()).toBe('ava');
  expect(await world.core.verify()).toEqual([]);
});

deepTest('a link that was made again while chats were being ended stays', async () => {
  await linkBy(await world.linkCode('ava'));
  await world.core.accounts.endLinks('ava', { channel: 'telegram' }, async ([userId]) => {
    const before = { channel: 'telegram', userId };
    await world.core.audit.record({
      ...{ actor: 'ops', action: 'chat.unlinked', subject: 'account:ava', before, at: world.clock.now() },
    });
    world.pin('2026-03-16T10:01:00Z');
    await linkBy(await world.linkCode('ava'));
  });
  expect(await speaksFor()).toBe('ava');
  expect(await world.core.verify()).toEqual([]);
});

/** No person asks again: the service finds what was cut off. */
async function lookTwice(): Promise<void> {
  await world.core.followUps.look();
  await world.core.followUps.look();
}

it.each(sampleOf(DEATHS, 1))(
  'whoever dies at %s (%s) is linked all the same, soon after, with the instant of the try',
  async (at, when) => {
    const code = await world.linkCode('ava');
    await expect(linkBy(code, dying(at, when))).rejects.toThrow('killed');
    // The code has expired meanwhile, and was told to nobody else.
    world.pin('2026-03-16T11:00:00Z');
    await lookTwice();
    expect(await speaksFor()).toBe('ava');
    expect(await acts('ava')).toEqual(['chat.linked']);
    expect(await world.collection('link_codes').find({}).toArray()).toEqual([]);
    expect(await world.core.followUps.pending()).toEqual([]);
    expect(await world.core.verify()).toEqual([]);
  },
);

it.each(sampleOf(DEATHS, 1))('whose chat moves, and who dies at %s (%s), has moved soon after', async (at, when) => {
  await linkBy(await world.linkCode('kim'));
  const code = await world.linkCode('ava');
  const asked = await linkBy(code);
  if (asked.kind !== 'would-move') throw new Error(asked.kind);
  const move = { codeHash: asked.codeHash, from: 'kim', to: 'ava' };
  await expect(world.core.accounts.moveLink(move, person, world.clock.now(), dying(at, when))).rejects.toThrow(
    'killed',
  );
  world.pin('2026-03-18T11:00:00Z');
  await lookTwice();
  expect(await speaksFor()).toBe('ava');
  expect(await acts('kim')).toEqual(['chat.unlinked', 'chat.linked']);
  expect(await world.core.verify()).toEqual([]);
});

deepTest(
  'what was recorded for somebody who is a manager by now, whom such a code cannot link, is withdrawn',
  async () => {
    const { code = '' } =
      (await world.core.accounts.createLinkCode('ava', world.clock.now(), { byOwner: false })) ?? {};
    const { audit } = world.core;
    await audit.record({ actor: 'ops', action: 'account.link-code', subject: 'account:ava', at: world.clock.now() });
    await expect(linkBy(code, dying('record', 'after'))).rejects.toThrow('killed');
    await world.account('ava', 'manager');
    await lookTwice();
    expect(await speaksFor()).toBeUndefined();
    expect(await acts('ava')).toEqual(['chat.unlinked', 'chat.linked']);
    expect((await world.core.verify()).filter((line) => line.includes('chat_links'))).toEqual([]);
  },
);
