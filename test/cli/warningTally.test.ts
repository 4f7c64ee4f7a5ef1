import { expect, it } from 'vitest';

import { readEvent } from '../../src/cli/readEvent.ts';
import { createWarningTally } from '../../src/cli/warningTally.ts';
import { createCatalogue } from '../../src/events/catalogue.ts';

const catalogue = createCatalogue('USD');

function warningsOf(data: object) {
  const line = { id: 'e', type: 'account.updated', timestamp: '2026-01-01T00:00:00Z', data };
  const read = readEvent(catalogue, Buffer.from(JSON.stringify(line)));
  if ('problem' in read) throw new Error(read.problem);
  return read.warnings;
}

it('a file is told once of each field that has no effect, with how often it came', () => {
  const tally = createWarningTally();
  const account = { accountId: 'ava', role: 'model', name: 'Ava' };
  tally.add(warningsOf(account));
  for (let index = 0; index < 3; index += 1) tally.add(warningsOf({ ...account, timezone: 'UTC' }));
  tally.add(warningsOf({ ...account, email: 'x' }));
  expect(tally.lines()).toEqual([
    'data.timezone is no field of account.updated: it is stored, and has no effect; did you mean data.timeZone? (3 events)',
    'data.email is no field of account.updated: it is stored, and has no effect (1 event)',
  ]);
});

it('a file of many different ones is told of the first, and how many more there are', () => {
  const tally = createWarningTally();
  const many = (from: number, count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`unknown${from + index}`, 1]));
  const account = { accountId: 'ava', role: 'model', name: 'Ava' };
  for (const from of [0, 100, 200, 300]) tally.add(warningsOf({ ...account, ...many(from, 12) }));
  expect(tally.lines()).toHaveLength(21);
  expect(tally.lines().at(-1)).toBe('28 more such warnings');
});
