import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { COMMANDS } from '../../../src/commands/registry.ts';
import { deepTest } from '../../support/depth.ts';
import { bearer, NOW, type TestService, testService } from '../service.ts';

/**
 * What senders may store at its largest, and all that lists it: no list, and no suggestion while somebody types, reads what
 * these say.
 */

const BODY_BYTES = 256 * 1_024;
const COUNT = 40;
const SMALL_BYTES = 128 * 1_024;

let service: TestService;
let replied = 0;

beforeAll(async () => {
  service = await testService();
  const { world } = service;
  const { encrypted } = await world.core.inbox.bodies.encrypt(each(largeEvent));
  await world.connection
    .collection<{ _id: string }>('events')
    .insertMany(encrypted.map(([{ text: _, ...event }, body]) => ({ ...event, ...body })));
  await world.connection.collection<{ _id: string }>('outgoing_webhooks').insertMany(each(largeWebhook));
  await world.account('boss', 'manager');
  await world.link('boss', 'telegram', 1);
  world.connection.getClient().on('commandSucceeded', ({ reply }) => {
    replied += mongo.BSON.calculateObjectSize(reply as mongo.Document);
  });
});
afterAll(() => service.world.close());

function each<T>(make: (number: number) => T): T[] {
  return Array.from({ length: COUNT }, (_, number) => make(number));
}

function bodyOf(number: number): string {
  return JSON.stringify({ data: { number, long: 'x'.repeat(BODY_BYTES) } });
}

function largeEvent(number: number) {
  const state = { status: 'quarantined', attempts: 5, error: 'no', bucket: 0, nextAt: NOW, receivedAt: NOW };
  return {
    _id: `e${number}`,
    type: 'order.placed',
    timestamp: NOW,
    ...state,
    text: bodyOf(number),
  };
}

function largeWebhook(number: number) {
  const state = { state: 'parked', attempts: 9, failures: 9, replays: 0, nextAt: NOW, emittedAt: NOW, at: NOW };
  return {
    _id: `w${number}`,
    type: 'invoice.issued',
    subject: 'model:m',
    order: number,
    ...state,
    body: bodyOf(number),
  };
}

/** What the database answered meanwhile, in bytes. */
async function readBy(work: () => Promise<unknown>): Promise<number> {
  const before = replied;
  await work();
  return replied - before;
}

type Description = { paths: Record<string, { get?: { parameters?: { name?: string }[] } }> };

async function answerOf(path: string): Promise<unknown> {
  return (await service.app().request(path, { headers: bearer() })).json();
}

describe('lists of what is large', () => {
  it('of the API read and answer no bodies; the single call does', async () => {
    const app = service.app();
    const { paths: described } = (await answerOf('/openapi.json')) as Description;
    const paths = Object.entries(described).flatMap(([path, { get }]) =>
      get?.parameters?.some(({ name }) => name === 'after') ? [path.replace(/\{\w+\}/, 'x')] : [],
    );
    expect(paths).toEqual(expect.arrayContaining(['/v1/events', '/v1/webhooks', '/v1/audit', '/v1/invoices']));
    for (const path of paths) {
      const read = await readBy(async () => {
        const answer = await app.request(`${path}?limit=500`, { headers: bearer() });
        expect((await answer.text()).length, path).toBeLessThan(SMALL_BYTES);
      });
      expect(read, path).toBeLessThan(SMALL_BYTES);
    }
    const one = (await answerOf('/v1/events/e7')) as { data: { long: string } };
    expect(one.data.long).toHaveLength(BODY_BYTES);
    const list = (await answerOf('/v1/events?status=quarantined&limit=500')) as { items: object[] };
    expect(list.items).toHaveLength(COUNT);
    expect(list.items[0]).not.toHaveProperty('data');
  });

  deepTest('are read without bodies for every suggestion and every command without arguments', async () => {
    const chat = { channel: 'telegram', userId: '1', chatId: '1' } as const;
    const names = COMMANDS.filter(({ roles }) => roles.includes('manager')).map(({ name }) => name);
    expect(await service.suggestArguments(chat, 'replay', '')).toHaveLength(25);
    for (const name of names.filter((one) => one !== 'unlink')) {
      const read = await readBy(async () => {
        await service.suggestArguments(chat, name, '');
        await service.runCommand(chat, `/${name}`);
      });
      expect(read, name).toBeLessThan(SMALL_BYTES);
    }
  });
});
