import mongoose from 'mongoose';

/**
 * What befalls a write. `before`: the process dies before the database sees it. `half`: it dies while a write of many
 * documents is under way, and the first half is there. `after`: it dies right after the write. `unanswered`: the write
 * is there, but the answer is lost and the process lives. `unsent`: the write never reached the database, and the
 * process lives.
 */
export const FAULT_KINDS = ['before', 'half', 'after', 'unanswered', 'unsent'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** After so many writes that went well, this. */
export type Fault = { after: number; kind: FaultKind };

/** The process is dead: every write of it fails until `restart`. */
class Killed extends Error {
  override name = 'Killed';
}

const WRITES = [
  'insertOne',
  'insertMany',
  'updateOne',
  'updateMany',
  'replaceOne',
  'bulkWrite',
  'findOneAndUpdate',
  'findOneAndReplace',
  'deleteOne',
  'deleteMany',
] as const;

type Write = (this: unknown, ...args: unknown[]) => Promise<unknown>;

/**
 * Makes writes of every collection in this process fail by plan, until `uninstall`. Nothing happens before `plan`. The
 * lease that a dead process held must be taken away by the test: that is the time that passes until it expires.
 * `onDeath` ends whatever the dead process would go on with, since it cannot really die here.
 */
export function installFaults(onDeath: () => void = () => {}) {
  // Methods of many signatures, each only passed on.
  const prototype = mongoose.mongo.Collection.prototype as unknown as Record<(typeof WRITES)[number], Write>;
  const originals = new Map(WRITES.map((name) => [name, prototype[name]]));
  let plan: Fault[] = [];
  let dead = false;
  let outside = false;
  let writes = 0;
  let sinceFault = 0;

  for (const [name, original] of originals) {
    prototype[name] = async function write(...args) {
      if (outside) return original.apply(this, args);
      if (dead) throw new Killed(`${name} of a dead process`);
      writes += 1;
      const [next] = plan;
      if (next === undefined || sinceFault < next.after) {
        sinceFault += 1;
        return original.apply(this, args);
      }
      plan = plan.slice(1);
      sinceFault = 0;
      const [items, ...rest] = args;
      const half = Array.isArray(items) ? items.slice(0, items.length / 2) : [];
      return strike(
        next.kind,
        () => original.apply(this, args),
        // An empty list is refused by the driver: a single write has no half.
        async () => (half.length > 0 ? original.apply(this, [half, ...rest]) : undefined),
      );
    };
  }

  async function strike(kind: FaultKind, write: () => Promise<unknown>, half: () => Promise<unknown>) {
    const dies = kind === 'before' || kind === 'half' || kind === 'after';
    if (dies) {
      dead = true;
      onDeath();
    }
    // Whether the write was refused, nobody learns any more.
    if (kind === 'half') await half().catch(() => {});
    if (kind === 'after' || kind === 'unanswered') await write().catch(() => {});
    if (dies) throw new Killed(kind);
    throw new mongoose.mongo.MongoNetworkError(`the connection broke: ${kind}`);
  }

  return {
    plan: (faults: Fault[]): void => {
      plan = faults;
      sinceFault = 0;
      writes = 0;
    },
    get dead(): boolean {
      return dead;
    },
    /** How many writes were asked for since `plan`. */
    get writes(): number {
      return writes;
    },
    /** The process lives again; `prepare` is not its own work, so nothing befalls it. */
    restart: async (prepare: () => Promise<void>): Promise<void> => {
      dead = false;
      outside = true;
      await prepare();
      outside = false;
    },
    uninstall: (): void => {
      dead = false;
      for (const [name, original] of originals) prototype[name] = original;
    },
  };
}
