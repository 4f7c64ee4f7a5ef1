import { hash as hashOf } from 'node:crypto';

import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import type { Audit } from '../audit/audit.ts';
import { insertIgnoringDuplicates, unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import type { Refused } from '../kernel/refusals.ts';
import type { Thread } from '../kernel/thread.ts';
import type { Unfinished } from '../kernel/unfinished.ts';
import { writtenNow } from '../seals/source.ts';
import { createApplyResult } from './applyResult.ts';
import { createDecideResult, type Decision } from './decideResult.ts';
import type { Difference } from './matchResult.ts';
import { createReader } from './reader.ts';
import { type FileFault, UnreadableResult } from './result.ts';
import { sealedResults } from './sealed.ts';
import type { BankResultStore, DecidedResult, StoredResult } from './store.ts';
import { createBankResultVerification } from './verification.ts';

const DAY_MS = 86_400_000;

/** What a file did, or would do; `listed`: its first differences, or all of them. */
export type ResultView = Omit<DecidedResult, 'differences'> & {
  differenceCount: number;
  listed: Difference[];
  /** Payouts that had become something else when it was their turn. */
  missed: string[];
};

export type TakenResult = ResultView & { at: Date; by: string };

/** How a file is taken. `draft`: nothing is done, but what was decided can be taken for a day by its `decision`. */
export type Taking = { cycle: CycleDate; bytes: Uint8Array; how?: 'simulate' | 'draft' };

export type TakeOutcome =
  | { kind: 'taken' | 'taken-before'; result: TakenResult }
  | { kind: 'would-be'; result: ResultView }
  | { kind: 'unreadable'; faults: FileFault[] }
  | { kind: 'wrong-cycle'; cycle: CycleDate }
  | Refused
  | { kind: 'not-found' };

export type BankResults = ReturnType<typeof createBankResults>;

/**
 * What banks, PayPal and Wise say of the payouts of an approved batch (docs/paydays.md). The insert of the file's document decides,
 * with every act that it does; these are then done in their order, by anybody and however often.
 */
export function createBankResults(
  deps: {
    store: BankResultStore;
    batches: {
      load(cycle: CycleDate): Promise<{ approved?: unknown } | null>;
      get(cycle: CycleDate): Promise<{ state: string; approved: unknown } | null>;
    };
    audit: Pick<Audit, 'record'>;
    currency: string;
    thread: Pick<Thread, 'run'>;
  } & Parameters<typeof createDecideResult>[0] &
    Omit<Parameters<typeof createApplyResult>[0], 'store'> &
    Omit<Parameters<typeof createBankResultVerification>[0], 'store'>,
) {
  const { results, drafts, pages } = deps.store;
  const decideResult = createDecideResult(deps);
  const applyResult = createApplyResult(deps);
  const read = createReader(deps.thread);

  /** Takes a file once; the same file again answers what the first time did. */
  async function take({ cycle, bytes, how }: Taking, by: string, at: Date): Promise<TakeOutcome> {
    const fileHash = hashOf('sha256', bytes, 'hex');
    const before = await results.findOne({ _id: `${cycle}:${fileHash}` });
    if (before !== null) return takenBefore(before, how);
    const refused = await refuse(cycle);
    if (refused !== null) return refused;
    const decided = await decide(cycle, fileHash, bytes);
    if (decided.kind === 'unrelated') return UNRELATED;
    if (decided.kind !== 'decided') return decided;
    const { result } = decided;
    if (how === 'draft') await keepDraft(decided, at);
    if (how !== undefined) {
      const listed = decided.pages.flatMap(({ differences }) => differences);
      return { kind: 'would-be', result: viewOf(result, listed) };
    }
    await insertIgnoringDuplicates(pages, decided.pages, durable(pages));
    return decideAndDo(result, by, at);
  }

  /** Takes what somebody was asked about, exactly that; null when it was asked too long ago. */
  async function takeDraft(decision: string, by: string, at: Date): Promise<TakeOutcome | null> {
    const draft = await drafts.findOne({ _id: decision });
    if (draft === null || draft.askedAt.getTime() + DAY_MS / 2 < at.getTime()) return null;
    const { _id, askedAt, expiresAt, ...result } = draft;
    const refused = await refuse(result.cycle);
    return refused ?? decideAndDo(result, by, at);
  }

  async function decideAndDo(result: DecidedResult, by: string, at: Date): Promise<TakeOutcome> {
    const _id = `${result.cycle}:${result.hash}`;
    const document: StoredResult = { _id, ...result, at, by, ...writtenNow(), effectsPending: true };
    const isFirst = (await unlessDuplicate(results.insertOne(document, durable(results)))) !== null;
    if (isFirst) return { kind: 'taken', result: await complete(document) };
    const before = await results.findOne({ _id });
    if (before === null) throw new Error(`payout_results/${_id} is gone`);
    return takenBefore(before);
  }

  async function takenBefore(stored: StoredResult, how?: Taking['how']): Promise<TakeOutcome> {
    return { kind: 'taken-before', result: how === undefined ? await complete(stored) : await takenView(stored) };
  }

  /** Why no file can be taken for a cycle; null when one can. */
  async function refuse(cycle: CycleDate): Promise<Refused | { kind: 'not-found' } | null> {
    if ((await deps.batches.load(cycle))?.approved !== undefined) return null;
    // To say how far it is, all that it has is read.
    const batch = await deps.batches.get(cycle);
    if (batch === null) return { kind: 'not-found' };
    if (batch.approved === null) return { kind: 'refused', state: batch.state, reason: 'batch_not_approved' };
    return null;
  }

  async function decide(
    cycle: CycleDate,
    fileHash: string,
    bytes: Uint8Array,
  ): Promise<Decision | Extract<TakeOutcome, { kind: 'unreadable' }>> {
    try {
      return await decideResult(cycle, fileHash, await read(bytes, deps.currency));
    } catch (error) {
      if (!(error instanceof UnreadableResult)) throw error;
      return { kind: 'unreadable', faults: error.faults };
    }
  }

  async function keepDraft({ result, pages: parts }: Extract<Decision, { kind: 'decided' }>, at: Date): Promise<void> {
    const expiresAt = new Date(writtenNow().insertedAt.getTime() + DAY_MS);
    await insertIgnoringDuplicates(
      pages,
      parts.map((page) => ({ ...page, expiresAt })),
      durable(pages),
    );
    await pages.updateMany({ decision: result.decision, expiresAt: { $exists: true } }, { $set: { expiresAt } });
    await drafts.replaceOne({ _id: result.decision }, { ...result, askedAt: at, expiresAt }, { upsert: true });
  }

  /** Does what is left of a file that was taken. */
  async function complete(stored: StoredResult): Promise<TakenResult> {
    if (stored.effectsPending !== true) return takenView(stored);
    const { _id, decision, cycle, at, by: actor } = stored;
    await pages.updateMany({ decision }, { $unset: { expiresAt: '' } }, durable(pages));
    const missed = await applyResult(stored);
    const { hash, format, settle, fail, return: returned, differences } = stored;
    await deps.audit.record({
      ...{ key: `payout-result:${_id}`, actor, action: 'payout_result.taken', subject: `cycle:${cycle}`, at },
      after: { hash, format, settle, fail, return: returned, differences },
    });
    await results.updateOne(
      { _id, effectsPending: true },
      { $set: { missed }, $unset: { effectsPending: '' } },
      durable(results),
    );
    return takenView({ ...stored, missed });
  }

  async function takenView(stored: StoredResult): Promise<TakenResult> {
    const found = pages
      .find({ decision: stored.decision })
      .sort({ number: 1 })
      .project<Pick<Page, 'differences'>>({ differences: 1 });
    const listed = (await found.toArray()).flatMap(({ differences }) => differences);
    const { _id, insertedAt, effectsPending, missed, at, by, ...result } = stored;
    return { ...viewOf(result, listed), missed: missed ?? [], at, by };
  }

  /** Every file that was taken for a cycle, the first one first. */
  async function ofCycle(cycle: CycleDate): Promise<TakenResult[]> {
    const found = await results.find({ cycle }).sort({ at: 1, _id: 1 }).toArray();
    return Promise.all(found.map(takenView));
  }

  async function completeAll(which: { _id?: { $in: string[] } }): Promise<void> {
    for (const stored of await results.find({ ...which, effectsPending: true }).toArray()) await complete(stored);
  }

  const unfinished: Unfinished = {
    kind: 'results of banks',
    find: async (limit) => {
      const found = results.find({ effectsPending: true }, { projection: { at: 1 } }).limit(limit);
      return (await found.toArray()).map(({ _id: id, at: since }) => ({ id, since }));
    },
    finish: (ids) => completeAll({ _id: { $in: ids } }),
  };

  return {
    take,
    takeDraft,
    ofCycle,
    unfinished: [unfinished],
    repair: () => completeAll({}),
    verification: createBankResultVerification(deps),
    sealed: [sealedResults(deps.store)],
  };
}

const UNRELATED = {
  kind: 'unreadable' as const,
  faults: [{ line: null, message: 'names no payout of this service' }],
};

type Page = { differences: Difference[] };

function viewOf({ differences, ...result }: DecidedResult, listed: Difference[]): ResultView {
  return { ...result, differenceCount: differences, listed, missed: [] };
}
