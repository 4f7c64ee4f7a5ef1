import { setImmediate } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';

import { createReadLately } from '../../src/kernel/readLately.ts';

let now = 0;
let reads: string[] = [];
let fault: Error | undefined;
const START = Date.parse('2026-11-23T00:00:00Z');

beforeEach(() => {
  [now, reads, fault] = [START, [], undefined];
});

function create() {
  return createReadLately({
    ...{ clock: { now: () => new Date(now) }, mostMs: 3_600_000, most: 2 },
    weight: async (_, most) => most,
    read: async (key) => {
      reads.push(key);
      if (fault !== undefined) throw fault;
      return { asOf: new Date(now), number: reads.length };
    },
  });
}

it('is read once within its time, also by many at once', async () => {
  const ask = create();
  const all = await Promise.all([ask('a'), ask('a'), ask('a')]);
  now += 59_000;
  expect([...all, await ask('a')].map(({ number }) => number)).toEqual([1, 1, 1, 1]);
  expect(await ask('b')).toMatchObject({ number: 2 });
});

it('is answered once more after its time, and read again behind the answer', async () => {
  const ask = create();
  await ask('a');
  now += 61_000;
  expect(await ask('a')).toMatchObject({ number: 1, asOf: new Date(START) });
  await setImmediate();
  expect(await ask('a')).toMatchObject({ number: 2, asOf: new Date(now) });
});

it('is read before the answer when it is too old, and when the clock was set back', async () => {
  const ask = create();
  await ask('a');
  now += 3_600_001;
  expect(await ask('a')).toMatchObject({ number: 2 });
  now = START;
  expect(await ask('a')).toMatchObject({ number: 3 });
});

it('keeps what it had when reading fails, and tells whoever has to wait for it', async () => {
  const ask = create();
  await ask('a');
  fault = new Error('no database');
  now += 61_000;
  expect(await ask('a')).toMatchObject({ number: 1 });
  await setImmediate();
  expect(await ask('a')).toMatchObject({ number: 1 });
  now += 3_600_000;
  await expect(ask('a')).rejects.toThrow('no database');
  await expect(ask('b')).rejects.toThrow('no database');
  fault = undefined;
  expect(await ask('a')).toMatchObject({ asOf: new Date(now) });
});
