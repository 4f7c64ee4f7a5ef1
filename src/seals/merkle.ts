import { createHash } from 'node:crypto';

/** The tree of RFC 6962: leaves and nodes are told apart by their first byte, and nothing is padded or sorted. */
const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/** One step up from a leaf to the root: the hash beside it, and on which side that is. */
export type Step = { side: 'left' | 'right'; hash: Buffer };

export function hashLeaf(content: string | Buffer): Buffer {
  return createHash('sha256').update(LEAF).update(content).digest();
}

function hashNode(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(NODE).update(left).update(right).digest();
}

/** The root over the hashes of leaves; of none, the hash of nothing. */
export function rootOf(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves;
  if (first === undefined) return createHash('sha256').digest();
  if (leaves.length === 1) return first;
  const left = leftSize(leaves.length);
  return hashNode(rootOf(leaves.slice(0, left)), rootOf(leaves.slice(left)));
}

/** The steps from the leaf at `index` to the root, from below. */
export function pathOf(leaves: readonly Buffer[], index: number): Step[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length)
    throw new RangeError(`there is no leaf ${index}`);
  if (leaves.length === 1) return [];
  const left = leftSize(leaves.length);
  const [here, beside] = [leaves.slice(0, left), leaves.slice(left)];
  return index < left
    ? [...pathOf(here, index), { side: 'right', hash: rootOf(beside) }]
    : [...pathOf(beside, index - left), { side: 'left', hash: rootOf(here) }];
}

/** The root that a leaf's hash and its steps lead to. */
export function rootFrom(leaf: Buffer, path: readonly Step[]): Buffer {
  return path.reduce(
    (below, { side, hash }) => (side === 'left' ? hashNode(hash, below) : hashNode(below, hash)),
    leaf,
  );
}

/** The largest power of two below `count`, which is more than one. */
function leftSize(count: number): number {
  return 2 ** (31 - Math.clz32(count - 1));
}
