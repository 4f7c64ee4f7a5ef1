import { afterAll, beforeAll, expect, test } from 'vitest';

import { tell } from '../support/events.ts';
import { createWorld, PAYEE_KEY, type World } from '../support/world.ts';
import { workplace } from './command.ts';

const NEXT_KEY = Buffer.alloc(32, 7).toString('base64');

let world: World;
const place = workplace();
beforeAll(async () => {
  world = await createWorld({ startsAt: '2026-03-02T10:00:00Z' });
  const payee = { method: 'usdt-trc20', address: 'TJRyWwFs9wTFGZg3JbrVriFbNfCug5tDeC' };
  await world.send(tell.account('kim', 'affiliate'), tell.payee('1', 'kim', payee));
});
afterAll(async () => {
  place.close();
  await world.close();
});

test('`payees rekey` encrypts everything with the first key, and says when the others can go', async () => {
  const rekey = (keys: string) =>
    place.settlebot(['payees', 'rekey'], {
      MONGODB_URI: world.database.uri,
      ...(keys === '' ? {} : { PAYEE_KEYS: keys }),
    });
  const off = await rekey('');
  expect([off.code, off.out + off.err]).toEqual([1, expect.stringContaining('payees are off')]);
  // The key that they were written with is not named: nothing is lost, and it is said which one it is.
  const without = await rekey(NEXT_KEY);
  expect(without.code).toBe(1);
  const [lacking] = await lackingWith(NEXT_KEY);
  expect(without.out).toContain(`1 payee could not be read: left as stored\n`);
  expect(without.out).toContain(`still needed, and not named: the key ${lacking}`);
  const both = await rekey(`${NEXT_KEY},${PAYEE_KEY}`);
  expect(both.out).toContain('1 payee and 1 secret encrypted with the first key\nevery other key of PAYEE_KEYS can go');
  expect(both.code).toBe(0);
  const again = await rekey(NEXT_KEY);
  expect([again.code, again.out]).toEqual([0, expect.stringContaining('0 payees and 0 secrets encrypted')]);
  await world.restart(undefined, [NEXT_KEY]);
  expect((await world.core.payees.of(['kim'])).size).toBe(1);
});

async function lackingWith(key: string): Promise<string[]> {
  await world.restart(undefined, [key]);
  return world.core.payees.lackingKeys();
}
