import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { readConfig } from '../src/config.ts';
import { loadSealKeys } from '../src/sealKeys.ts';
import { sealKeyOf } from '../src/seals/seal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settlebot-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function configOf(environment: Record<string, string>) {
  const result = readConfig({ DATA_DIR: join(folder, 'data'), ...environment });
  if ('errors' in result) throw new Error(result.errors.join('\n'));
  return result.config;
}

const OLD = Buffer.alloc(16, 1).toString('base64');
const NEW = Buffer.alloc(32, 2).toString('base64');

test('the configured keys are taken, in their order', () => {
  const { keys, generated } = loadSealKeys(configOf({ SEAL_KEY: `${NEW},${OLD}` }), { make: true });
  expect(keys).toEqual([NEW, OLD].map((key) => sealKeyOf(Buffer.from(key, 'base64'))));
  expect(generated).toEqual([]);
});

test.each(['c2hvcnQ=', 'not base64 at all!!', Buffer.alloc(65).toString('base64')])('%s is no key', (key) => {
  expect(readConfig({ SEAL_KEY: key })).toEqual({ errors: ['SEAL_KEY: must be 16-64 random bytes as base64'] });
});

test('without one a key is made once, readable by its owner alone, and shown once', () => {
  const first = loadSealKeys(configOf({}), { make: true });
  expect(first.generated).toEqual([`SEAL_KEY=${readFileSync(first.file, 'utf8').trim()}`]);
  expect(statSync(first.file).mode & 0o777).toBe(0o600);
  expect(loadSealKeys(configOf({}), { make: true })).toEqual({ ...first, generated: [] });
});

test('who only reads makes none', () => {
  expect(loadSealKeys(configOf({}), { make: false }).keys).toEqual([]);
});

test('a file that is no key is told, not replaced', () => {
  const { file } = loadSealKeys(configOf({}), { make: true });
  writeFileSync(file, 'something');
  expect(() => loadSealKeys(configOf({}), { make: true })).toThrow(/is not what the service wrote/);
});
