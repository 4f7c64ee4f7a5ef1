import { expect, test } from 'vitest';

import { vatOfInvoice, vatOfStatement } from '../../src/books/vat.ts';

const AT_19 = { country: 'DE', vat: { rateBps: 1_900 } };
const AT_NOTHING = { country: 'DE', vat: { reverseCharge: true as const, note: 'Art. 196' } };
const BUSINESS = { country: 'DE', taxId: 'DE1' };
const FOREIGN = { country: 'IE', taxId: 'IE1' };

test.each([
  [4_108, AT_19, {}, { kind: 'included', rateBps: 1_900, net: 3_452, vat: 656 }],
  [4_108, AT_19, BUSINESS, { kind: 'included', rateBps: 1_900, net: 3_452, vat: 656 }],
  // A person abroad is no business, and neither is a business that has not said where it is.
  [4_108, AT_19, { country: 'IE' }, { kind: 'included', rateBps: 1_900, net: 3_452, vat: 656 }],
  [4_108, AT_19, { taxId: 'IE1' }, { kind: 'included', rateBps: 1_900, net: 3_452, vat: 656 }],
  [4_108, AT_19, FOREIGN, { kind: 'reverse-charge' }],
  [4_108, AT_NOTHING, {}, { kind: 'reverse-charge', note: 'Art. 196' }],
  [4_108, { country: 'DE' }, FOREIGN, { kind: 'none' }],
  // Rounded once, half away from zero: of 3 at 100 % it is 1.5.
  [3, { country: 'DE', vat: { rateBps: 10_000 } }, {}, { kind: 'included', rateBps: 10_000, net: 1, vat: 2 }],
  [-3, { country: 'DE', vat: { rateBps: 10_000 } }, {}, { kind: 'included', rateBps: 10_000, net: -1, vat: -2 }],
  [0, AT_19, {}, { kind: 'included', rateBps: 1_900, net: 0, vat: 0 }],
  [-1, AT_19, {}, { kind: 'included', rateBps: 1_900, net: -1, vat: 0 }],
  [
    900_719_925_474_099,
    AT_19,
    {},
    { kind: 'included', rateBps: 1_900, net: 756_907_500_398_403, vat: 143_812_425_075_696 },
  ],
])('an invoice over %i by %j for %j', (amount, issuer, customer, vat) => {
  expect(vatOfInvoice(amount, issuer, customer)).toEqual(vat);
  if ('net' in vat) expect(vat.net + vat.vat).toBe(amount);
});

test.each([
  [AT_19, {}, { kind: 'none' }],
  [AT_19, { country: 'IE' }, { kind: 'none' }],
  [AT_19, BUSINESS, { kind: 'included', rateBps: 1_900, net: 3_452, vat: 656 }],
  [AT_19, FOREIGN, { kind: 'reverse-charge' }],
  [AT_NOTHING, FOREIGN, { kind: 'reverse-charge' }],
  [AT_NOTHING, BUSINESS, { kind: 'none' }],
  [{ country: 'DE' }, BUSINESS, { kind: 'none' }],
])('a statement by %j for %j', (issuer, supplier, vat) => {
  expect(vatOfStatement(4_108, issuer, supplier)).toEqual(vat);
});
