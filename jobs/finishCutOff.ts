import type { Core } from '../src/core.ts';

/** Finishes, at `at`, whatever a crash left half done, slice by slice. */
export async function finishCutOff(core: Core, at: Date): Promise<void> {
  await core.accounts.repairRoles();
  await core.invoicing.invoices.reconcile();
  await core.standing.repair();
  await core.orders.repair(at);
  await core.affiliates.repair();
  await core.unreached.repair();
  await core.notices.repair();
  await core.inboxWorker.repair();
}
