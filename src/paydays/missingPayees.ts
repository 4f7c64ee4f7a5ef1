import type { DueOfAccount, PayoutBatches } from '../affiliates/payouts/payoutBatches.ts';
import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import { type MinorUnits, sum } from '../kernel/money.ts';
import type { Payees } from '../payees/payees.ts';

/** Payouts that no file can pay, because nobody knows where their accounts are paid: of the oldest payday first. */
export type MissingPayees = {
  count: number;
  amount: MinorUnits;
  /** Whose they are, each once. */
  accountIds: string[];
  /** The first payday that has one; null where none does. */
  since: CycleDate | null;
};

/** Looks through what is due of paydays for accounts without a payee, of which there are none where the platform uses no payees. */
export function createMissingPayees(deps: {
  payoutBatches: Pick<PayoutBatches, 'dueAccounts' | 'dueByAccount'>;
  payees: Pick<Payees, 'areUsed' | 'missingOf'>;
}) {
  return async function missingPayees(cycles: readonly CycleDate[]): Promise<MissingPayees> {
    const unpayable = cycles.length > 0 && (await deps.payees.areUsed()) ? await unpayableOf(cycles) : [];
    return {
      count: sum(unpayable.map(([, { count }]) => count)),
      amount: sum(unpayable.map(([, { amount }]) => amount)),
      accountIds: unpayable.map(([accountId]) => accountId),
      since: unpayable[0]?.[1].since ?? null,
    };
  };

  /** Most accounts have a payee, so what is due is summed up for the others alone. */
  async function unpayableOf(cycles: readonly CycleDate[]): Promise<[string, DueOfAccount][]> {
    const unknown = await deps.payees.missingOf(await deps.payoutBatches.dueAccounts(cycles));
    return [...(await deps.payoutBatches.dueByAccount(cycles, [...unknown]))].sort(oldestFirst);
  }
}

function oldestFirst([id, { since }]: [string, DueOfAccount], [otherId, other]: [string, DueOfAccount]): number {
  if (since !== other.since) return since < other.since ? -1 : 1;
  return id < otherId ? -1 : 1;
}
