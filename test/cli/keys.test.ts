import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';

import { isApiKey } from '../../src/rights/apiKey.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { deepTest } from '../support/depth.ts';
import { workplace } from './command.ts';

let database: TestDatabase;
let place: ReturnType<typeof workplace>;
beforeAll(async () => {
  database = await testDatabase({ ownIndexes: true });
});
beforeEach(() => {
  place = workplace();
});
afterEach(() => place.close());
afterAll(() => database.close());

deepTest('`keys` makes a key that is printed alone, lists, rotates and ends it', async () => {
  const settlebot = (...words: string[]) => place.settlebot(words, { MONGODB_URI: database.uri });
  const made = await settlebot('keys', 'create', 'till', '--scopes', 'orders,read');
  expect([made.code, isApiKey(made.out.trim())]).toEqual([0, true]);
  const again = await settlebot('keys', 'create', 'Till', '--scopes', 'read');
  expect([again.code, again.out]).toEqual([1, '']);
  const rotated = await settlebot('keys', 'rotate', 'till', '--overlap', '24');
  expect(isApiKey(rotated.out.trim())).toBe(true);
  expect((await settlebot('keys', 'list')).out).toMatch(
    /^till: active; read orders; the one before until .*; never used$/m,
  );
  expect((await settlebot('keys', 'revoke', 'till')).out).toContain('till: revoked');
  expect((await settlebot('keys', 'revoke', 'nobody')).code).toBe(1);
  expect((await settlebot('keys', 'create', 'x', '--scopes', 'everything')).code).not.toBe(0);
});
