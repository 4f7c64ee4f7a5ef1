import { afterAll, expect, it } from 'vitest';

import { createInitDataUses } from '../../src/console/initDataUses.ts';
import { testDatabase } from '../support/database.ts';

const database = await testDatabase();
afterAll(database.close);
const uses = createInitDataUses(database.connection);

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 23, 6, 0, seconds));
const ava = { hash: 'a'.repeat(64) };
const kim = { hash: 'b'.repeat(64) };

it('opens one session a minute by the same initData, however many ask at once', async () => {
  const asked = await Promise.all(Array.from({ length: 8 }, () => uses.take(ava, at(0))));
  expect(asked.filter(Boolean)).toHaveLength(1);
  expect(await uses.take(kim, at(1))).toBe(true);
  expect(await uses.take(ava, at(59))).toBe(false);
  expect(await uses.take(ava, at(60))).toBe(true);
  expect(await uses.take(ava, at(119))).toBe(false);
});

it('keeps neither what was sent nor its hash', async () => {
  await uses.take(ava, at(0));
  const stored = await database.connection.collection('console_init_data').find().toArray();
  expect(stored.length).toBeGreaterThan(0);
  expect(JSON.stringify(stored)).not.toContain(ava.hash);
});
