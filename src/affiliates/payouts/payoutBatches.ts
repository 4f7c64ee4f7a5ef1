import type { mongo } from 'mongoose';

import { durable } from '../../database/durable.ts';
import { updateEvery } from '../../database/everyDocument.ts';
import { chunksOf, groupBy, inBatches } from '../../kernel/group.ts';
import { type MinorUnits, sum } from '../../kernel/money.ts';
import { awaitAll } from '../../kernel/wait.ts';
import type { AffiliateStore, CycleDate, PayoutState, StoredPayout } from '../store.ts';
import { type BatchRow, byBatch } from './batchSums.ts';
import { type PayoutStatus, SHOWN, statusOf, UNSETTLED } from './payout.ts';
import { HOLDING, ofCycleIds, payoutIdOf } from './payoutMembers.ts';
import type { PayoutActing, Payouts } from './payouts.ts';

const BATCH = 1_000;
const PART = 250;
const PIECE = 1_000;
/** From so many on that end with the same words they are changed by one update; it asks once more whether any is left. */
const TOGETHER = 10;

/** How many payouts have ended now, and what they come to. */
type Ended = { count: number; total: MinorUnits };

/** A payout that is still to be settled. */
export type Unsettled = { payoutId: string; accountId: string; amount: MinorUnits; status: PayoutState };

/** What is due to an account; `since`: the first payday of it. */
export type DueOfAccount = { count: number; amount: MinorUnits; since: CycleDate };

/** What becomes of a payout, with the bank's reference or a reason. */
export type PayoutEnd = { payoutId: string; status: 'paid' | 'failed'; reference?: string; reason?: string };

/** How a payout stands; `batch`: the payday whose batch pays it. */
export type PayoutFact = {
  payoutId: string;
  accountId: string;
  amount: MinorUnits;
  batch: CycleDate;
  status: PayoutStatus;
  isReturned: boolean;
};

export type PayoutBatches = ReturnType<typeof createPayoutBatches>;

