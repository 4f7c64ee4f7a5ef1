import type { Act, Approval, Approvals } from '../../approvals/approvals.ts';
import { batchHash } from '../../approvals/request.ts';
import { type MinorUnits, sum } from '../../kernel/money.ts';
import type { CycleDate } from '../store.ts';
import { decideAction, type HeldPayouts, type PayoutAction, type PayoutView } from './payout.ts';
import type { PayoutBatches } from './payoutBatches.ts';
import type { PayoutActing, PayoutOutcome, PayoutPreview, Payouts } from './payouts.ts';

/** What the batch of a payday lets people do with it (docs/paydays.md). */
export type BatchOfCycle = {
  /** Whether a payout is in an approved batch: then two people have wanted it already. */
  isApproved: (payout: PayoutView) => Promise<boolean>;
  /** What can be settled of a cycle now. */
  toSettle: (cycle: CycleDate, at: Date) => Promise<{ lines: BatchPart[]; isApproved: boolean }>;
};

type BatchPart = { payoutId: string; amount: MinorUnits };

const ALREADY_APPROVED = { kind: 'approved', askedBy: null, approvedBy: null, note: null } as const;

type Waiting = Extract<Approval, { kind: 'waiting' }>;

/** `waiting`: nothing is done until a second person wants the same (docs/operations.md). */
export type ActOutcome = PayoutOutcome | (Waiting & { payout: PayoutView });

/** What is still to be settled of a cycle; `hash` stands for all of it. */
export type CycleBatch = { cycle: CycleDate; count: number; total: MinorUnits; hash: string };

/** What an act would come to. */
export type ActPreview = ActOutcome | PayoutPreview;

export type CycleOutcome =
  | { kind: 'settled'; count: number; total: MinorUnits }
  /** It is no longer what was asked about. */
  | { kind: 'changed'; batch: CycleBatch }
  | { kind: 'nothing' }
  | (Waiting & { batch: CycleBatch });

export type PayoutActs = ReturnType<typeof createPayoutActs>;

/**
 * What people do with payouts: one by one, or with a whole cycle. Where the policy asks for two people, the first only asks.
 * What the platform says it has done comes as an event, and is no act.
 */
