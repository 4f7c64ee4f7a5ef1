import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createCallbackStore } from '../../bots/callbackStore.ts';
import { createBotStore as createDiscordStore } from '../../bots/discord/store.ts';
import { createBotStore as createTelegramStore } from '../../bots/telegram/store.ts';
import { createClockStand } from '../../jobs/clockStand.ts';
import { createLastRuns } from '../../jobs/lastRuns.ts';
import { INVENTORY } from '../../src/erasure/inventory.ts';
import type { Role } from '../../src/events/catalogue.ts';
import { createAnswers } from '../../webhooks/middleware/keptAnswers.ts';
import { chatsOf, text } from '../commands/world.ts';
import { sampleOf } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { createWorld, PLATFORM, throwIt, type World } from '../support/world.ts';
import { differencesOf } from './differences.ts';
import { dumpOf, foundIn } from './dump.ts';

const MONDAY = '2026-03-02T09:00:00Z';
/** Ids of chat users, so long that they are found nowhere by chance. */
const USERS = { ava: 7_700_000_001, kim: 7_700_000_002, boss: 7_700_000_003, olga: 7_700_000_004 };
const NAMES = { ava: 'Ávila Sörensen', kim: 'Kimberley O’Hara', boss: 'Bosworth Quill', olga: 'Olga "Ogy" Ivanova' };
type Id = keyof typeof USERS;

let world: World;

beforeAll(async () => {
  world = await createWorld({ startsAt: MONDAY, environment: PLATFORM, onError: throwIt });
});
afterAll(() => world.close());
beforeEach(() => world.reset(MONDAY));

async function person(id: Id, role: Role) {
  await world.send(tell.account(id, role, { name: NAMES[id], timeZone: 'Europe/Berlin', at: '2026-01-01T00:00:00Z' }));
  return { accountId: id, ...(await chatsOf(world, id, USERS[id])) };
}

/** Everything that is said of people somewhere: names, chats, messages, reasons. */
async function play() {
  const { core } = world;
  const [ava, kim, boss, olga] = [
    await person('ava', 'model'),
    await person('kim', 'marketer'),
    await person('boss', 'manager'),
    await person('olga', 'affiliate'),
  ];
  for (const [index, one] of [ava, kim, olga].entries()) {
    await boss.type(`/contact ${one.accountId} message-to-${one.accountId}`);
    const sent = await core.connection
      .collection('contacts')
      .findOne({ toId: one.accountId, text: `message-to-${one.accountId}` });
    await one.type(`/reply ${sent?._id} reply-of-${one.accountId}-${index}`);
  }
  await world.send(
    tell.topUp('t1', 'ava', 1_000),
    tell.campaign('spring', 'ava', 'kim', 1_000, { name: 'campaign-of-ava' }),
    tell.order('o1', { modelId: 'ava', marketerId: 'kim', placedAt: MONDAY }),
    tell.order('o2', { modelId: 'ava', marketerId: 'kim', placedAt: MONDAY }),
    { ...tell.orderCancelled('o2', MONDAY), data: { orderId: 'o2', cancelledAt: MONDAY, reason: 'cancelled-by-ava' } },
  );
  const body = JSON.stringify({
    type: 'account.noted',
    timestamp: MONDAY,
    data: { accountId: 'ava', note: 'noted-of-ava' },
  });
  const noted = { id: 'note', type: 'account.noted', timestamp: new Date(MONDAY), body, known: false };
  expect(await core.inbox.receive(noted)).toBe('ignored');
  await kim.type('/reject o1 rejected-by-kim');
  const invoiceId = await world.issue('ava', '2026-W08');
  await boss.confirmed(`/void ${invoiceId} voided-by-boss`);
  await boss.type('/grace ava 2026-03-20 grace-of-ava');
  await world.issue('ava', '2026-W07');
  await world.travelTo('2026-03-03T09:00:00Z');
  await world.core.invoicing.invoices.void(
    '2026-W07:ava',
    { actor: 'ops', reason: 'voided-of-ava' },
    world.clock.now(),
  );
  await ava.type('/settings quiet 21:00 07:00');
  await boss.confirmed('/terminate ava terminated-by-boss');
  await core.ledger.take({
    entryId: 'payback',
    book: 'model:ava',
    postings: [
      { account: 'model:ava', amount: -1_000 },
      { account: 'world:topups', amount: 1_000 },
    ],
    effectiveAt: world.clock.now(),
  });
  await world.drain();
  return { ava, kim, boss, olga };
}

async function erase(accountId: string) {
  const outcome = await world.core.erasures.request(accountId, 'ops');
  expect(outcome, JSON.stringify(outcome)).toMatchObject({ kind: 'requested' });
  await world.travelTo(world.clock.now());
  return world.core.erasures.get(accountId);
}