/** Payouts of a cycle, many at a time. */
export function createPayoutBatches(deps: {
  store: Pick<AffiliateStore, 'payouts'>;
  payouts: Pick<Payouts, 'finish'>;
}) {
  const { payouts } = deps.store;

  /**
   * What is still to be settled of a payday's batch, in pieces: its own payouts, which are read from an index alone, and then those that
   * were carried to it.
   */
  async function* unsettledOf(cycle: CycleDate): AsyncGenerator<Unsettled[]> {
    const status = { $in: [...UNSETTLED] };
    const own = payouts.find({ cycle, status }, { projection: { _id: 0, ...OF_INDEX } });
    // One that begins to be paid meanwhile has moved in the index, and may come twice.
    const byAccount = new Map<string, Unsettled>();
    for await (const { batchCycle = null, accountId, amount, status } of own)
      if (batchCycle === null)
        byAccount.set(accountId, { payoutId: payoutIdOf(cycle, accountId), accountId, amount, status });
    yield* chunksOf([...byAccount.values()].sort(byId), PIECE);
    for await (const piece of inBatches(carriedTo(cycle), PIECE)) yield piece.map(unsettled);
  }

  /** Of the same, those that are named and those of some accounts, as far as there are any. */
  async function unsettledAmong(
    cycle: CycleDate,
    { payoutIds, accountIds }: { payoutIds: readonly string[]; accountIds: readonly string[] },
  ): Promise<Unsettled[]> {
    if (payoutIds.length === 0 && accountIds.length === 0) return [];
    const ids = new Set([...payoutIds, ...accountIds.map((accountId) => payoutIdOf(cycle, accountId))]);
    const accounts = new Set(accountIds);
    const found: Unsettled[] = [];
    for (const some of chunksOf([...ids], PIECE)) {
      const which = { _id: { $in: some }, cycle, status: { $in: [...UNSETTLED] }, batchCycle: { $exists: false } };
      found.push(...(await payouts.find(which).toArray()).map(unsettled));
    }
    const carried = (await carriedTo(cycle).toArray()).map(unsettled);
    return [...found, ...carried.filter(({ payoutId, accountId }) => ids.has(payoutId) || accounts.has(accountId))];
  }

  /** What was carried to a payday's batch, and is still to be settled. */
  function carriedTo(cycle: CycleDate) {
    const which = { batchCycle: cycle, status: { $in: [...UNSETTLED] } };
    return payouts.find(which, { projection: { accountId: 1, amount: 1, status: 1 } }).sort({ _id: 1 });
  }

  /** Everybody to whom anything was due of some paydays, also where it was carried to another. */
  async function dueAccounts(cycles: readonly CycleDate[]): Promise<string[]> {
    const of = (which: mongo.Filter<StoredPayout>) =>
      payouts
        .aggregate<{ _id: string }>([{ $match: { ...which, status: 'due' } }, { $group: { _id: '$accountId' } }])
        .toArray();
    const found = await Promise.all([of({ cycle: { $in: [...cycles] } }), of({ batchCycle: { $in: [...cycles] } })]);
    return [...new Set(found.flat().map(({ _id }) => _id))];
  }

  /** What of the batches of some paydays is due to these accounts: how many payouts, what they come to, and the first payday of them. */
  async function dueByAccount(
    cycles: readonly CycleDate[],
    accountIds: readonly string[],
  ): Promise<Map<string, DueOfAccount>> {
    const due = new Map<string, DueOfAccount>();
    const rows: BatchRow[] = [];
    for (const some of chunksOf(accountIds, BATCH)) {
      const found = await byBatch(payouts, [...cycles], {
        which: { status: 'due', accountId: { $in: some } },
        group: { accountId: '$accountId' },
        sums: { count: { $sum: 1 }, amount: { $sum: '$amount' } },
      });
      rows.push(...found);
    }
    for (const { batch, of, sums } of rows) {
      const { accountId = '' } = of;
      const { count = 0, amount = 0 } = sums;
      const known = due.get(accountId);
      const since = known === undefined || batch < known.since ? batch : known.since;
      due.set(accountId, { count: count + (known?.count ?? 0), amount: amount + (known?.amount ?? 0), since });
    }
    return due;
  }

  /** What each of these accounts was paid, or is to be, by its last payout of an earlier cycle that has not failed. */
  async function lastAmounts(accountIds: string[], before: CycleDate): Promise<Map<string, MinorUnits>> {
    const last = new Map<string, MinorUnits>();
    for (const some of chunksOf([...new Set(accountIds)], BATCH)) {
      const rows = payouts.aggregate<{ _id: string; amount: MinorUnits }>([
        { $match: { accountId: { $in: some }, _id: { $lt: before }, status: { $in: HOLDING } } },
        { $sort: { accountId: 1, _id: -1 } },
        { $group: { _id: '$accountId', amount: { $first: '$amount' } } },
      ]);
      for await (const { _id, amount } of rows) last.set(_id, amount);
    }
    return last;
  }

  /** The states of these payouts by id. */
  async function statesOf(payoutIds: string[]): Promise<Map<string, PayoutState>> {
    const found = await payouts.find({ _id: { $in: payoutIds } }, { projection: { status: 1 } }).toArray();
    return new Map(found.map(({ _id, status }) => [_id, status]));
  }

  /** Which payday's batch has each of these payouts, and its amount. */
  async function placesOf(payoutIds: string[]): Promise<Map<string, { batch: CycleDate; amount: MinorUnits }>> {
    const places = new Map<string, { batch: CycleDate; amount: MinorUnits }>();
    for (const ids of chunksOf(payoutIds, PIECE)) {
      const found = payouts.find({ _id: { $in: ids } }, { projection: { cycle: 1, batchCycle: 1, amount: 1 } });
      for await (const { _id, cycle, batchCycle, amount } of found)
        places.set(_id, { batch: batchCycle ?? cycle, amount });
    }
    return places;
  }

  /** Carries those of these payouts that are still due in one payday's batch to another one's; the others stay. */
  async function carry(payoutIds: string[], from: CycleDate, to: CycleDate): Promise<void> {
    for (const ids of chunksOf(payoutIds, BATCH)) {
      const isThere = { $or: [{ batchCycle: from }, { batchCycle: { $exists: false }, cycle: from }] };
      await updateEvery(
        payouts,
        { _id: { $in: ids }, status: 'due', ...isThere },
        { $set: { batchCycle: to } },
        durable(payouts),
      );
    }
  }

  /** Says of those of these payouts that are not settled yet that they are paid; each once, by whomever. */
  function settleMany(payoutIds: string[], { actor, reference }: PayoutActing, at: Date): Promise<Ended> {
    return endMany(payoutIds, { status: 'paid', actor, ...(reference === undefined ? {} : { reference }) }, at);
  }

  /** The same, that they have failed: their amounts return to the balances. */
  function failMany(payoutIds: string[], { actor, reason }: PayoutActing, at: Date): Promise<Ended> {
    const failed = { status: 'failed', actor, ...(reason === undefined ? {} : { reason }) } as const;
    return endMany(payoutIds, { ...failed, releasePending: true }, at);
  }

  async function endMany(payoutIds: string[], end: Pick<StoredPayout, 'status'> & Partial<StoredPayout>, at: Date) {
    const ended = { ...end, endedAt: at, effectsPending: true as const };
    const changed = await changeMany(payoutIds, at, ended, (ids) =>
      updateEvery(
        payouts,
        { _id: { $in: ids }, status: { $in: [...UNSETTLED] }, effectsPending: { $exists: false } },
        { $set: ended },
        durable(payouts),
      ),
    );
    return { count: changed.length, total: sum(changed.map(({ amount }) => amount)) };
  }

  /**
   * Changes payouts, so many at a time: what is left of an earlier change of them is finished, `write` changes those that it may,
   * and what follows from that is done. Answers those that are `changed` then.
   */
  async function changeMany(
    payoutIds: string[],
    at: Date,
    changed: mongo.Filter<StoredPayout>,
    write: (ids: string[]) => Promise<unknown>,
  ): Promise<Pick<StoredPayout, '_id' | 'amount'>[]> {
    const all: Pick<StoredPayout, '_id' | 'amount'>[] = [];
    for (const ids of chunksOf(payoutIds, BATCH)) {
      const these = { _id: { $in: ids } };
      await deps.payouts.finish(await payouts.find({ ...these, effectsPending: true }).toArray(), at);
      await write(ids);
      const found = await payouts.find({ ...these, ...changed }).toArray();
      const pending = found.filter(({ effectsPending }) => effectsPending === true);
      // Each has writes of its own to wait for, so some parts go side by side.
      await awaitAll(chunksOf(pending, PART).map((part) => deps.payouts.finish(part, at)));
      all.push(...found.map(({ _id, amount }) => ({ _id, amount })));
    }
    return all;
  }

  /** How these payouts stand; those that are none, or not drawn up yet, are left out. */
  async function factsOf(payoutIds: string[]): Promise<PayoutFact[]> {
    const found = await payouts
      .find(
        { _id: { $in: payoutIds }, status: { $in: SHOWN } },
        { projection: { accountId: 1, amount: 1, cycle: 1, batchCycle: 1, status: 1, 'returned.at': 1 } },
      )
      .toArray();
    return found.map(({ _id: payoutId, accountId, amount, cycle, batchCycle, status, returned }) => ({
      ...{ payoutId, accountId, amount, batch: batchCycle ?? cycle },
      ...{ status: statusOf(status), isReturned: returned !== undefined },
    }));
  }

  /** The ids of a cycle's payouts, in pieces. */
  async function* idsOf(cycle: CycleDate): AsyncGenerator<string[]> {
    const found = payouts
      .find({ _id: ofCycleIds(cycle), status: { $in: SHOWN } }, { projection: { _id: 1 } })
      .sort({ _id: 1 });
    for await (const piece of inBatches(found, PIECE)) yield piece.map(({ _id }) => _id);
  }

  /** Says of those of these payouts that are not settled yet what became of each; once, by whomever. */
  async function endEach(ends: PayoutEnd[], actor: string, at: Date): Promise<void> {
    const endOf = new Map(ends.map((end) => [end.payoutId, end]));
    await changeMany([...endOf.keys()], at, { effectsPending: true }, async (ids) => {
      const few: PayoutEnd[] = [];
      const some = ids.flatMap((id) => endOf.get(id) ?? []);
      // A file says the same of most payments: one update of many costs a fraction of as many updates.
      for (const alike of groupBy(some, wordsOf).values()) {
        const [first] = alike;
        if (first === undefined || alike.length < TOGETHER) few.push(...alike);
        else {
          const which = unended({ $in: alike.map(({ payoutId }) => payoutId) });
          await updateEvery(payouts, which, { $set: endedBy(first, actor, at) }, durable(payouts));
        }
      }
      if (few.length === 0) return;
      const writes = few.map((end) => ({
        updateOne: { filter: unended(end.payoutId), update: { $set: endedBy(end, actor, at) } },
      }));
      await payouts.bulkWrite(writes, { ordered: false, ...durable(payouts) });
    });
  }

  /**
   * Marks those of these payouts that are due as being paid, by a file; each by one file, ever. Answers which of them that file
   * has, also from an earlier try.
   */
  async function processMany(
    payoutIds: string[],
    { actor, paymentFile }: { actor: string; paymentFile: string },
    at: Date,
  ): Promise<Set<string>> {
    const inFile = await changeMany(payoutIds, at, { paymentFile }, (ids) =>
      updateEvery(
        payouts,
        { _id: { $in: ids }, status: 'due', effectsPending: { $exists: false } },
        { $set: { status: 'processing', actor, processingAt: at, paymentFile, effectsPending: true } },
        durable(payouts),
      ),
    );
    return new Set(inFile.map(({ _id }) => _id));
  }

  /** Every payout that a file pays, in pieces. */
  async function* inFiles(): AsyncGenerator<{ payoutId: string; paymentFile: string; amount: MinorUnits }[]> {
    const found = payouts
      .find({ paymentFile: { $exists: true } }, { projection: { paymentFile: 1, amount: 1 } })
      .sort({ paymentFile: 1, _id: 1 });
    for await (const batch of inBatches(found, BATCH)) {
      yield batch.map(({ _id: payoutId, paymentFile = '', amount }) => ({ payoutId, paymentFile, amount }));
    }
  }

  return {
    failMany,
    unsettledOf,
    unsettledAmong,
    dueAccounts,
    dueByAccount,
    lastAmounts,
    statesOf,
    placesOf,
    carry,
    settleMany,
    factsOf,
    idsOf,
    endEach,
    processMany,
    inFiles,
  };
}

/** What the index of paydays has of a payout. */
const OF_INDEX = { batchCycle: 1, accountId: 1, amount: 1, status: 1 } as const;

function unsettled({ _id: payoutId, accountId, amount, status }: StoredPayout): Unsettled {
  return { payoutId, accountId, amount, status };
}

function byId(one: Unsettled, other: Unsettled): number {
  return one.payoutId < other.payoutId ? -1 : 1;
}

function unended(_id: mongo.Condition<string>): mongo.Filter<StoredPayout> {
  return { _id, status: { $in: [...UNSETTLED] }, effectsPending: { $exists: false } };
}

function endedBy({ payoutId: _, status, ...words }: PayoutEnd, actor: string, at: Date): Partial<StoredPayout> {
  const ended = { status, actor, endedAt: at, ...words, effectsPending: true as const };
  return status === 'failed' ? { ...ended, releasePending: true } : ended;
}

/** The same for those that end alike. */
function wordsOf({ status, reference, reason }: PayoutEnd): string {
  return JSON.stringify([status, reference, reason]);
}