export function createPayoutActs(deps: {
  payouts: Pick<Payouts, 'get' | 'act' | 'preview'>;
  batches: Pick<PayoutBatches, 'settleMany'>;
  approvals: Pick<Approvals, 'approve' | 'preview' | 'close' | 'people'>;
  /** What people must not touch for now; what the platform says became of it is a fact all the same. */
  heldPayouts: HeldPayouts;
  batch: BatchOfCycle;
}) {
  const { payouts, batches, approvals } = deps;

  async function act(payoutId: string, action: PayoutAction, by: PayoutActing, at: Date): Promise<ActOutcome> {
    const found = await look(payoutId, action, at);
    if ('kind' in found) return found;
    const { payout, wanted } = found;
    if (wanted === null) return payouts.act(payoutId, action, by, at);
    const approval = await approvals.approve(wanted, { actor: by.actor, note: by.reference ?? by.reason }, at);
    if (approval.kind === 'waiting') return { ...approval, payout };
    const outcome = await payouts.act(payoutId, action, withNote(by, action, approval.note), at);
    await approvals.close(wanted);
    return outcome;
  }

  /** What `act` would answer now; `would` with the payout as it would be, and what the ledger would get. Writes nothing. */
  async function preview(payoutId: string, action: PayoutAction, by: PayoutActing, at: Date): Promise<ActPreview> {
    const found = await look(payoutId, action, at);
    if ('kind' in found) return found;
    const { payout, wanted } = found;
    if (wanted === null) return payouts.preview(payoutId, action, by, at);
    const approval = await approvals.preview(wanted, { actor: by.actor, note: by.reference ?? by.reason }, at);
    if (approval.kind === 'waiting') return { ...approval, payout };
    return payouts.preview(payoutId, action, withNote(by, action, approval.note), at);
  }

  /** The payout, and what two people have to want; null where one is enough, or nothing changes. */
  async function look(
    payoutId: string,
    action: PayoutAction,
    at: Date,
  ): Promise<{ payout: PayoutView; wanted: Act | null } | Extract<PayoutOutcome, { kind: 'not-found' | 'refused' }>> {
    const payout = await payouts.get(payoutId);
    if (payout === null) return { kind: 'not-found' };
    const changes = decideAction(payout.status, action).kind === 'becomes';
    if (changes && (await deps.heldPayouts([payout], at)).size > 0) {
      return { kind: 'refused', state: payout.status, reason: 'payout_held', payout };
    }
    if (action === 'process' || !changes || (await isApproved(payout, action))) return { payout, wanted: null };
    const parts = [{ id: payoutId, amount: payout.amount }];
    return { payout, wanted: { action: `payout.${action}`, subject: `payout:${payoutId}`, parts } };
  }

  /** Two people have wanted already that it is paid. */
  async function isApproved(payout: PayoutView, action: PayoutAction): Promise<boolean> {
    return action === 'settle' && approvals.people === 2 && deps.batch.isApproved(payout);
  }

  /** What is still to be settled of a cycle, and not held. */
  async function batchOf(cycle: CycleDate, at: Date): Promise<CycleBatch> {
    return batchIn(await wantedOf(cycle, at), cycle);
  }

  /** Settles everything that is still to be settled of a cycle; only that which `expected` stands for, if it says. */
  async function settleCycle(cycle: CycleDate, by: PayoutActing, at: Date, expected?: string): Promise<CycleOutcome> {
    const wanted = await wantedOf(cycle, at);
    const batch = batchIn(wanted, cycle);
    if (batch.count === 0) return { kind: 'nothing' };
    if (expected !== undefined && expected !== batch.hash) return { kind: 'changed', batch };
    const approval = wanted.isApproved
      ? ALREADY_APPROVED
      : await approvals.approve(wanted, { actor: by.actor, note: by.reference }, at);
    if (approval.kind === 'waiting') return { ...approval, batch };
    const ids = wanted.parts.map(({ id }) => id);
    const settled = await batches.settleMany(ids, withNote(by, 'settle', approval.note), at);
    await approvals.close(wanted);
    return { kind: 'settled', ...settled };
  }

  /** What `settleCycle` would answer now; writes nothing. */
  async function previewCycle(cycle: CycleDate, by: PayoutActing, at: Date): Promise<CycleOutcome> {
    const wanted = await wantedOf(cycle, at);
    const batch = batchIn(wanted, cycle);
    const { count, total } = batch;
    if (count === 0) return { kind: 'nothing' };
    const approval = wanted.isApproved
      ? ALREADY_APPROVED
      : await approvals.preview(wanted, { actor: by.actor, note: by.reference }, at);
    return approval.kind === 'waiting' ? { ...approval, batch } : { kind: 'settled', count, total };
  }

  async function wantedOf(cycle: CycleDate, at: Date): Promise<Act & { isApproved: boolean }> {
    const { lines, isApproved } = await deps.batch.toSettle(cycle, at);
    const parts = lines.map(({ payoutId: id, amount }) => ({ id, amount }));
    return { isApproved, action: 'payout.settle', subject: `cycle:${cycle}`, parts };
  }

  return { act, preview, batchOf, settleCycle, previewCycle };
}

function batchIn(wanted: Act, cycle: CycleDate): CycleBatch {
  const { parts } = wanted;
  return { cycle, count: parts.length, total: sum(parts.map(({ amount }) => amount)), hash: batchHash(wanted) };
}

/** Who approves need not repeat the reference that was asked with. */
function withNote(by: PayoutActing, action: PayoutAction, note: string | null): PayoutActing {
  if (note === null || by.reference !== undefined || by.reason !== undefined) return by;
  return action === 'fail' ? { ...by, reason: note } : { ...by, reference: note };
}
