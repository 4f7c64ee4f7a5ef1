import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { hashLeaf, pathOf, rootFrom, rootOf } from '../../src/seals/merkle.ts';

/** The test vectors of Certificate Transparency: these leaves, and the roots over the first so many of them. */
const INPUTS = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const leaves = INPUTS.map((hex) => hashLeaf(Buffer.from(hex, 'hex')));

test('the root of nothing is the hash of nothing', () => {
  expect(rootOf([])).toEqual(createHash('sha256').digest());
});

test.each(ROOTS.map((root, index) => [index + 1, root] as const))(
  'roots are those of RFC 6962: %i leaves',
  (count, root) => {
    expect(rootOf(leaves.slice(0, count)).toString('hex')).toBe(root);
  },
);

test('each leaf leads to the root by its path, and no other leaf does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), (count, pick) => {
      const many = Array.from({ length: count }, (_, index) => hashLeaf(`leaf ${index}`));
      const index = pick % count;
      const path = pathOf(many, index);
      expect(rootFrom(many[index] ?? Buffer.of(), path)).toEqual(rootOf(many));
      expect(rootFrom(hashLeaf('another'), path)).not.toEqual(rootOf(many));
      expect(path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(Math.max(count, 2))));
    }),
  );
});

test('there is no path from a leaf that is not there', () => {
  expect(() => pathOf(leaves, leaves.length)).toThrow(/no leaf 8/);
});
