import { updateEvery } from '../everyDocument.ts';
import { dropIndexes, type Migration, type MigrationContext, renameFields, updateInBatches } from './migration.ts';

/** Fields get the names that the code has for them, and a withdrawal is a state instead of a week that never comes. */
export const renameStoredFields: Migration = {
  name: '0001-rename-stored-fields',
  async up(context) {
    await renameOfOrders(context);
    await renameOfInvoicing(context);
    await renameOfStanding(context);
    await renameOfAffiliates(context);
    await renameFields(context, 'notice_deliveries', { toldAt: 'enqueuedAt' });
  },
};

async function renameOfOrders(context: MigrationContext): Promise<void> {
  await dropIndexes(context, 'orders', ['untold.key_1', 'marketerId_1_status_1_seq_1', 'marketerId_1_seq_-1']);
  await renameFields(context, 'orders', { untold: 'pendingEffects', short: 'awaitingFunds', seq: 'acceptanceNumber' });
  await dropIndexes(context, 'order_amounts', ['untold_1']);
  await renameFields(context, 'order_amounts', { untold: 'notificationPending' });
}

async function renameOfInvoicing(context: MigrationContext): Promise<void> {
  await dropIndexes(context, 'invoices', ['followUp_1_issuedAt_1', 'unreleased_1']);
  await renameFields(context, 'invoices', { followUp: 'pendingEffects', unreleased: 'releasePending' });
  // One or two after a crash, found by their week's index. A payment can be dated in that week; it has no `heldFrom`.
  const held = { billingWeek: '9999-W52', heldFrom: { $exists: true } };
  await updateEvery(context.database.collection('transactions'), held, [
    { $set: { state: 'withdrawing', withdrawnFrom: '$heldFrom' } },
    { $unset: ['billingWeek', 'heldFrom'] },
  ]);
}

async function renameOfStanding(context: MigrationContext): Promise<void> {
  await dropIndexes(context, 'standing_decisions', ['unfollowed_1']);
  await renameFields(context, 'standing_decisions', { unfollowed: 'pendingEffects' });
  await dropIndexes(context, 'standings', ['hasUntold_1', 'told.terminationReview_1__id_1']);
  await renameFields(context, 'standings', {
    told: 'announced',
    untold: 'pendingNotifications',
    hasUntold: 'hasPendingNotifications',
    seenAt: 'assessedAt',
  });
}

async function renameOfAffiliates(context: MigrationContext): Promise<void> {
  await dropIndexes(context, 'commissions', [
    'cycle_1_affiliateId_1_state_1_todo_1_amount_1_programId_1__id_1',
    'stepAt_1',
    'todo_1',
  ]);
  await renameFields(context, 'commissions', {
    todo: 'effectsPending',
    before: 'amountBefore',
    rev: 'revision',
    stepAt: 'nextStepAt',
  });
  await dropIndexes(context, 'payouts', ['todo_1', 'unreleased_1']);
  await renameFields(context, 'payouts', { todo: 'effectsPending', unreleased: 'releasePending' });
  await updateInBatches(context, 'payouts', { status: 'drawing' }, { $set: { status: 'generating' } });
}
