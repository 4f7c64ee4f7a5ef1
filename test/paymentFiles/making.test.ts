import mongoose from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import type { FileFormat } from '../../src/paymentFiles/paymentFile.ts';
import { differencesOf } from '../affiliates/world.ts';
import { deepTest } from '../support/depth.ts';
import type { World } from '../support/world.ts';
import { approvedPayday, CYCLE, createPaydayWorld, setPayee, TOTAL } from './world.ts';

const { mongo } = mongoose;

/** What is spoilt of a file, and what verify says of it. */
const SPOILT: [Record<string, unknown>, RegExp][] = [
  [{ total: 1 }, /total is 1, and its lines come to 12500/],
  [{ 'lines.0.amount': 1 }, /its lines come to 2501/],
  [{ 'lines.0.payoutId': '2026-04-01:x' }, /pays 2026-04-01:x, which its batch does not/],
  [{ hash: 'f'.repeat(64) }, /hash is f+, and the audit trail says/],
  [{ by: 'nobody' }, /by is nobody, and the audit trail says ops/],
];

describe('the file of a batch', () => {
  let world: World;

  beforeAll(async () => {
    world = await createPaydayWorld();
  });
  afterAll(() => world.close());
  beforeEach(() => approvedPayday(world));

  const make = (format: FileFormat, more = {}) =>
    world.core.paymentFiles.make({ cycle: CYCLE, format, actor: 'ops', ...more }, world.clock.now());
  const content = (format: FileFormat, more = {}) => world.core.paymentFiles.content({ cycle: CYCLE, format, ...more });

  async function made(format: FileFormat, more = {}) {
    const outcome = await make(format, more);
    if (outcome.kind === 'refused') throw new Error(outcome.reason);
    return outcome.file;
  }

  async function textOf(format: FileFormat, more = {}): Promise<string> {
    const outcome = await content(format, more);
    if (outcome.kind !== 'content') throw new Error(JSON.stringify(outcome));
    return outcome.parts.map((part) => new TextDecoder().decode(part.content)).join('\n');
  }

  /** Every line of every file. */
  async function filedPayouts(): Promise<string[]> {
    const files = world.connection.collection<{ lines: { payoutId: string }[] }>('payment_files');
    return (await files.find().toArray()).flatMap(({ lines }) => lines.map(({ payoutId }) => payoutId));
  }

  const statusOf = async (accountId: string) =>
    (await world.core.affiliates.payouts.get(`${CYCLE}:${accountId}`))?.status;

  deepTest('has what is due and paid so, and says what of the batch is not in it', async () => {
    const outcome = await make('paypal');
    expect(outcome).toMatchObject({ kind: 'made', file: { count: 2, total: 12_500, number: 1, by: 'ops' } });
    const { rest, leftOut, total } = await made('paypal');
    expect(leftOut).toEqual([
      { payoutId: `${CYCLE}:eve`, accountId: 'eve', amount: 50, why: 'destination_not_writable' },
    ]);
    expect(rest).toEqual({
      otherMethods: [
        { method: 'wise', count: 1, total: 300 },
        { method: 'sepa', count: 1, total: 4_000 },
      ],
      withoutPayee: { count: 1, total: 7 },
      held: { count: 0, total: 0 },
      leftOut: { count: 1, total: 50 },
      notDue: { count: 0, total: 0 },
    });
    expect(total + 300 + 4_000 + 7 + 50).toBe(TOTAL);
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('is made once: the second making says so, and its bytes are the same', async () => {
    const one = await make('sepa');
    const first = await content('sepa');
    world.pin('2026-04-03T12:00:00Z');
    await world.restart();
    expect(await make('sepa', { actor: 'other' })).toEqual({ ...one, kind: 'before' });
    expect(await content('sepa')).toEqual(first);
    expect(await textOf('sepa')).toContain('<CreDtTm>2026-04-01T09:00:00Z</CreDtTm>');
  });

  it('marks its payouts as being paid, and no others; the audit trail has its hash', async () => {
    const { hash } = await made('paypal');
    expect(await Promise.all(['ava', 'bea', 'cid', 'eve', 'fay'].map(statusOf))).toEqual([
      ...['processing', 'processing', 'due', 'due', 'due'],
    ]);
    const { items } = await world.core.audit.list({ subject: `cycle:${CYCLE}`, limit: 10 });
    expect(items.filter(({ action }) => action === 'payment_file.made')).toMatchObject([
      { actor: 'ops', after: { format: 'paypal', number: 1, hash, count: 2 } },
    ]);
    expect(await world.core.paydays.batches.get(CYCLE)).toMatchObject({
      ...{ state: 'exported', exports: [{ format: 'paypal', hash, count: 2, total: 12_500, actor: 'ops' }] },
    });
    const { items: acts } = await world.core.audit.list({ subject: `payout:${CYCLE}:ava`, limit: 10 });
    expect(acts).toMatchObject([{ actor: 'ops', action: 'payout.processing' }]);
  });

  deepTest('is simulated with nothing written', async () => {
    const simulated = await make('paypal', { simulate: true });
    expect(simulated).toMatchObject({ kind: 'would-be', file: { count: 2, total: 12_500 } });
    expect(await world.collection('payment_files').countDocuments()).toBe(0);
    expect(await statusOf('ava')).toBe('due');
    expect(await world.core.paydays.batches.get(CYCLE)).toMatchObject({ state: 'approved', exports: [] });
    expect(await make('paypal')).toMatchObject({ kind: 'made' });
    expect(await make('paypal', { simulate: true })).toMatchObject({ kind: 'before' });
  });

  deepTest('is refused, and not silently another one, where a payee has changed since', async () => {
    await made('paypal');
    await setPayee(world, 'bea', { method: 'paypal', email: 'thief@example.com' });
    expect(await content('paypal')).toEqual({
      ...{ kind: 'refused', state: 'made', reason: 'export_changed' },
      differs: ['the payee of bea'],
    });
    expect(await make('paypal')).toMatchObject({ kind: 'before', file: { count: 2 } });
  });

  deepTest(
    'pays nothing twice: what is in one file is in no other, and the generic one takes what is left',
    async () => {
      const paypal = await made('paypal');
      const generic = await made('generic');
      expect(generic).toMatchObject({
        count: 3,
        total: 300 + 4_000 + 50,
        rest: { notDue: { count: 2, total: 12_500 } },
      });
      expect(await make('sepa')).toMatchObject({ kind: 'refused', reason: 'nothing_to_export' });
      expect(paypal.count + generic.count).toBe(new Set(await filedPayouts()).size);
      expect(await differencesOf(world)).toEqual([]);
    },
  );

  deepTest('is one file when several make it at once, and no payout is in two of different formats', async () => {
    const outcomes = await Promise.all([
      ...[1, 2, 3].map((nth) => make('paypal', { actor: `manager-${nth}` })),
      ...[1, 2].map((nth) => make('generic', { actor: `manager-${nth}` })),
    ]);
    const files = outcomes.flatMap((outcome) => (outcome.kind === 'refused' ? [] : [outcome.file]));
    const byId = new Map(files.map((file) => [file.fileId, file]));
    for (const file of files) expect(file).toEqual(byId.get(file.fileId));
    expect((await filedPayouts()).sort()).toEqual(['ava', 'bea', 'cid', 'dan', 'eve'].map((id) => `${CYCLE}:${id}`));
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('leaves what came to be payable later to a further file', async () => {
    await made('paypal');
    await setPayee(world, 'fay', { method: 'paypal', email: 'fay@example.com' });
    world.pin('2026-04-05T12:00:00Z');
    expect(await make('paypal')).toMatchObject({ kind: 'before', file: { number: 1, count: 2 } });
    expect(await make('paypal', { further: true })).toMatchObject({ kind: 'made', file: { number: 2, total: 7 } });
    expect(await make('paypal', { further: true })).toMatchObject({ kind: 'refused', reason: 'nothing_to_export' });
    expect(await textOf('paypal', { number: 2 })).toMatch(/^fay@example\.com,"0,07",EUR,/);
    expect(await textOf('paypal')).not.toContain('fay@');
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('does not have what was paid while it was drawn up', async () => {
    onceDrawnUp(() => world.core.affiliates.payouts.act(`${CYCLE}:ava`, 'settle', { actor: 'x' }, world.clock.now()));
    expect(await make('paypal')).toMatchObject({
      ...{ kind: 'made', file: { count: 1, total: 2_500, rest: { notDue: { count: 1, total: 10_000 } } } },
    });
    expect(await textOf('paypal')).not.toContain('ava@');
    expect(await statusOf('ava')).toBe('paid');
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('is none where all of it was paid while it was drawn up', async () => {
    onceDrawnUp(() => world.core.affiliates.payouts.act(`${CYCLE}:dan`, 'settle', { actor: 'x' }, world.clock.now()));
    expect(await make('sepa')).toMatchObject({ kind: 'refused', reason: 'nothing_to_export' });
    expect(await world.collection('payment_files').countDocuments()).toBe(0);
  });

  deepTest('is not made of a batch that is not approved, and not of what is held', async () => {
    expect(
      await world.core.paymentFiles.make({ cycle: '2026-04-16', format: 'paypal', actor: 'ops' }, world.clock.now()),
    ).toEqual({
      ...{ kind: 'refused', state: 'none', reason: 'batch_not_approved' },
    });
    expect(await content('paypal')).toMatchObject({ kind: 'refused', reason: 'export_not_made' });
    const hold = {
      subject: { payoutId: `${CYCLE}:ava` },
      until: new Date('2026-05-01'),
      reason: 'asked',
      actor: 'ops',
    };
    await world.core.paydays.holds.place(hold, world.clock.now());
    expect(await make('paypal')).toMatchObject({ file: { count: 1, rest: { held: { count: 1, total: 10_000 } } } });
    expect(await statusOf('ava')).toBe('due');
  });

  deepTest('is not made in a currency that its format does not pay', async () => {
    expect(await make('usdt-trc20')).toMatchObject({ kind: 'refused', reason: 'currency_not_payable' });
  });

  deepTest('is compared by verify with its lines, its batch and the audit trail', async () => {
    await made('paypal');
    const files = world.collection('payment_files');
    const [before] = await files.find().toArray();
    for (const [change, line] of SPOILT) {
      await files.updateOne({}, { $set: change });
      expect(await differencesOf(world)).toEqual(expect.arrayContaining([expect.stringMatching(line)]));
      await files.replaceOne({}, { ...before });
    }
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('is missed by verify, and so is the mark of a payout', async () => {
    await made('paypal');
    await world.collection('payouts').updateOne({ _id: `${CYCLE}:ava` }, { $unset: { paymentFile: '' } });
    expect(await differencesOf(world)).toContain(
      `payment_files/${CYCLE}:paypal:1 pays ${CYCLE}:ava, which says nothing of it`,
    );
    await world.collection('payment_files').deleteMany({});
    expect(await differencesOf(world)).toEqual(
      expect.arrayContaining([
        `payout ${CYCLE}:bea is paid by ${CYCLE}:paypal:1, which is no file`,
        expect.stringMatching(/^payment_files\/2026-04-01:paypal:1 is missing: ops made it/),
      ]),
    );
  });

  /** Does something between the reservation of a file and what follows from it. */
  function onceDrawnUp(act: () => Promise<unknown>): void {
    const { insertOne } = mongo.Collection.prototype;
    const spy = vi.spyOn(mongo.Collection.prototype, 'insertOne').mockImplementation(async function (
      this: InstanceType<typeof mongo.Collection>,
      ...args
    ) {
      if (this.collectionName !== 'payment_files') return insertOne.apply(this, args);
      spy.mockRestore();
      const inserted = await insertOne.apply(this, args);
      await act();
      return inserted;
    });
  }
});