const SAID: Record<Id, string[]> = {
  ava: [
    'message-to-ava',
    'reply-of-ava',
    'cancelled-by-ava',
    'noted-of-ava',
    'grace-of-ava',
    'campaign-of-ava',
    'voided-of-ava',
    'rejected-by-kim',
  ],
  kim: ['message-to-kim', 'reply-of-kim', 'rejected-by-kim'],
  boss: ['message-to-ava', 'message-to-kim', 'message-to-olga', 'reply-of-ava'],
  olga: ['message-to-olga', 'reply-of-olga'],
};

describe('an erased account', () => {
  it.each(sampleOf(Object.keys(USERS) as Id[], 1))(
    '%s: nothing of the person can be found, and nothing else is gone',
    async (id) => {
      await play();
      const personal = [NAMES[id], String(USERS[id]), ...SAID[id]];
      const before = { sums: await sums(), rows: await counts() };
      expect(foundIn(await dumpOf(world.connection), [NAMES[id], String(USERS[id])])).not.toEqual([]);
      expect(await erase(id)).toMatchObject({ accountId: id, status: 'erased', waitsFor: [] });

      expect(foundIn(await dumpOf(world.connection), personal)).toEqual([]);
      expect(await legible(personal)).toEqual([]);
      expect(await differencesOf(world)).toEqual([]);
      expect((await world.core.examine()).notices).toContainEqual(
        expect.stringMatching(/^\d+ events? (was|were) erased: /),
      );
      expect(await sums()).toEqual(before.sums);
      expect(await counts()).toMatchObject({ ...before.rows, audit_records: (before.rows.audit_records ?? 0) + 1 });
      expect(await world.core.accounts.get(id)).toMatchObject({
        accountId: id,
        name: 'erased account',
        isErased: true,
      });
      for (const other of (Object.keys(USERS) as Id[]).filter((one) => one !== id)) {
        expect((await world.core.accounts.get(other))?.name).toBe(NAMES[other]);
      }
      expect((await world.core.audit.list({ subject: `account:${id}`, limit: 1 })).items).toMatchObject([
        { actor: 'ops', action: 'account.erase' },
      ]);
    },
  );
});

it('a chat that moved to another account no longer says whose it was, and nobody is asked to move one any more', async () => {
  const ava = await person('ava', 'model');
  await person('olga', 'affiliate');
  const ask = async (from: typeof ava.type) => from(`/start ${await world.linkCode('olga')}`);
  expect(text(await ava.press(await ask(ava.type), 'Link: move'))).toContain('no longer to ava');
  expect(text(await ask(ava.inDiscord))).toContain('Move this chat to another account?');
  const moved = async () =>
    (await world.core.audit.list({ subject: 'account:olga', limit: 9 })).items.find(({ before }) => before !== null);
  expect(await moved()).toMatchObject({ action: 'chat.linked', before: { movedFrom: 'ava' } });

  expect(await erase('ava')).toMatchObject({ status: 'erased' });
  expect(await moved()).toMatchObject({ before: { movedFrom: '(erased)' }, after: { userId: String(USERS.ava) } });
  expect(await world.collection('command_confirmations').countDocuments()).toBe(0);
});

/** What the service itself can still read of it. */
async function legible(texts: string[]): Promise<string[]> {
  const { core } = world;
  const notices = await Promise.all((await core.noticeStore.find({}).toArray()).map(core.notices.legible));
  const events = (await core.inbox.list({ limit: 500 })).items;
  const webhooks = (await core.outgoing.list({ limit: 500 })).items;
  const read = [
    await Promise.all(events.map(({ eventId }) => core.inbox.get(eventId))),
    (await core.audit.list({ limit: 500 })).items,
    await Promise.all(webhooks.map(({ webhookId }) => core.outgoing.get(webhookId))),
    await core.standing.standings.decisions('ava'),
    await core.invoicing.invoices.get('2026-W08:ava', world.clock.now()),
    notices,
  ].map((one) => JSON.stringify(one));
  return texts.filter((text) => read.some((one) => one.includes(JSON.stringify(text).slice(1, -1))));
}

async function sums() {
  return Object.fromEntries(
    await world.core.ledger.balances(['model:ava', 'world:topups', 'marketer:kim', 'affiliate:olga']),
  );
}

/** How many rows there are of what must never be lost. */
async function counts(): Promise<Record<string, number>> {
  const names = [
    'events',
    'ledger_entries',
    'audit_records',
    'orders',
    'invoices',
    'standing_decisions',
    'account_versions',
  ];
  const found = await Promise.all(names.map((name) => world.collection(name).countDocuments()));
  return Object.fromEntries(names.map((name, index) => [name, found[index] ?? 0]));
}

describe('the inventory', () => {
  it('has every collection there is, and no other', () => {
    createAnswers(world.connection, Date.now);
    createTelegramStore(world.connection, '1');
    createDiscordStore(world.connection, '1');
    createCallbackStore(world.connection);
    createClockStand(world.connection, 'real');
    createLastRuns(world.connection);
    const names = Object.values(world.connection.models).map((model) => model.collection.collectionName);
    expect(Object.keys(INVENTORY).sort()).toEqual([...new Set([...names, 'agenda_jobs'])].sort());
  });
});
