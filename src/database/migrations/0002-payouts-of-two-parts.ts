import type { mongo } from 'mongoose';

import { type Migration, type MigrationContext, updateInBatches } from './migration.ts';

/** A commission says when it is approved, which its trial can put off; a payout says its parts instead of a role. */
export const payoutsOfTwoParts: Migration = {
  name: '0002-payouts-of-two-parts',
  async up(context) {
    await putOffApprovals(context);
    await updateInBatches(context, 'commissions', { approvesAt: { $exists: false } }, [
      { $set: { approvesAt: '$holdUntil' } },
    ]);
    await updateInBatches(context, 'payouts', { parts: { $exists: false } }, [{ $set: PARTS }, { $unset: 'role' }]);
  },
};

/** What is paid of what: a marketer had a payout of a balance alone; what was carried over pays nothing. */
const PARTS = {
  parts: {
    commissions: { $cond: [paidAs('affiliate'), '$amount', 0] },
    earnings: { $cond: [paidAs('marketer'), '$amount', 0] },
  },
  amount: { $cond: [isCarried(), 0, '$amount'] },
  count: { $cond: [isCarried(), 0, '$count'] },
  carriedOver: {
    $cond: [isCarried(), { amount: '$amount', count: '$count', why: '$reason' }, '$$REMOVE'],
  },
  reason: { $cond: [isCarried(), '$$REMOVE', '$reason'] },
};

function isCarried() {
  return { $eq: ['$status', 'carried'] };
}

function paidAs(role: 'affiliate' | 'marketer') {
  return { $and: [{ $eq: ['$role', role] }, { $ne: ['$status', 'carried'] }] };
}

type Early = { _id: string; listedFrom: Date; cycle: string };

/**
 * Charges of a trial that was still to end when their hold did: these are approved at its end, and paid by the payday of
 * that, in UTC. There are few: the trials that are under way.
 */
async function putOffApprovals({ database, assertLeased }: MigrationContext): Promise<void> {
  const commissions = database.collection<Early>('commissions');
  const early: mongo.Filter<mongo.Document> = {
    state: 'pending',
    approvesAt: { $exists: false },
    $expr: { $gt: ['$listedFrom', '$holdUntil'] },
  };
  await assertLeased();
  for await (const { _id, listedFrom, cycle } of commissions.find(early as mongo.Filter<Early>, { batchSize: 1_000 })) {
    const payday = paydayAfter(listedFrom);
    await commissions.updateOne(
      { _id },
      {
        $set: {
          approvesAt: listedFrom,
          nextStepAt: listedFrom,
          cycle: payday > cycle ? payday : cycle,
          approvalDay: listedFrom.toISOString().slice(0, 10),
        },
      },
    );
  }
}

/** The payday of what is approved at an instant (rules 6.1). */
function paydayAfter(at: Date): string {
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  const payday = day < 9 ? [month, 16] : day < 24 ? [month + 1, 1] : [month + 1, 16];
  return new Date(Date.UTC(year, payday[0] ?? 0, payday[1])).toISOString().slice(0, 10);
}
