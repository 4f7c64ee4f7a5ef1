import { expect, it } from 'vitest';

import { nearestOf } from '../../src/kernel/nearest.ts';

const NAMES = ['accountId', 'role', 'name', 'timeZone', 'locale', 'discountBps', 'capacity'];

it.each([
  ['timezone', 'timeZone'],
  ['time_zone', 'timeZone'],
  ['TIME-ZONE', 'timeZone'],
  ['discount_bps', 'discountBps'],
  ['discountBsp', 'discountBps'],
  ['account', 'accountId'],
  ['capacty', 'capacity'],
])('%s is near %s', (written, meant) => {
  expect(nearestOf(written, NAMES)).toBe(meant);
});

it.each(['email', 'x', '', 'phoneNumber', `timeZone${'e'.repeat(64)}`])('nothing is near %s', (written) => {
  expect(nearestOf(written, NAMES)).toBeUndefined();
});

it('of several as near it is the first', () => {
  expect(nearestOf('paid', ['paidA', 'paidB'])).toBe('paidA');
  expect(nearestOf('paidB', ['paidA', 'paidB'])).toBe('paidB');
});
