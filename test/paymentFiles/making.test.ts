import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { TEMP } from '../../src/core.ts';
import type { Payee } from '../../src/payees/payee.ts';
import type { FileFormat } from '../../src/paymentFiles/paymentFile.ts';
import { differencesOf, earnedAsMarketer } from '../affiliates/world.ts';
import { tell } from '../support/events.ts';
import { createWorld, type World } from '../support/world.ts';
import { inSepa } from './lines.ts';

const CYCLE = '2026-04-01';
const ADDRESS = 'TJRyWwFs9wTFGZg3JbrVriFbNfCug5tDeC';

const PAYEES: Record<string, Payee> = {
  ava: { method: 'paypal', email: 'ava@example.com' },
  bea: { method: 'paypal', email: 'bea@example.com' },
  cid: { method: 'usdt-trc20', address: ADDRESS },
  dan: inSepa('Dan'),
  eve: { method: 'paypal', email: '+eve@example.com' },
};
const AMOUNTS: Record<string, number> = { ava: 10_000, bea: 2_500, cid: 300, dan: 4_000, eve: 50, fay: 7 };

describe('the file of a batch', () => {
  let world: World;

  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.reset('2026-03-20T12:00:00Z');
    await world.send(...Object.keys(AMOUNTS).map((accountId) => tell.account(accountId, 'marketer')));
    for (const [accountId, amount] of Object.entries(AMOUNTS)) await earnedAsMarketer(world, accountId, amount);
    TEMP.payees = new Map(Object.entries(PAYEES).map(([id, payee]) => [id, { payee, version: 1 }]));
    await world.travelTo('2026-04-01T09:00:00Z');
  });

  const make = (format: FileFormat, more = {}) =>
    world.core.paymentFiles.make({ cycle: CYCLE, format, actor: 'ops', ...more }, world.clock.now());

  it('has what is due and paid so, and says what of the batch is not in it', async () => {
    const outcome = await make('paypal');
    expect(outcome).toMatchObject({ kind: 'made', file: { count: 2, total: 12_500, number: 1, by: 'ops' } });
    if (outcome.kind === 'refused') throw new Error(outcome.reason);
    const { rest, leftOut, total } = outcome.file;
    expect(leftOut).toEqual([
      { payoutId: `${CYCLE}:eve`, accountId: 'eve', amount: 50, why: 'destination_not_writable' },
    ]);
    expect(rest).toEqual({
      otherMethods: [
        { method: 'usdt-trc20', count: 1, total: 300 },
        { method: 'sepa', count: 1, total: 4_000 },
      ],
      withoutPayee: { count: 1, total: 7 },
      held: { count: 0, total: 0 },
      leftOut: { count: 1, total: 50 },
      notDue: { count: 0, total: 0 },
    });
    expect(total + 300 + 4_000 + 7 + 50).toBe(Object.values(AMOUNTS).reduce((sum, amount) => sum + amount));
    expect(await differencesOf(world)).toEqual([]);
  });

  it('is made once: the second making says so, and its bytes are the same', async () => {
    const one = await make('paypal');
    const first = await world.core.paymentFiles.content({ cycle: CYCLE, format: 'paypal' });
    world.pin('2026-04-03T12:00:00Z');
    expect(await make('paypal', { actor: 'other' })).toEqual({ ...one, kind: 'before' });
    expect(await world.core.paymentFiles.content({ cycle: CYCLE, format: 'paypal' })).toEqual(first);
  });
});
