import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deepTest, sampleOf } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { createWorld, throwIt } from '../support/world.ts';

/** Of some events nobody can read the bodies any more: nothing follows from what they said, and everything else holds. */

const world = await createWorld({ onError: throwIt, environment: { RETENTION_DAYS: '1' } });
afterAll(world.close);

const erased = ['topup-t1', 'account-M', 'payment-p1'];

beforeAll(play);

async function play() {
  await world.reset('2026-03-01T12:00:00Z');
  await world.send(
    tell.account('M', 'model', { id: 'account-M' }),
    tell.topUp('t1', 'M', 500_000),
    tell.payment('p1', 10_000, '2026-03-01T12:00:00Z', { campaignId: 'camp' }),
  );
  await world.travelTo('2026-03-02T00:00:00Z');
  await world.send(
    tell.account('d', 'marketer'),
    tell.campaign('camp', 'M', 'd', 4_000),
    tell.topUp('t2', 'M', 100),
    tell.payment('p2', 10_000, '2026-03-02T00:00:00Z', { campaignId: 'camp' }),
  );
  await world.travelTo('2026-03-03T00:00:00Z');
}

const collection = (name: string) => world.connection.collection<{ _id: string }>(name);

test('what came of an event that was erased is no difference, and is noted', async () => {
  expect(await collection('events').countDocuments({ _id: { $in: erased }, status: 'applied' })).toBe(erased.length);
  expect(await world.core.examine()).toEqual({
    differences: [],
    notices: ['3 events were erased: what came of them could not be compared with what they said'],
  });
});

deepTest('what came of the others is compared as ever, and so is what needs no body', async () => {
  await collection('events').updateOne({ _id: 'topup-t1' }, { $set: { bucket: -1 } });
  await collection('payments').updateOne({ _id: 'p2' }, { $set: { amount: 1 } });
  await collection('payments').updateOne({ _id: 'p1' }, { $set: { eventId: 'never' } });
  expect(await world.core.verify()).toEqual(
    expect.arrayContaining([
      'events/topup-t1: bucket is -1, where nobody looks for it',
      expect.stringMatching(/^payments\/p2: amount is 1, and event \S+ says 10000$/),
      'payments/p1 names event never, which never came in',
    ]),
  );
});

deepTest('what is left of a body is compared with what came in, though nobody can read it', async () => {
  await collection('events').updateOne(
    { _id: 'account-M' },
    { $set: { body: new mongo.Binary(Buffer.from('other')) } },
  );
  expect(await world.core.verify()).toContain('events/account-M: its body does not match its hash');
});

describe('nobody erases anything by a stroke of the pen', () => {
  const secret = { secret: new mongo.Binary(Buffer.alloc(32, 7)) };

  test.each(
    sampleOf(
      [
        [
          'an event is given keys that there are none of',
          () => collection('events').updateOne({ _id: 'topup-t2' }, { $set: { 'keys.0': 'other' } }),
          'events/topup-t2: nobody can read its body, though account:M was never erased',
        ],
        [
          'the secret of a day is deleted',
          () => collection('personal_keys').deleteOne({ _id: 'day:2026-03-02' }),
          'events/topup-t2: nobody can read its body, though day:2026-03-02 was never erased',
        ],
        [
          'the secret of an account is another one',
          () => collection('personal_keys').updateOne({ _id: 'account:M' }, { $set: secret }),
          'events/topup-t2: nobody can read its body, though account:M was never erased',
        ],
        [
          'a body is deleted',
          () => collection('events').updateOne({ _id: 'topup-t2' }, { $unset: { body: '' } }),
          'events/topup-t2: nobody can read its body, though it was never erased',
        ],
        [
          'an account is called erased',
          () => collection('accounts').updateOne({ _id: 'M' }, { $set: { erasedAt: new Date(0) } }),
          'accounts/M is erased, and nobody ever asked for that',
        ],
        [
          'an erasure is called done',
          () =>
            collection('erasures').insertOne({ ...{ _id: 'M', state: 'done', round: 1 }, requestedBy: 'ops' } as never),
          "erasures/M is ops's, and the audit trail says nobody did that",
        ],
      ],
      1,
    ),
  )('%s', async (_name, change, line) => {
    await play();
    await change();
    await world.restart();
    expect(await world.core.verify()).toContain(line);
  });
});
