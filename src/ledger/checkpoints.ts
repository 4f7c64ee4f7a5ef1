import { unlessDuplicate } from '../database/duplicates.ts';
import { realMilliseconds } from '../kernel/clock.ts';
import { gather } from '../kernel/gather.ts';
import { randomToken } from '../kernel/ids.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Entry } from './entry.ts';
import type { Checkpoint, createLedgerStore, StoredCheckpoint } from './store.ts';
import { sumsWritten } from './sums.ts';

type Store = ReturnType<typeof createLedgerStore>;

export type Checkpoints = ReturnType<typeof createCheckpoints>;

/**
 * Checkpoints: what was posted to an account up to an instant of real time, the writers' clocks'. An entry can land later
 * than the time that it bears, behind a checkpoint: its process was frozen before the send, the driver tried again
 * minutes later, or a clock is wrong, the writer's or that of whoever made the checkpoint. So whoever writes an entry
 * looks after it is acknowledged whether a checkpoint reaches as far as its time, and drops it (`dropBehind`). Whoever
 * makes one says so first, then sums up, and stores the sum only if nobody has dropped that meanwhile: an entry that
 * landed before the sum is in it, and of one that landed after it the writer finds at least what was said first.
 * No clock is trusted. What is left is a process that dies between its late insert and the look: `verify` names it.
 */
export function createCheckpoints(store: Store, lagMs: number) {
  const { checkpoints } = store;
  const look = gather(async (writes: { accounts: string[]; at: Date }[]) => {
    const accounts = [...new Set(writes.flatMap((one) => one.accounts))];
    const first = new Date(Math.min(...writes.map(({ at }) => at.getTime())));
    const behind = { $or: [{ through: { $gte: first } }, { 'pending.through': { $gte: first } }] };
    const found = await checkpoints.find({ _id: { $in: accounts }, ...behind }, { projection: { _id: 1 } }).toArray();
    if (found.length === 0) return;
    await checkpoints.deleteMany({ _id: { $in: found.map(({ _id }) => _id) }, ...behind });
  });

  /** The last checkpoints of accounts that have one. */
  async function read(accounts: string[]): Promise<Map<string, Checkpoint>> {
    const found = await checkpoints.find({ _id: { $in: accounts }, taken: { $exists: true } }).toArray();
    return new Map(found.filter(isMade).map((checkpoint) => [checkpoint._id, checkpoint]));
  }

  /** Drops every checkpoint that may have been made without one of these entries, which are in the ledger now. */
  async function dropBehind(written: Pick<Entry, 'postings' | 'insertedAt'>[]): Promise<void> {
    const accounts = [...new Set(written.flatMap(({ postings }) => postings.map(({ account }) => account)))];
    if (accounts.length === 0) return;
    await look({ accounts, at: new Date(Math.min(...written.map(({ insertedAt }) => insertedAt.getTime()))) });
  }

  /**
   * Makes the next checkpoints of accounts whose last ones are `last`, all through the same instant, or that have none.
   * They are taken at common instants, one each lag, so that accounts asked for together are summed up together.
   */
  async function advance(accounts: string[], last: Map<string, Checkpoint>): Promise<void> {
    const step = Math.max(lagMs, 1);
    const through = new Date(Math.floor(realMilliseconds() / step) * step - lagMs);
    const from = last.get(accounts[0] ?? '')?.through ?? new Date(0);
    if (from >= through) return;
    const pending = { through, by: randomToken(6) };
    const isLast = (account: string) => {
      const known = last.get(account);
      if (known === undefined) return { _id: account, taken: { $exists: false } };
      return { _id: account, through: known.through, balance: known.balance, taken: known.taken };
    };
    const announced = accounts.map((account) => ({
      updateOne: { filter: isLast(account), update: { $set: { pending } }, upsert: !last.has(account) },
    }));
    // The upsert beside a checkpoint that another has made meets its key; that one stays.
    await unlessDuplicate(checkpoints.bulkWrite(announced, { ordered: false }));
    const made = (await sumsWritten(store, accounts, { after: from, through })).map((sum) => {
      const known = last.get(sum.account);
      const balance = (known?.balance ?? 0) + sum.total;
      const taken = (known?.taken ?? 0) + sum.taken;
      return {
        updateOne: {
          filter: { ...isLast(sum.account), 'pending.by': pending.by },
          update: { $set: { balance, taken, through }, $unset: { pending: '' as const } },
        },
      };
    });
    if (made.length > 0) await checkpoints.bulkWrite(made, { ordered: false });
  }

  /** Those that are not what the entries come to, with what these come to. */
  async function* wrong(): AsyncGenerator<Wrong> {
    for await (const { _id: account, through, balance, taken } of checkpoints.find({ through: { $exists: true } })) {
      if (through === undefined) continue;
      const [sum] = await sumsWritten(store, [account], { through });
      const entries = { balance: sum?.total ?? 0, taken: sum?.taken ?? 0 };
      if (balance !== entries.balance || (taken ?? entries.taken) !== entries.taken) {
        yield { account, says: { through, balance: balance ?? 0, ...(taken === undefined ? {} : { taken }) }, entries };
      }
    }
  }

  /** Drops those that are not what the entries come to: nothing is lost by it. Answers a line for each. */
  async function dropWrong(): Promise<string[]> {
    const lines: string[] = [];
    for await (const { account, says, entries } of wrong()) {
      // Only that one: a service beside us may have made another meanwhile.
      const { deletedCount } = await checkpoints.deleteOne({ _id: account, ...says });
      if (deletedCount > 0)
        lines.push(
          `${account}: dropped the checkpoint that said ${wordsOf(says)}, its entries say ${wordsOf(entries)}`,
        );
    }
    return lines;
  }

  return { read, dropBehind, advance, wrong, dropWrong };
}

type Said = { balance: MinorUnits; taken?: MinorUnits };

/** A checkpoint that differs from the entries. */
export type Wrong = { account: string; says: Said & { through: Date }; entries: Required<Said> };

/** What a checkpoint says, or its entries. */
export function wordsOf({ balance, taken }: Said): string {
  return taken === undefined || taken === 0 ? `${balance}` : `${balance} after ${taken} taken`;
}

/** One of a version before says nothing of what was taken: it is not used, and made anew from the beginning. */
function isMade(checkpoint: StoredCheckpoint): checkpoint is Checkpoint {
  return checkpoint.through !== undefined && checkpoint.balance !== undefined && checkpoint.taken !== undefined;
}
