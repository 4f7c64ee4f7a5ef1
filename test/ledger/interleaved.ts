import { setImmediate as turn } from 'node:timers/promises';
import mongoose from 'mongoose';

type Call = (this: mongoose.mongo.Collection, ...args: unknown[]) => Promise<unknown>;

const WRITES = ['insertOne', 'insertMany', 'bulkWrite', 'deleteMany'] as const;
const LEDGER = /^ledger_/;
const MOST_TURNS = 12;

/**
 * Delays each write of the ledger by some turns of the loop, or freezes its writer until `thaw`, as `dice` says, a number
 * from 0 up to 1 each time: so work that goes on side by side is interleaved in another way for each sequence of dice.
 */
export function interleaved({ dice, freezes }: { dice: () => number; freezes: number }) {
  // Methods of many signatures, each only passed on.
  const prototype = mongoose.mongo.Collection.prototype as unknown as Record<(typeof WRITES)[number], Call>;
  const originals = WRITES.map((name) => [name, prototype[name]] as const);
  let frozen: (() => void)[] = [];

  for (const [name, original] of originals) {
    prototype[name] = async function write(...args) {
      if (LEDGER.test(this.collectionName)) {
        if (dice() < freezes) await new Promise<void>((resolve) => frozen.push(resolve));
        for (let left = Math.floor(dice() * MOST_TURNS); left > 0; left -= 1) await turn();
      }
      return original.apply(this, args);
    };
  }

  function thaw(): void {
    for (const goOn of frozen) goOn();
    frozen = [];
  }

  function uninstall(): void {
    for (const [name, original] of originals) prototype[name] = original;
    thaw();
  }

  return { thaw, uninstall };
}
