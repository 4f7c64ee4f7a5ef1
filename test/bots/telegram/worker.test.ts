import { mongo } from 'mongoose';
import { expect, test } from 'vitest';

import { LANES, type ReceivedUpdate } from '../../../bots/telegram/store.ts';
import { createWorker } from '../../../bots/telegram/worker.ts';

/** A worker over one update, whose handling fails at first. */
async function handledWith(error: Error) {
  const update: ReceivedUpdate = { _id: 'bot:1', chatId: '1', lane: LANES.linked, update: { update_id: 1 } as never };
  let isHandled = false;
  let tries = 0;
  const warned: string[] = [];
  const worker = createWorker({
    store: {
      unhandled: async () => (isHandled ? [] : [update]),
      hasUnhandled: async () => !isHandled,
      markHandled: async () => {
        isHandled = true;
      },
    },
    handle: async () => {
      tries += 1;
      if (tries === 1) throw error;
      return true;
    },
    leaderState: () => 'active',
    warn: (text) => {
      warned.push(text);
    },
  });
  worker.start();
  await worker.drain();
  await worker.stop();
  return { tries, warned };
}

test('an update that meets the database’s trouble is handled again', async () => {
  const { tries, warned } = await handledWith(new mongo.MongoServerError({ code: 189, message: 'stepped down' }));
  expect(tries).toBe(2);
  expect(warned).toEqual(['telegram: update bot:1 will be handled again: stepped down']);
});

test('one that handling fails on is not: it would come back for ever', async () => {
  const { tries, warned } = await handledWith(new TypeError('malformed'));
  expect(tries).toBe(1);
  expect(warned).toEqual(['telegram: update bot:1 failed: malformed']);
});
