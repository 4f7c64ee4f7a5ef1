import type { mongo } from 'mongoose';

import type { StoredCommission } from '../../src/affiliates/store.ts';
import type { World } from './world.ts';

export const COMMISSIONS_PER_AFFILIATE = 50;
/** Before any of the cycles below. */
export const BEGINNING = new Date('2026-11-18T12:00:00Z');
const BATCH = 1_000;

/** A cycle of payouts, with the one before it. */
export type Cycle = { cycle: string; before: string };

/** Approved commissions that are booked for a cycle, in no order of affiliates, as the service leaves them behind. */
export async function fillCycle({ core, raw }: World, { cycle }: Cycle, count: number): Promise<void> {
  // The collection is the one of that slice.
  const commissions = raw('commissions') as unknown as mongo.Collection<StoredCommission>;
  for (let from = 0; from < count; from += BATCH) {
    const documents = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) =>
      commission(cycle, from + index, count / COMMISSIONS_PER_AFFILIATE),
    );
    await commissions.insertMany(documents, { ordered: false });
    await core.ledger.append(documents.map(approval));
  }
}

/** Draws up the payouts of a cycle, and checks that each affiliate has one and all is in them. */
export async function closeCycle({ core, clock }: World, { cycle }: Cycle, count: number): Promise<void> {
  const payday = new Date(`${cycle}T00:00:00Z`);
  clock.pin(payday);
  await core.affiliates.cycles.run(payday);
  const { status, payouts, total } = await core.affiliates.cycles.get(cycle);
  const expected = Array.from({ length: count }, (_, index) => amountOf(index)).reduce((sum, one) => sum + one, 0);
  if (status !== 'closed' || payouts !== count / COMMISSIONS_PER_AFFILIATE || total !== expected)
    throw new Error(`cycle ${cycle} is ${status}: ${payouts} payouts of ${total}, not of ${expected}`);
}

/** Takes back what closing a cycle did, so that it can be done again on the same commissions. */
export async function reopenCycle({ raw }: World, { cycle, before }: Cycle): Promise<void> {
  const mine = { _id: { $regex: `^${cycle}:` } };
  await raw('payouts').deleteMany(mine);
  await raw('payout_members').deleteMany(mine);
  await raw('ledger_entries').deleteMany({ _id: { $regex: `^payout:${cycle}:` } });
  await raw('ledger_checkpoints').deleteMany({});
  await raw('payout_cycles').deleteOne({ _id: `payout:${cycle}` });
  await raw('payout_cycles').updateOne({ _id: 'cursor' }, { $set: { through: before } });
}

/** Where the payouts of a cycle and what follows from them are stored, and which documents those are. */
export function resultsOf({ cycle }: Cycle) {
  return [
    { name: 'payouts', filter: { _id: { $regex: `^${cycle}:` } } },
    { name: 'payout_members', filter: { _id: { $regex: `^${cycle}:` } } },
    { name: 'ledger_entries', filter: { _id: { $regex: `^payout:${cycle}:` } } },
  ];
}

function commission(cycle: string, index: number, affiliates: number): StoredCommission {
  const affiliateId = `affiliate-${cycle}-${String((index * 7_919) % affiliates).padStart(6, '0')}`;
  const sale = `${cycle}-${index}`;
  return {
    _id: `subscription-${sale}~first`,
    affiliateId,
    subscriptionId: `subscription-${sale}`,
    paymentId: `payment-${sale}`,
    programId: 'default',
    amount: amountOf(index),
    state: 'approved',
    paidAt: BEGINNING,
    listedFrom: BEGINNING,
    holdUntil: BEGINNING,
    approvesAt: BEGINNING,
    knownAt: BEGINNING,
    cycle,
    revision: 2,
    changedAt: BEGINNING,
    posted: amountOf(index),
    postings: 1,
    approvalDay: '2026-11-18',
  };
}

function amountOf(index: number): number {
  return 300 + (index % 7) * 50;
}

function approval({ _id, affiliateId, amount }: StoredCommission) {
  return {
    entryId: `commission:${_id}:approved`,
    book: `affiliate:${affiliateId}`,
    postings: [
      { account: 'platform:commissions', amount: -amount },
      { account: `affiliate:${affiliateId}`, amount },
    ],
    effectiveAt: BEGINNING,
  };
}
