import type { mongo } from 'mongoose';

import type { AuditAct } from '../../audit/acts.ts';
import type { Audit } from '../../audit/audit.ts';
import { type Backlog, backlogOf } from '../../database/backlog.ts';
import { durable } from '../../database/durable.ts';
import { updateEvery } from '../../database/everyDocument.ts';
import { takePage } from '../../database/readPage.ts';
import { chunksOf, groupBy, inBatches } from '../../kernel/group.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { Refused } from '../../kernel/refusals.ts';
import type { Unfinished } from '../../kernel/unfinished.ts';
import type { Posting } from '../../ledger/entry.ts';
import type { Ledger } from '../../ledger/journal.ts';
import { failedEntry } from '../entries.ts';
import type { AffiliateStore, CycleDate, PayoutMembers, StoredPayout } from '../store.ts';
import type { AnnouncePayouts } from './announcePayouts.ts';
import { type CycleAssignment, latest } from './cycleAssignment.ts';
import type { GeneratePayouts } from './generatePayouts.ts';
import { documentOf, type StatementDocument } from './numberedStatements.ts';
import {
  decideAction,
  type PayoutAction,
  type PayoutStatus,
  type PayoutView,
  payoutView,
  SHOWN,
  UNSETTLED,
} from './payout.ts';
import { nextCycle, type PayoutCalendar } from './payoutCycle.ts';
import { ofCycleIds } from './payoutMembers.ts';
import type { ReleaseCommissions } from './releaseCommissions.ts';

const BATCH = 500;
/** So many pages of commissions are read at once, and so many commissions marked. */
const PAGES = 25;
const COMMISSIONS = 5_000;
/** A commission in a payout, as stored. */
const ITEM_BYTES = 100;

/** Who acts on a payout, with the bank's reference or a reason; `eventId` where the platform's event does. */
export type PayoutActing = {
  actor: string;
  reference?: string | undefined;
  reason?: string | undefined;
  eventId?: string;
};

export type PayoutOutcome =
  | { kind: 'done' | 'already'; payout: PayoutView }
  | (Refused<PayoutStatus> & { payout: PayoutView })
  | { kind: 'not-found' };

/** What an act would come to, and what the ledger would get. */
export type PayoutPreview = PayoutOutcome | { kind: 'would'; payout: PayoutView; postings: Posting[] };

export type Payouts = ReturnType<typeof createPayouts>;

/**
 * Payouts after they were generated: read, settled, failed (rules 6.4). One conditional update decides; what follows from
 * it is marked on the payout until it is done.
 */
