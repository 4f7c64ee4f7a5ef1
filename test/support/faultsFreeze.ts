import { AsyncLocalStorage } from 'node:async_hooks';
import mongoose from 'mongoose';

const WRITES = [
  ...(['insertMany', 'insertOne', 'updateOne', 'updateMany', 'replaceOne', 'bulkWrite'] as const),
  ...(['findOneAndUpdate', 'findOneAndReplace', 'deleteOne', 'deleteMany'] as const),
];
type Write = (this: mongoose.mongo.Collection, ...args: unknown[]) => Promise<unknown>;

/**
 * Freezes whoever makes write number `number` (from 0) on a collection, right before it: `frozen` resolves to true then,
 * or to false when the work ends without one; `thaw` lets it go on. Until then nothing is written on behalf of the work,
 * not even by its timers: a frozen process renews no lease. `writes` tells how many there were. Bulk writes count only where
 * they are all that is `counted`, for many inserts are one inside.
 */
export function freezeAt(collection: string, number: number, work: () => Promise<unknown>, counted = COUNTED) {
  // Methods of many signatures, each only passed on.
  const prototype = mongoose.mongo.Collection.prototype as unknown as Record<(typeof WRITES)[number], Write>;
  const originals = WRITES.map((name) => [name, prototype[name]] as const);
  const onBehalf = new AsyncLocalStorage<true>();
  let count = 0;
  let isFrozen = false;
  let thaw = (): void => {};
  let freeze = (_: boolean): void => {};
  const thawed = new Promise<void>((resolve) => {
    thaw = resolve;
  });
  const frozen = new Promise<boolean>((resolve) => {
    freeze = resolve;
  });
  for (const [name, original] of originals) {
    prototype[name] = async function write(...args) {
      const isReached = this.collectionName === collection && counted.has(name) && count++ === number;
      if (isReached) {
        isFrozen = true;
        freeze(true);
      }
      if (isReached || (isFrozen && onBehalf.getStore())) await thawed;
      return original.apply(this, args);
    };
  }
  const done = onBehalf.run(true, work).finally(() => {
    freeze(false);
    for (const [name, original] of originals) prototype[name] = original;
  });
  return { frozen, thaw: () => thaw(), done, writes: () => count };
}

const COUNTED = new Set<string>(['insertMany', 'insertOne', 'updateOne', 'updateMany', 'deleteOne']);
