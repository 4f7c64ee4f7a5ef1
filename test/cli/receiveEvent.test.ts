import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { receiveEvent } from '../../src/cli/receiveEvent.ts';
import { InboxUnavailable, type Incoming } from '../../src/inbox/inbox.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.reset('2026-03-02T00:00:00Z'));

const EVENT: Incoming = {
  id: 'evt',
  type: 'balance.topped_up',
  timestamp: new Date('2026-03-01T00:00:00Z'),
  body: '{"type":"balance.topped_up","timestamp":"2026-03-01T00:00:00Z","data":{}}',
  known: true,
};

/** The inbox, whose first so many tries have no answer; they store the event all the same, or do not. */
function slowInbox(tries: number, isStored: boolean) {
  const { inbox, clock } = world.core;
  let left = tries;
  async function receive(event: Incoming) {
    if (left === 0) return inbox.receive(event);
    left -= 1;
    if (isStored) await inbox.receive(event);
    throw new InboxUnavailable('the database did not answer');
  }
  return { inbox: { receive, get: inbox.get }, clock };
}

const noPause = async () => {};

describe('an event of a file', () => {
  test('is accepted when a try that had no answer stored it', async () => {
    expect(await receiveEvent(slowInbox(2, true), EVENT, noPause)).toBe('accepted');
    expect(await receiveEvent(slowInbox(1, true), { ...EVENT, id: 'other', known: false }, noPause)).toBe('ignored');
  });

  test('is accepted when only the last try stored it', async () => {
    expect(await receiveEvent(slowInbox(2, false), EVENT, noPause)).toBe('accepted');
  });

  test.each([true, false])('is a duplicate when it was there before, however many tries it took', async (isStored) => {
    await world.core.inbox.receive(EVENT);
    await world.travelTo('2026-03-02T00:01:00Z');
    expect(await receiveEvent(slowInbox(2, isStored), EVENT, noPause)).toBe('duplicate');
  });

  test('is a conflict when its id is used with other content', async () => {
    await world.core.inbox.receive({ ...EVENT, body: EVENT.body.replace('{}', '{"amount":1}') });
    expect(await receiveEvent(slowInbox(1, false), EVENT, noPause)).toBe('conflict');
  });

  test('ends the import when no try has an answer', async () => {
    await expect(receiveEvent(slowInbox(10, false), EVENT, noPause)).rejects.toThrow('goes on from here');
  });
});