export function createPayouts(deps: {
  store: AffiliateStore;
  cycleAssignment: CycleAssignment;
  generatePayouts: Pick<GeneratePayouts, 'complete'>;
  releaseCommissions: Pick<ReleaseCommissions, 'release'>;
  payoutCalendar: PayoutCalendar;
  ledger: Pick<Ledger, 'append'>;
  audit: Pick<Audit, 'recordAll'>;
  announcePayouts: AnnouncePayouts;
  /** Gives the statements of payouts that are paid their numbers, those that have none. */
  numberStatements: (statements: StatementDocument[]) => Promise<void>;
  /** Hears of each payout once it can be referred to, and once it has ended. */
  onPayoutsTold: (payouts: { payoutId: string; hasEnded: boolean }[]) => Promise<void>;
  /** Hears of the commissions of failed payouts: what became known while these held them counts now. */
  onCommissionsReleased: (commissionIds: string[], now: Date) => Promise<void>;
}) {
  const { store } = deps;

  async function get(payoutId: string): Promise<PayoutView | null> {
    const found = await store.payouts.findOne({ _id: payoutId, status: { $in: SHOWN } });
    return found === null ? null : payoutView(found);
  }

  /**
   * Payouts, the newest cycle first; a page is bounded by what they are made of, too. `cycle`: those that a payday drew up;
   * `batch`: those that are paid with it.
   */
  async function list(
    request: PageRequest & { cycle?: CycleDate; batch?: CycleDate; accountId?: string; status?: PayoutStatus },
  ): Promise<Page<PayoutView>> {
    const { cycle, batch, accountId, status, after, limit } = request;
    const common = [
      { status: status ?? { $in: SHOWN } },
      ...(accountId === undefined ? [] : [{ accountId }]),
      ...(cycle === undefined ? [] : [{ _id: ofCycleIds(cycle) }]),
      ...(after === undefined ? [] : [{ _id: { $lt: after } }]),
    ];
    const find = (which: mongo.Filter<StoredPayout>) =>
      store.payouts
        .find({ $and: [...common, which] })
        .sort({ _id: -1 })
        .limit(limit + 1);
    const { items, next } = await takePage(
      batch === undefined ? find({}) : oneAfterTheOther(inBatch(batch).map(find)),
      limit,
      ({ _id }) => _id,
      ({ count }) => count * ITEM_BYTES,
    );
    return { items: items.map(payoutView), next };
  }

  /** The oldest payday whose batch has a payout that is still to be settled, or null. */
  async function oldestToSettle(): Promise<CycleDate | null> {
    const [oldest] = await cyclesToSettle();
    return oldest ?? null;
  }

  /**
   * The paydays whose batches have payouts that are still to be settled, the oldest first: one look for each that drew some up,
   * however many those are, and one for all that were carried to a later one.
   */
  async function cyclesToSettle(): Promise<CycleDate[]> {
    const status = { $in: [...UNSETTLED] };
    const carried: unknown[] = await store.payouts.distinct('batchCycle', { status, batchCycle: { $exists: true } });
    const cycles = new Set(carried.map(String));
    for (let after = ''; ; ) {
      const next = await store.payouts.findOne(
        { status, batchCycle: { $exists: false }, _id: { $gt: after } },
        { sort: { _id: 1 }, projection: { cycle: 1 } },
      );
      if (next === null) return [...cycles].sort();
      cycles.add(next.cycle);
      // Ids begin with their cycle, so that this is after the last of them.
      after = `${next.cycle};`;
    }
  }

  /** What payouts are made of: each commission with the amount that it is paid with, by payout. */
  async function itemsOf(payoutIds: string[]): Promise<Map<string, PayoutMembers['items']>> {
    const payouts = await store.payouts
      .find({ _id: { $in: payoutIds }, status: { $in: SHOWN }, count: { $gt: 0 } }, { projection: { membersKey: 1 } })
      .toArray();
    const payoutIdOf = new Map(payouts.map(({ _id, membersKey }) => [membersKey, _id]));
    const pages = await store.members
      .find({ key: { $in: [...payoutIdOf.keys()] } })
      .sort({ _id: 1 })
      .toArray();
    const pagesOf = groupBy(pages, ({ key }) => payoutIdOf.get(key) ?? '');
    return new Map([...pagesOf].map(([payoutId, own]) => [payoutId, own.flatMap(({ items }) => items)]));
  }

  /**
   * The payouts of a cycle in the order of their accounts, in pieces, for whoever lists all of them: first its own, also those that
   * were carried away, and then those that were carried to it.
   */
  async function* ofCycle(cycle: CycleDate): AsyncGenerator<PayoutView[]> {
    for (const which of [{ _id: ofCycleIds(cycle) }, { batchCycle: cycle }]) {
      for (let after = ''; ; ) {
        const found = await store.payouts
          .find({ $and: [which, { _id: { $gt: after } }], status: { $in: SHOWN } })
          .sort({ _id: 1 })
          .limit(BATCH)
          .toArray();
        if (found.length > 0) yield found.map(payoutView);
        if (found.length < BATCH) break;
        after = found.at(-1)?._id ?? after;
      }
    }
  }

  /** What banks gave back since an instant. */
  const returnedBacklog = (since: Date): Promise<Backlog> =>
    backlogOf(store.payouts, { 'returned.at': { $gte: since } }, { since: 'returned.at', amount: '$amount' });

  /** What payouts come to that are drawn up and not paid yet. */
  async function payable(): Promise<MinorUnits> {
    const [found] = await store.payouts
      .aggregate<{ total: MinorUnits }>([
        { $match: { status: { $in: [...UNSETTLED] } } },
        { $group: { _id: null, total: { $sum: '$amount' } } },
      ])
      .toArray();
    return found?.total ?? 0;
  }

  /** Which of these payouts exist, for events that refer to them. */
  async function existing(payoutIds: string[]): Promise<Set<string>> {
    const found = await store.payouts
      .find({ _id: { $in: payoutIds }, status: { $in: SHOWN } }, { projection: { _id: 1 } })
      .toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  /** Which of these payouts are paid, or have failed. */
  async function ended(payoutIds: string[]): Promise<Set<string>> {
    const found = await store.payouts
      .find({ _id: { $in: payoutIds }, status: { $in: ['paid', 'failed'] } }, { projection: { _id: 1 } })
      .toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  /** Acts on a payout at `at`; refuses what its state does not allow. However often and by whomever, once. */
  async function act(payoutId: string, action: PayoutAction, by: PayoutActing, at: Date): Promise<PayoutOutcome> {
    for (;;) {
      const stored = await store.payouts.findOne({ _id: payoutId, status: { $in: SHOWN } });
      if (stored === null) return { kind: 'not-found' };
      if (stored.effectsPending === true) {
        await finish([stored], at);
        continue;
      }
      const view = payoutView(stored);
      const decision = decideAction(view.status, action);
      if (decision.kind === 'already') return { kind: 'already', payout: view };
      if (decision.kind === 'refused') {
        return { kind: 'refused', state: view.status, reason: decision.reason, payout: view };
      }
      const changed = await store.payouts.findOneAndUpdate(
        { _id: payoutId, status: stored.status, effectsPending: { $exists: false } },
        { $set: changeOf(decision.status, by, at) },
        { returnDocument: 'after', ...durable(store.payouts) },
      );
      if (changed === null) continue;
      await finish([changed], at);
      return { kind: 'done', payout: payoutView(changed) };
    }
  }

  /** The same by what is stored, without a write. */
  async function preview(payoutId: string, action: PayoutAction, by: PayoutActing, at: Date): Promise<PayoutPreview> {
    const stored = await store.payouts.findOne({ _id: payoutId, status: { $in: SHOWN } });
    if (stored === null) return { kind: 'not-found' };
    const payout = payoutView(stored);
    const decision = decideAction(payout.status, action);
    if (decision.kind === 'already') return { kind: 'already', payout };
    if (decision.kind === 'refused') return { kind: 'refused', state: payout.status, reason: decision.reason, payout };
    const would = { ...stored, ...changeOf(decision.status, by, at) };
    return {
      kind: 'would',
      payout: payoutView(would),
      postings: decision.status === 'failed' ? failedEntry(would).postings : [],
    };
  }

  function changeOf(status: 'processing' | 'paid' | 'failed', by: PayoutActing, at: Date): Partial<StoredPayout> {
    const given = {
      actor: by.actor,
      ...(by.reference === undefined ? {} : { reference: by.reference }),
      ...(by.reason === undefined ? {} : { reason: by.reason }),
      ...(by.eventId === undefined ? {} : { eventId: by.eventId }),
      effectsPending: true as const,
    };
    if (status === 'processing') return { status, ...given, processingAt: at };
    return {
      status,
      ...given,
      endedAt: at,
      ...(status === 'failed' ? { releasePending: true as const } : {}),
    };
  }

  /** What follows from payouts that were generated, paid or failed; what is carried over goes to the next cycle. */
  async function finish(payouts: StoredPayout[], now: Date): Promise<void> {
    const changed = payouts.filter(({ effectsPending }) => effectsPending === true);
    const failed = changed.filter(({ status }) => status === 'failed');
    await deps.ledger.append(failed.map(failedEntry));
    await deps.releaseCommissions.release(payouts.filter(({ releasePending }) => releasePending === true));
    await reconsider(failed, now);
    if (changed.length === 0) return;
    await numberPaid(changed);
    const paid = changed.filter(({ status, count }) => status === 'paid' && count > 0);
    await markPaid(paid.map(({ membersKey }) => membersKey));
    await deps.audit.recordAll(changed.flatMap(actOf));
    const told = changed.filter(({ status }) => status !== 'processing');
    if (told.length > 0) await tell(told, now);
    for (const [status, done] of groupBy(changed, (payout) => payout.status)) {
      await store.payouts.updateMany(
        { _id: { $in: done.map(({ _id }) => _id) }, status, effectsPending: true },
        { $unset: { effectsPending: '' }, ...(status === 'paid' ? { $set: { isNumbered: true as const } } : {}) },
      );
    }
  }

  async function tell(payouts: StoredPayout[], now: Date): Promise<void> {
    const next = latest(nextCycle(await deps.cycleAssignment.through()), deps.payoutCalendar.cycleFrom(now));
    await deps.announcePayouts(payouts, next, now);
    await deps.onPayoutsTold(payouts.map(({ _id, status }) => ({ payoutId: _id, hasEnded: status !== 'due' })));
  }

  /** A payout that fails is in a later one, so that a statement has its number once it is paid, and dated then. */
  async function numberPaid(payouts: StoredPayout[]): Promise<void> {
    const paid = payouts.filter(({ status }) => status === 'paid');
    await deps.numberStatements(paid.map(documentOf));
  }

  async function reconsider(failed: StoredPayout[], now: Date): Promise<void> {
    const keys = failed.map(({ membersKey }) => membersKey);
    for await (const ids of commissionsIn(keys)) await deps.onCommissionsReleased(ids, now);
  }

  /** The commissions of payouts that are paid, by the keys of their pages: so many payouts at once as `finish` is given. */
  async function markPaid(keys: string[]): Promise<void> {
    for await (const ids of commissionsIn(keys)) {
      await updateEvery(store.commissions, { _id: { $in: ids }, state: 'approved' }, { $set: { state: 'paid' } });
    }
  }

  /** The commissions of payouts, by the keys of their pages, in pieces. */
  async function* commissionsIn(keys: string[]): AsyncGenerator<string[]> {
    if (keys.length === 0) return;
    for await (const pages of inBatches(store.members.find({ key: { $in: keys } }), PAGES)) {
      const ids = pages.flatMap(({ items }) => items.map(({ commissionId }) => commissionId));
      yield* chunksOf(ids, COMMISSIONS);
    }
  }

  /** Finishes what a crash cut off, and announces what was generated. */
  async function repair(now: Date): Promise<void> {
    const half = await store.payouts.find({ status: 'generating' }, { projection: { _id: 1 } }).toArray();
    await deps.generatePayouts.complete(half.map(({ _id }) => _id));
    for (;;) {
      const unfinished = await store.payouts
        .find({ $or: [{ effectsPending: true }, { releasePending: true }] })
        .limit(BATCH)
        .toArray();
      if (unfinished.length === 0) return;
      await finish(unfinished, now);
    }
  }

  const unfinished: Unfinished = {
    kind: 'payouts',
    find: async (limit) => {
      const found = await store.payouts
        .find(
          { $or: [{ status: 'generating' }, { effectsPending: true }, { releasePending: true }] },
          { projection: { drawnAt: 1, processingAt: 1, endedAt: 1 } },
        )
        .limit(limit)
        .toArray();
      return found.map(({ _id, endedAt, processingAt, drawnAt }) => ({
        ...{ id: _id, since: endedAt ?? processingAt ?? drawnAt },
      }));
    },
    finish: async (ids, now) => {
      await deps.generatePayouts.complete(ids);
      const pending = { $or: [{ effectsPending: true as const }, { releasePending: true as const }] };
      await finish(await store.payouts.find({ _id: { $in: ids }, ...pending }).toArray(), now);
    },
  };

  return {
    unfinished,
    payable,
    returnedBacklog,
    get,
    list,
    itemsOf,
    ofCycle,
    oldestToSettle,
    cyclesToSettle,
    existing,
    ended,
    act,
    preview,
    finish,
    repair,
  };
}

/**
 * What is paid with a payday: its own payouts that were not carried away, and then those that were carried to it. These are of earlier
 * paydays, so their ids are smaller than those of all of its own. Two looks, because one for either of them is not always answered
 * along the index of each.
 */
function inBatch(cycle: CycleDate): mongo.Filter<StoredPayout>[] {
  return [{ _id: ofCycleIds(cycle), batchCycle: { $exists: false } }, { batchCycle: cycle }];
}

async function* oneAfterTheOther<T>(parts: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  for (const part of parts) yield* part;
}

/** The act that brought a payout to its state, as the audit trail has it: once for each state; none of one that is due. */
function actOf({ _id, status, actor, reason, reference, processingAt, endedAt }: StoredPayout) {
  const action = ACTS[status];
  const at = status === 'processing' ? processingAt : endedAt;
  if (action === undefined || at === undefined || actor === undefined) return [];
  // What was given before, when it began to be paid, stands where nothing else is given.
  const said = status === 'failed' ? (reason ?? reference) : (reference ?? reason);
  const before = status !== 'processing' && processingAt !== undefined ? 'processing' : 'due';
  return {
    ...{ key: `payout:${_id}:${status}`, actor, action, subject: `payout:${_id}` },
    ...(said === undefined ? {} : { reason: said }),
    before: { status: before },
    after: { status },
    at,
  };
}

const ACTS: Partial<Record<StoredPayout['status'], AuditAct>> = {
  processing: 'payout.processing',
  paid: 'payout.paid',
  failed: 'payout.failed',
};
