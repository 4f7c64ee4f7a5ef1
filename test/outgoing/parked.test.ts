import { afterAll, beforeAll, expect, it } from 'vitest';

import { parkedNotices } from '../../src/notices/messages/managers.ts';
import { copyable } from '../../src/notices/messages/marks.ts';
import { noticeMessage } from '../../src/notices/messages/notice.ts';
import { webhookIdOf } from '../../src/outgoing/message.ts';
import { type BotWorld, createBotWorld } from '../bots/world.ts';
import { saying } from '../support/webhookData.ts';

const NOW = new Date('2026-11-23T06:40:00Z');
const PARKED = { webhookId: 'w:1', type: 'invoice.issued', error: 'answered 500', attempts: 14, replays: 0 };
const READER = { timeZone: 'UTC', currency: 'USD' };

let world: BotWorld;
beforeAll(async () => {
  world = await createBotWorld();
});
afterAll(() => world.close());

it('a manager is told what was given up, why, and how to send it again', () => {
  const [notice] = parkedNotices(['boss'], PARKED, NOW);
  if (notice === undefined) throw new Error('nobody was told');
  const { title, paragraphs, buttons } = noticeMessage(notice, READER);
  expect([title, ...paragraphs, buttons[0]?.[0]]).toEqual([
    `Webhook given up: ${copyable('w:1')}`,
    'The platform has not taken this invoice.issued webhook in 14 tries: “answered 500”. It is not sent again by itself.',
    'Until it is, the platform does not know of it. See that its receiver works, then replay it.',
    { label: 'Replay w:1', command: '/replay w:1' },
  ]);
});

it('each time it is given up is told once', () => {
  const keys = (change: Partial<typeof PARKED>) =>
    parkedNotices(['boss', 'chief'], { ...PARKED, ...change }, NOW).map(({ key }) => key);
  expect(keys({})).toEqual(['webhook:w:1:parked:0:boss', 'webhook:w:1:parked:0:chief']);
  expect(keys({ replays: 1 })).not.toEqual(keys({}));
});

it('a manager replays it in the chat, once however often pressed; nobody else can', async () => {
  await world.linked('boss', 'manager', 71);
  await world.linked('m1', 'model', 72);
  const type = (chat: string, text: string) => world.run({ channel: 'telegram', userId: chat, chatId: chat }, text);
  const message = { key: 'k', subject: 'model:m1', type: 'campaigns.paused', at: NOW, data: saying({}) } as const;
  await world.outgoing.emit([message], world.clock.now());
  const id = webhookIdOf('k');
  const onItsWay = await type('71', `/replay ${id}`);
  expect(onItsWay.paragraphs[0]).toBe(`Webhook ${id} is on its way to the platform already. Nothing was changed.`);

  await world.database.connection
    .collection<{ _id: string }>('outgoing_webhooks')
    .updateOne({ _id: id }, { $set: { state: 'parked', parkedAt: NOW, failures: 14 } });
  expect((await type('72', `/replay ${id}`)).paragraphs[0]).toContain("I don't know /replay");
  expect((await world.outgoing.get(id))?.status).toBe('parked');
  expect((await type('71', `/replay ${id}`)).paragraphs[0]).toContain(`Webhook ${id} is sent again now.`);
  expect((await type('71', `/replay ${id}`)).paragraphs[0]).toContain('is on its way');
  expect((await world.outgoing.get(id))?.status).toBe('due');
  expect((await type('71', '/replay nothing')).paragraphs[0]).toContain('There is no event nothing.');
});
