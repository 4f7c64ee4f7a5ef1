import { expect, test } from 'vitest';

import { linesOnParts } from '../../src/kernel/lines.ts';

test('parts that look side by side answer in their order, and one that cannot is named', async () => {
  let isEarlyDone = false;
  const lines = await linesOnParts({
    late: async () => {
      while (!isEarlyDone) await new Promise(setImmediate);
      return ['of the late one'];
    },
    broken: async () => {
      throw new TypeError('no such field');
    },
    early: async () => {
      isEarlyDone = true;
      return ['of the early one'];
    },
  });
  expect(lines).toEqual(['of the late one', 'broken cannot be compared: no such field', 'of the early one']);
});

test('trouble that is none of the data ends it', async () => {
  const gone = async (): Promise<string[]> => {
    throw new Error('the database is gone');
  };
  await expect(linesOnParts({ gone, other: async () => [] })).rejects.toThrow('the database is gone');
});
