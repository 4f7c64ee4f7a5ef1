import { createHash, randomBytes } from 'node:crypto';

export type IdSet = ReturnType<typeof createIdSet>;

/**
 * A set of very many ids, in eight bytes each: their keyed fingerprints, sorted when it is first asked. Nobody who chooses
 * ids knows which of them have one fingerprint. All are added before the first question.
 */
export function createIdSet() {
  const secret = randomBytes(16);
  let fingerprints = new BigUint64Array(1_024);
  let count = 0;
  let isSorted = true;

  function add(id: string): void {
    if (count === fingerprints.length) {
      const larger = new BigUint64Array(2 * count);
      larger.set(fingerprints);
      fingerprints = larger;
    }
    fingerprints[count] = fingerprintOf(id);
    count += 1;
    isSorted = false;
  }

  function has(id: string): boolean {
    const known = fingerprints.subarray(0, count);
    if (!isSorted) known.sort();
    isSorted = true;
    return includes(known, fingerprintOf(id));
  }

  function fingerprintOf(id: string): bigint {
    return createHash('sha256').update(secret).update(id).digest().readBigUInt64BE();
  }

  return { add, has };
}

function includes(sorted: BigUint64Array, wanted: bigint): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0n) < wanted) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === wanted;
}
