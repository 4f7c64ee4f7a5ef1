import type { StoredCommission, StoredPayout } from '../../../src/affiliates/store.ts';
import type { World } from '../world.ts';
import { affiliateOf, DAY_MS, drawn, fill, type Size } from './fill.ts';
import { written } from './invoices.ts';

/** The paydays that have payouts, the first first; nobody has checked the last three. */
export const CYCLES = [
  ...['2026-06-01', '2026-06-16', '2026-07-01', '2026-07-16', '2026-08-01', '2026-08-16', '2026-09-01'],
  ...['2026-09-16', '2026-10-01', '2026-10-16', '2026-11-01', '2026-11-16'],
];
const UNCHECKED = 3;
const PER_AFFILIATE = 20;

export const payoutOf = (cycle: string, index: number): string => `${cycle}:${affiliateOf(index)}`;
export const commissionOf = (index: number): string => `subscription-${index}~first`;

/** Twenty commissions of each affiliate, and a payout of each on every payday, as paying them left them behind. */
export async function fillPayouts(world: World, { affiliates }: Size): Promise<void> {
  const commissions = affiliates * PER_AFFILIATE;
  await fill(world, 'commissions', commissions, (index) => commissionAt(index, affiliates));
  await fill(world, 'ledger_entries', commissions, (index) => {
    const { _id, affiliateId, amount, state, paidAt } = commissionAt(index, affiliates);
    if (state !== 'approved' && state !== 'paid') return [];
    const postings = [
      { account: 'platform:commissions', amount: -amount },
      { account: `affiliate:${affiliateId}`, amount },
    ];
    const entryId = `commission:${_id}:approved`;
    return [
      written({
        entryId,
        book: `affiliate:${affiliateId}`,
        postings,
        effectiveAt: new Date(paidAt.getTime() + DAY_MS),
      }),
    ];
  });
  for (const [number, cycle] of CYCLES.entries()) {
    const isPaid = number < CYCLES.length - UNCHECKED;
    const payouts = (index: number) => payoutAt(index, number, cycle, isPaid);
    await fill(world, 'payouts', affiliates, payouts);
    await fill(world, 'payout_members', affiliates, (index) => {
      const { _id, amount } = payouts(index);
      const commissionId = commissionOf(number * affiliates + index);
      return { _id: `${_id}:0`, key: _id, items: [{ commissionId, amount }] };
    });
    if (isPaid)
      await fill(world, 'ledger_entries', affiliates, (index) => {
        const { _id, amount, accountId, endedAt } = payouts(index);
        const account = `affiliate:${accountId}`;
        const postings = [
          { account, amount: -amount },
          { account: 'world:payouts', amount },
        ];
        const effectiveAt = endedAt ?? new Date(`${cycle}T00:00:00Z`);
        return [written({ entryId: `payout:${_id}:paid`, book: account, postings, effectiveAt })];
      });
    await fill(world, 'payout_cycles', 1, () => ({ _id: `payout:${cycle}`, state: 'closed', step: 'marketers' }));
    if (isPaid) await fill(world, 'payout_batches', 1, () => batchOf(cycle, affiliates));
  }
  await fill(world, 'payout_cycles', 1, () => ({ _id: 'cursor', through: CYCLES.at(-1) }));
}

function commissionAt(index: number, affiliates: number): StoredCommission {
  const number = Math.floor(index / affiliates);
  const cycle = CYCLES[Math.min(number, CYCLES.length - 1)] ?? '';
  const paidAt = new Date(new Date(`${cycle}T00:00:00Z`).getTime() - (20 - (index % 15)) * DAY_MS);
  const state = number < CYCLES.length - UNCHECKED ? 'paid' : number < CYCLES.length ? 'approved' : OTHER[number % 3];
  return {
    ...{
      _id: commissionOf(index),
      affiliateId: affiliateOf(index % affiliates),
      subscriptionId: `subscription-${index}`,
    },
    ...{
      paymentId: `payment-${index}`,
      programId: 'default',
      amount: 300 + (index % 7) * 50,
      state: state ?? 'pending',
    },
    ...{ paidAt, listedFrom: paidAt, holdUntil: paidAt, approvesAt: paidAt, knownAt: paidAt, revision: 2 },
    ...{ cycle: state === 'pending' || state === 'rejected' ? '2026-12-01' : cycle, changedAt: paidAt },
    ...{ posted: 0, postings: 1, approvalDay: paidAt.toISOString().slice(0, 10), insertedAt: paidAt },
    ...(state === 'rejected' ? { reason: 'refunded' as const } : {}),
  };
}

const OTHER = ['pending', 'pending', 'rejected'] as const;

function payoutAt(index: number, number: number, cycle: string, isPaid: boolean): StoredPayout {
  const accountId = affiliateOf(index);
  // What an affiliate gets changes from payday to payday.
  const amount = 2_000 + drawn(60, index, number) * 50;
  const drawnAt = new Date(`${cycle}T00:00:00Z`);
  const _id = payoutOf(cycle, index);
  const common = { _id, cycle, accountId, parts: { commissions: amount, earnings: 0 }, amount, count: 1 };
  const payout = { ...common, membersKey: _id, drawnAt, insertedAt: drawnAt };
  if (!isPaid) return { ...payout, status: 'due' };
  const endedAt = new Date(drawnAt.getTime() + DAY_MS);
  if (index % 50 === 0) return { ...payout, status: 'failed', endedAt, reason: 'account closed' };
  return { ...payout, status: 'paid', endedAt, isNumbered: true, reference: `ref-${_id}` };
}

function batchOf(cycle: string, count: number): object {
  const at = new Date(new Date(`${cycle}T00:00:00Z`).getTime() + 3_600_000);
  const sums = { hash: `hash-${cycle}`, count, total: count * 3_000, actor: 'manager-0', at };
  return {
    ...{ _id: cycle, revision: 2, excluded: [], exports: [], checked: { ...sums, findings: [] } },
    approved: { ...sums, linesKey: `${cycle}:lines`, askedBy: null },
  };
}
