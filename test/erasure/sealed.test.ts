import { afterAll, expect } from 'vitest';

import { flawOfReceipt, type Receipt } from '../../src/receipts/receipt.ts';
import { chatsOf } from '../commands/world.ts';
import { createSealedWorld } from '../seals/world.ts';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { PLATFORM, throwIt } from '../support/world.ts';
import { dumpOf, foundIn } from './dump.ts';

const MONDAY = '2026-03-02T09:00:00Z';
const USERS = { ava: '7700000001', kim: '7700000002' };
const NAMES = { ava: 'Ávila Sörensen', kim: 'Kimberley O’Hara' };

const world = await createSealedWorld({ environment: PLATFORM, onError: throwIt });
afterAll(world.close);

/** Something of each kind that is sealed and says something of a person: names, chats, reasons, bodies. */
async function play(): Promise<void> {
  const { core } = world;
  await world.begin(MONDAY);
  await world.send(
    tell.account('ava', 'model', { name: NAMES.ava, at: '2026-01-01T00:00:00Z' }),
    tell.account('ava', 'model', { name: `${NAMES.ava} again`, at: '2026-01-02T00:00:00Z' }),
    tell.account('kim', 'marketer', { name: NAMES.kim, at: '2026-01-01T00:00:00Z' }),
  );
  const ava = await chatsOf(world, 'ava', Number(USERS.ava));
  const kim = await chatsOf(world, 'kim', Number(USERS.kim));
  await world.send(
    ...['o1', 'o2'].map((id) => tell.order(id, { modelId: 'ava', marketerId: 'kim', placedAt: MONDAY })),
    { ...tell.orderCancelled('o2', MONDAY), data: { orderId: 'o2', cancelledAt: MONDAY, reason: 'cancelled-by-ava' } },
  );
  await kim.type('/reject o1 rejected-by-kim');
  const by = { by: 'owner', reason: 'decided-of-ava', at: world.now() };
  await core.accounts.decideRole('ava', 'affiliate', by);
  await core.accounts.decideRole('ava', null, { ...by, reason: 'released-of-ava' });
  await core.standing.standings.grace(
    'ava',
    new Date('2026-03-20T00:00:00Z'),
    { actor: 'ops', reason: 'grace-of-ava' },
    world.now(),
  );
  await ava.type('/settings quiet 21:00 07:00');
  await ava.inDiscord('/unlink');
  await world.drain();
}

const SAID = {
  ava: ['cancelled-by-ava', 'rejected-by-kim', 'decided-of-ava', 'released-of-ava', 'grace-of-ava'],
  kim: ['rejected-by-kim'],
};

async function receiptOf(id: string): Promise<Receipt> {
  const subject = await world.core.receipts.find(id, world.now());
  const issued = subject === null ? null : await world.core.receipts.issue(subject);
  if (issued?.kind !== 'issued') throw new Error(`there is no receipt of ${id}: ${issued?.kind}`);
  return issued.receipt;
}

deepTest.each(['ava', 'kim'] as const)(
  'erasing %s leaves every seal, and receipts from before and after, whole',
  async (id) => {
    await play();
    await world.seal();
    expect(await world.verify()).toEqual([]);
    const before = await receiptOf('o1');
    const anchor = { hash: before.proof.anchor.hash };
    expect(flawOfReceipt(before, anchor)).toBe(null);

    expect(await world.core.erasures.request(id, 'ops')).toMatchObject({ kind: 'requested' });
    await world.travelTo(world.now());
    expect(await world.core.erasures.get(id)).toMatchObject({ status: 'erased' });
    expect(foundIn(await dumpOf(world.connection), [NAMES[id], USERS[id], ...SAID[id]])).toEqual([]);
    expect(await world.verify()).toEqual([]);
    expect(flawOfReceipt(before, anchor)).toBe(null);
    expect((await receiptOf('o1')).proof.documents).toEqual(before.proof.documents);

    await world.seal();
    expect(await world.verify()).toEqual([]);
    const after = await receiptOf('o1');
    expect(flawOfReceipt(after, { hash: after.proof.anchor.hash })).toBe(null);
  },
);

deepTest('what is altered in an encrypted body is found, also once nobody can read it', async () => {
  await play();
  await world.seal();
  await world.core.erasures.request('ava', 'ops');
  await world.travelTo(world.now());
  const events = world.connection.collection<{ _id: string; body: { value(): Uint8Array } }>('events');
  const event = await events.findOne({ subject: 'ava' });
  const body = Buffer.from(event?.body.value() ?? []);
  body[20] = (body[20] ?? 0) ^ 1;
  await events.updateOne({ _id: event?._id ?? '' }, { $set: { body: body as never } });
  expect(await world.core.seals.verify()).toEqual([
    `events ${event?._id}: its body is not the one that came in (seal 1)`,
  ]);
});
