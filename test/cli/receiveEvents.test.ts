import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { receiveEvents } from '../../src/cli/receiveEvents.ts';
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
  const { inbox } = world.core;
  let left = tries;
  async function receive(event: Incoming) {
    if (left === 0) return inbox.receive(event);
    left -= 1;
    if (isStored) await inbox.receive(event);
    throw new InboxUnavailable('the database did not answer');
  }
  return { receive, existing: inbox.existing };
}

async function receive(inbox: ReturnType<typeof slowInbox>, ...events: Incoming[]) {
  return receiveEvents(inbox, events, async () => {});
}

describe('an event of a file', () => {
  test('is accepted when a try that had no answer stored it', async () => {
    expect(await receive(slowInbox(2, true), EVENT)).toEqual(['accepted']);
    expect(await receive(slowInbox(1, true), { ...EVENT, id: 'other', known: false })).toEqual(['ignored']);
  });

  test('is accepted when only the last try stored it', async () => {
    expect(await receive(slowInbox(2, false), EVENT)).toEqual(['accepted']);
  });

  test.each([true, false])('is a duplicate when it was there before, however many tries it took', async (isStored) => {
    await world.core.inbox.receive(EVENT);
    // The clock stands: it does not tell the two apart.
    expect(await receive(slowInbox(2, isStored), EVENT)).toEqual(['duplicate']);
  });

  test('is a duplicate when the file has it twice', async () => {
    expect((await receive(slowInbox(2, true), EVENT, EVENT)).sort()).toEqual(['accepted', 'duplicate']);
  });

  test('is a conflict when its id is used with other content', async () => {
    await world.core.inbox.receive({ ...EVENT, body: EVENT.body.replace('{}', '{"amount":1}') });
    expect(await receive(slowInbox(1, false), EVENT)).toEqual(['conflict']);
  });

  test('ends the import when no try has an answer', async () => {
    await expect(receive(slowInbox(10, false), EVENT)).rejects.toThrow('goes on from here');
  });
});
