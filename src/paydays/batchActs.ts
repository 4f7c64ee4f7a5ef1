import type { PayoutView } from '../affiliates/payouts/payout.ts';
import type { PayoutBatches } from '../affiliates/payouts/payoutBatches.ts';
import { type CycleDate, nextCycle } from '../affiliates/payouts/payoutCycle.ts';
import type { PayoutCycles } from '../affiliates/payouts/payoutCycles.ts';
import type { Payouts } from '../affiliates/payouts/payouts.ts';
import type { Approval, Approvals } from '../approvals/approvals.ts';
import { isSamePerson } from '../approvals/request.ts';
import type { Audit } from '../audit/audit.ts';
import { insertIgnoringDuplicates, unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { deleteEvery } from '../database/everyDocument.ts';
import { chunksOf } from '../kernel/group.ts';
import type { Refused } from '../kernel/refusals.ts';
import type { Unfinished } from '../kernel/unfinished.ts';
import type { Notice, Notices } from '../notices/notices.ts';
import { type AccountChange, APPROVE, approvalOf, excludedNow, type TouchedBy } from './batch.ts';
import { approvedView, type Batches, type BatchView, type DrawnBatch, drawnView } from './batches.ts';
import type { BatchLine } from './batchLine.ts';
import type { CheckBatch } from './checkBatch.ts';
import type { Holds } from './holds.ts';
import type { PaydayStore, PendingRecord, StoredApproval, StoredBatch } from './store.ts';

/** Who does something with a batch; `simulated`: nothing is written. */
export type BatchBy = { actor: string; simulated?: boolean };

/** With one payout of a batch; `cycle`: only if it is in that one's. */
type MoveBy = BatchBy & { cycle?: CycleDate };

export type BatchOutcome =
  | { kind: 'done' | 'already'; batch: BatchView }
  | (Extract<Approval, { kind: 'waiting' }> & { batch: BatchView })
  /** `changes`: what whoever asks for it has changed of it themselves. */
  | (Refused & { batch: BatchView | null; changes?: AccountChange[] })
  | { kind: 'not-found' };

export type BatchActs = ReturnType<typeof createBatchActs>;

const LINES_PER_PAGE = 5_000;

/**
 * What people do with the batch of a payday (docs/paydays.md): check it, approve it, take payouts out and put them back. Each is one
 * update on condition of the batch's revision; what follows from it can be done again by anybody.
 */
export function createBatchActs(deps: {
  store: Pick<PaydayStore, 'batches' | 'lines'>;
  batches: Batches;
  checkBatch: CheckBatch;
  payouts: Pick<Payouts, 'get'>;
  payoutBatches: Pick<PayoutBatches, 'unsettledOf' | 'carry' | 'placesOf'>;
  holds: Pick<Holds, 'ofPayouts'>;
  notices: Pick<Notices, 'enqueue'>;
  cycles: Pick<PayoutCycles, 'isClosed'>;
  approvals: Pick<Approvals, 'approve' | 'close' | 'preview' | 'people'>;
  audit: Pick<Audit, 'record'>;
  touchedBy: TouchedBy;
}) {
  const { batches: store, lines: pages } = deps.store;
  const { batches, approvals, audit } = deps;

  /** Checks a batch: what it has now, and what there is to be said of that. Refused once it is approved. */
  async function check(cycle: CycleDate, { actor, simulated = false }: BatchBy, at: Date): Promise<BatchOutcome> {
    for (;;) {
      const known = await begun(cycle, simulated);
      if ('kind' in known) return known;
      const { stored } = known;
      if (stored.approved !== undefined) return refused(cycle, 'batch_approved');
      const drawn = await batches.drawUp(cycle, stored, at);
      const { hash, count, total } = drawn;
      const findings = await deps.checkBatch(cycle, drawn, await lastApproval(cycle));
      const checked = { hash, count, total, actor, at, findings };
      const checkedView = drawnView(cycle, { ...stored, checked }, drawn);
      if (simulated) return { kind: 'done', batch: checkedView };
      const said = Object.fromEntries(findings.map((finding) => [finding.kind, finding.count]));
      const after = { hash, count, total, findings: said };
      const record = { actor, action: 'payout_batch.checked' as const, subject: subjectOf(cycle), after, at };
      if (!(await change(stored, { checked }, record))) continue;
      return { kind: 'done', batch: checkedView };
    }
  }

  /**
   * Approves a batch as it was checked; `hash`: only that. Refuses what was not checked or has changed since, what has no line, and
   * where it takes two people somebody who changed an account in it by hand since the last approval. What is held or excluded
   * is carried to the next payday that is not approved.
   */
  async function approve(
    cycle: CycleDate,
    { actor, simulated = false, hash: expected }: BatchBy & { hash?: string | undefined },
    at: Date,
  ): Promise<BatchOutcome> {
    for (;;) {
      const known = await begun(cycle, simulated);
      if ('kind' in known) return known;
      const { stored } = known;
      if (stored.approved !== undefined) return approvedAlready(stored, expected);
      const drawn = await batches.drawUp(cycle, stored, at);
      const reason = notApprovable(stored, drawn, expected);
      const asDrawn = drawnView(cycle, stored, drawn);
      if (reason !== null) return refusedAs(asDrawn, reason);
      const touched = approvals.people === 1 ? [] : await touchedIn(cycle, drawn.lines);
      const changes = changesOf(actor, touched);
      if (changes.length > 0) return { ...refusedAs(asDrawn, 'not_independent'), changes };
      const wanted = approvalOf(cycle, drawn.lines);
      if (simulated) {
        const would = await approvals.preview(wanted, { actor }, at);
        if (would.kind === 'waiting') return { ...would, batch: asDrawn };
        return { kind: 'done', batch: asApproved(stored, drawn, { actor, askedBy: would.askedBy, at }) };
      }
      const approval = await approvals.approve(wanted, { actor }, at);
      if (approval.kind === 'waiting') return { ...approval, batch: asDrawn };
      const { askedBy } = approval;
      // After a crash it may be done by somebody else than who approved it.
      const approvedBy = approval.approvedBy ?? actor;
      if ([askedBy, approvedBy].some((one) => one !== null && changesOf(one, touched).length > 0)) {
        // One of the two has changed something of it since: their word no longer counts, and this one is the first.
        await approvals.close(wanted);
        continue;
      }
      const approved = await writeLines(cycle, drawn, { actor: approvedBy, askedBy, at });
      const { hash, count, total } = approved;
      const record = {
        ...{ actor: approvedBy, action: 'payout_batch.approved' as const, subject: subjectOf(cycle), at },
        ...(askedBy === null ? {} : { before: { askedBy } }),
        after: { hash, count, total },
      };
      if (!(await change(stored, { approved }, record))) continue;
      return { kind: 'done', batch: asApproved(stored, drawn, approved) };
    }
  }

  /** Takes a payout that is due out of its batch, with a reason; it is carried on when the batch is approved. */
  async function exclude(
    payoutId: string,
    { actor, reason, simulated = false, cycle: meant }: MoveBy & { reason: string },
    at: Date,
  ): Promise<BatchOutcome> {
    for (;;) {
      const found = await changeable(payoutId, meant, simulated);
      if ('kind' in found) return found;
      const { payout, cycle, stored } = found;
      if (excludedNow(stored).has(payoutId)) return { kind: 'already', batch: await viewOf(cycle) };
      const { accountId, amount } = payout;
      const number = stored.revision + 1;
      const exclusion = { payoutId, accountId, amount, reason, actor, at, number };
      const record = { actor, action: 'payout.excluded' as const, subject: `payout:${payoutId}`, reason, at };
      if (!simulated && !(await change(stored, { excluded: [...stored.excluded, exclusion] }, record))) continue;
      return { kind: 'done', batch: await viewOf(cycle) };
    }
  }

  /** Puts a payout back into its batch. Refused where it is not excluded. */
  async function include(
    payoutId: string,
    { actor, simulated = false, cycle: meant }: MoveBy,
    at: Date,
  ): Promise<BatchOutcome> {
    for (;;) {
      const found = await changeable(payoutId, meant, simulated);
      if ('kind' in found) return found;
      const { cycle, stored } = found;
      const exclusion = excludedNow(stored).get(payoutId);
      if (exclusion === undefined) return refused(cycle, 'payout_not_excluded');
      const excluded = stored.excluded.map((one) => (one === exclusion ? { ...one, included: { actor, at } } : one));
      const record = { actor, action: 'payout.included' as const, subject: `payout:${payoutId}`, at };
      if (!simulated && !(await change(stored, { excluded }, record))) continue;
      return { kind: 'done', batch: await viewOf(cycle) };
    }
  }

  /** The batch's document, which is made when somebody first does something with it; where that is simulated, it is as it would be. */
  async function begun(cycle: CycleDate, simulated: boolean): Promise<{ stored: StoredBatch } | RefusedBatch> {
    if (!(await deps.cycles.isClosed(cycle))) {
      return { kind: 'refused', state: 'not-drawn-up', reason: 'payday_not_drawn_up', batch: null };
    }
    if (!simulated) await finish(cycle);
    const fresh: StoredBatch = { _id: cycle, revision: 0, excluded: [], exports: [] };
    const stored = await batches.load(cycle);
    if (stored !== null) return { stored };
    if (simulated) return { stored: fresh };
    await unlessDuplicate(store.insertOne(fresh, durable(store)));
    return begun(cycle, simulated);
  }

  /** One change of a batch, if it is still as it was; `record`: what the audit trail hears of it, once. */
  async function change(
    { _id, revision }: StoredBatch,
    fields: Partial<StoredBatch>,
    record: Omit<PendingRecord, 'key'>,
  ): Promise<boolean> {
    const key = `payout-batch:${_id}#${revision + 1}`;
    const { modifiedCount } = await store.updateOne(
      { _id, revision, approved: { $exists: false } },
      { $set: fields, $push: { pendingEffects: { ...record, key } }, $inc: { revision: 1 } },
      durable(store),
    );
    if (modifiedCount === 1) await finish(_id);
    return modifiedCount === 1;
  }

  async function changeable(
    payoutId: string,
    meant: CycleDate | undefined,
    simulated: boolean,
  ): Promise<Changeable | RefusedBatch | { kind: 'not-found' }> {
    const payout = await deps.payouts.get(payoutId);
    if (payout === null) return { kind: 'not-found' };
    const cycle = payout.carriedTo ?? payout.cycle;
    if (meant !== undefined && meant !== cycle) return { kind: 'not-found' };
    if (payout.status !== 'due') {
      return { kind: 'refused', state: payout.status, reason: `payout_${payout.status}`, batch: null };
    }
    const known = await begun(cycle, simulated);
    if ('kind' in known) return known;
    if (known.stored.approved !== undefined) return refused(cycle, 'batch_approved');
    return { payout, cycle, stored: known.stored };
  }

  async function approvedAlready(stored: StoredBatch, expected: string | undefined): Promise<BatchOutcome> {
    if (expected !== undefined && expected !== stored.approved?.hash) return refused(stored._id, 'batch_changed');
    return { kind: 'already', batch: await viewOf(stored._id) };
  }

  /** The lines are written before the approval that names them; those of a try that came too late are deleted by the one in time. */
  async function writeLines(
    cycle: CycleDate,
    { hash, count, total, lines }: DrawnBatch,
    by: Pick<StoredApproval, 'actor' | 'askedBy' | 'at'>,
  ): Promise<StoredApproval> {
    const linesKey = linesKeyOf(cycle, hash);
    const documents = chunksOf(lines, LINES_PER_PAGE).map((page, number) => ({
      ...{ _id: `${linesKey}#${String(number).padStart(4, '0')}`, key: linesKey, cycle },
      lines: page.map(({ payoutId, amount }) => ({ payoutId, amount })),
    }));
    await insertIgnoringDuplicates(pages, documents, durable(pages));
    return { hash, count, total, linesKey, ...by };
  }

  /** What follows from the changes of a batch, once and by whomever. */
  async function finish(cycle: CycleDate): Promise<void> {
    const stored = await batches.load(cycle);
    if (stored?.pendingEffects === undefined) return;
    const { _id, revision, approved, pendingEffects } = stored;
    for (const record of pendingEffects) await audit.record(record);
    if (approved !== undefined) {
      await deleteEvery(pages, { cycle, key: { $ne: approved.linesKey } });
      await carryOn(cycle);
      await tellCarried(stored, approved.at);
      await approvals.close({ action: APPROVE, subject: subjectOf(cycle) });
    }
    await store.updateOne({ _id, revision }, { $unset: { pendingEffects: '' } });
  }

  /**
   * Carries what is due in an approved batch and is no line of it to the next one that is not approved. Where that is approved at
   * this moment, its own approval looks for it, or the last look here does: nothing is left behind in an approved batch.
   */
  async function carryOn(cycle: CycleDate): Promise<void> {
    const approved = await batches.lineIds(cycle);
    const left: string[] = [];
    for await (const piece of deps.payoutBatches.unsettledOf(cycle)) {
      for (const { payoutId, status } of piece) if (status === 'due' && !approved.has(payoutId)) left.push(payoutId);
    }
    const next = nextCycle(cycle);
    if (left.length > 0) {
      let to = next;
      while (await isApproved(to)) to = nextCycle(to);
      await deps.payoutBatches.carry(left, cycle, to);
    }
    if (await isApproved(next)) await carryOn(next);
  }

  /**
   * Tells the people whose payouts were excluded, and so carried to a later payday; once each. Who was held at the approval was told
   * of the hold.
   */
  async function tellCarried({ _id: cycle, ...batch }: StoredBatch, at: Date): Promise<void> {
    const excluded = [...excludedNow({ excluded: batch.excluded }).values()];
    if (excluded.length === 0) return;
    const [places, held] = await Promise.all([
      deps.payoutBatches.placesOf(excluded.map(({ payoutId }) => payoutId)),
      deps.holds.ofPayouts(
        excluded.map((one) => ({ ...one, status: 'due' })),
        at,
      ),
    ]);
    const notices = excluded.flatMap(({ payoutId, accountId, amount }): Notice[] => {
      const payday = places.get(payoutId)?.batch ?? cycle;
      if (payday === cycle || held.has(payoutId)) return [];
      const key = `payout:${payoutId}:carried:${cycle}`;
      return [{ key, accountId, kind: 'payout.carried', urgent: false, at, data: { payoutId, amount, payday } }];
    });
    await deps.notices.enqueue(notices, at);
  }

  async function isApproved(cycle: CycleDate): Promise<boolean> {
    return (await batches.load(cycle))?.approved !== undefined;
  }

  /** When a batch of an earlier payday was approved last: what was changed by hand before was looked at then. */
  async function lastApproval(cycle: CycleDate): Promise<Date> {
    const [last] = await store
      .find({ _id: { $lt: cycle }, 'approved.at': { $exists: true } }, { projection: { 'approved.at': 1 } })
      .sort({ 'approved.at': -1 })
      .limit(1)
      .toArray();
    return last?.approved?.at ?? new Date(0);
  }

  async function touchedIn(cycle: CycleDate, lines: readonly BatchLine[]): Promise<AccountChange[]> {
    const accountIds = [...new Set(lines.map(({ accountId }) => accountId))];
    return deps.touchedBy(accountIds, await lastApproval(cycle));
  }

  async function viewOf(cycle: CycleDate): Promise<BatchView> {
    const view = await batches.get(cycle);
    if (view === null) throw new Error(`the batch of ${cycle} is gone`);
    return view;
  }

  async function refused(cycle: CycleDate, reason: Refused['reason']): Promise<RefusedBatch> {
    return refusedAs(await viewOf(cycle), reason);
  }

  const unfinished: Unfinished = {
    kind: 'batches of paydays',
    find: async (limit) => {
      // All of them: the instant is what they are indexed by.
      const found = await store
        .find({ pendingEffects: { $exists: true }, 'pendingEffects.at': { $gt: new Date(0) } })
        .limit(limit)
        .toArray();
      return found.map(({ _id, pendingEffects = [] }) => ({ id: _id, since: pendingEffects[0]?.at ?? new Date(0) }));
    },
    finish: async (ids) => {
      for (const cycle of ids) await finish(cycle);
    },
  };

  async function repair(): Promise<void> {
    for (const { id } of await unfinished.find(100)) await finish(id);
  }

  return { check, approve, exclude, include, unfinished, repair };
}

type RefusedBatch = Extract<BatchOutcome, Refused>;
type Changeable = { payout: PayoutView; cycle: CycleDate; stored: StoredBatch };

/** Why what a batch has now cannot be approved; null when it can. */
function notApprovable(
  { checked }: StoredBatch,
  { hash, count }: DrawnBatch,
  expected: string | undefined,
): Refused['reason'] | null {
  if (expected !== undefined && expected !== hash) return 'batch_changed';
  if (checked === undefined) return 'batch_not_checked';
  if (checked.hash !== hash) return 'batch_changed';
  return count === 0 ? 'batch_empty' : null;
}

function refusedAs(batch: BatchView, reason: Refused['reason']): RefusedBatch {
  return { kind: 'refused', state: batch.state, reason, batch };
}

/** A batch at its approval: all that it has is still to be settled, and nothing of that is held. */
function asApproved(
  stored: StoredBatch,
  { hash, count, total }: DrawnBatch,
  by: Pick<StoredApproval, 'actor' | 'askedBy' | 'at'>,
): BatchView {
  const { actor, askedBy, at } = by;
  const approved = { hash, count, total, linesKey: linesKeyOf(stored._id, hash), actor, askedBy, at };
  return approvedView(stored._id, { ...stored, approved }, { count, total }, []);
}

/** Names the pages of a batch's lines. */
function linesKeyOf(cycle: CycleDate, hash: string): string {
  return `${cycle}#${hash}`;
}

/** What somebody has changed themselves, from whichever of their chats or keys. */
function changesOf(actor: string, changes: readonly AccountChange[]): AccountChange[] {
  return changes.filter((change) => isSamePerson(change.actor, actor));
}

function subjectOf(cycle: CycleDate): string {
  return `cycle:${cycle}`;
}
