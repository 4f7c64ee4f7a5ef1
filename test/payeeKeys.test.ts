import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { readConfig } from '../src/config.ts';
import { secretOf } from '../src/kernel/cipher.ts';
import { loadPayeeKeys } from '../src/payeeKeys.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settlebot-keys-'));
  file = join(folder, 'data', 'payees.key');
});
afterEach(() => rmSync(folder, { recursive: true }));

function load(environment: Record<string, string> = {}, make = true) {
  const result = readConfig({ DATA_DIR: join(folder, 'data'), ...environment });
  if ('errors' in result) throw new Error(result.errors.join('\n'));
  return loadPayeeKeys(result.config, { make });
}

const [OLD, NEW] = [Buffer.alloc(16, 1), Buffer.alloc(32, 2)];

test('the configured keys are taken, in their order, wherever the database is', () => {
  const PAYEE_KEYS = `${NEW.toString('base64')},${OLD.toString('base64')}`;
  const taken = { keys: [NEW, OLD].map(secretOf), notes: [] };
  expect(load({ PAYEE_KEYS })).toEqual(taken);
  expect(load({ PAYEE_KEYS, MONGODB_URI: 'mongodb://db' })).toEqual(taken);
  expect(() => statSync(file)).toThrow('ENOENT');
});

test.each(['c2hvcnQ=', 'not base64 at all!!', Buffer.alloc(65).toString('base64')])('%s is no key', (key) => {
  expect(readConfig({ PAYEE_KEYS: key })).toEqual({ errors: ['PAYEE_KEYS: must be 16-64 random bytes as base64'] });
});

test('without one a key is made once, readable by its owner alone; it is told where it is, and never what', () => {
  expect(load({}, false)).toEqual({ keys: [], notes: [] });
  const made = load();
  expect(made.notes).toEqual([`a key of payees was made: in ${file}, readable by its owner alone`]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(made.keys).toEqual([secretOf(Buffer.from(readFileSync(file, 'utf8'), 'base64'))]);
  for (const make of [true, false]) expect(load({}, make)).toEqual({ keys: made.keys, notes: [] });
});

test('a shared database has none that is not named: payees are off, and that is said', () => {
  expect(load({ MONGODB_URI: 'mongodb://db' })).toEqual({
    keys: [],
    notes: ['payees are off: PAYEE_KEYS is not set, and with MONGODB_URI no key is made (docs/paydays.md)'],
  });
  expect(() => statSync(file)).toThrow('ENOENT');
});

test('a file that is no key turns payees off and is not replaced', () => {
  load();
  writeFileSync(file, 'something');
  expect(load()).toEqual({
    keys: [],
    notes: [`payees are off: ${file} is not what the service wrote; put back the one that payees are encrypted with`],
  });
  expect(readFileSync(file, 'utf8')).toBe('something');
});
