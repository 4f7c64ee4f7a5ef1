import type { DueOfAccount, PayoutBatches } from '../affiliates/payouts/payoutBatches.ts';
import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import { type MinorUnits, sum } from '../kernel/money.ts';

/** Payouts that no file can pay, because nobody knows where their accounts are paid: of the oldest payday first. */
export type MissingPayees = {
  count: number;
  amount: MinorUnits;
  /** Whose they are, each once. */
  accountIds: string[];
  /** The first payday that has one; null where none does. */
  since: CycleDate | null;
};

/** Looks through what is due of paydays for accounts without a payee; reads nothing of a payday that has nothing due. */
export function createMissingPayees(deps: {
  payoutBatches: Pick<PayoutBatches, 'dueByAccount'>;
  /** Which of these accounts nobody knows how to pay; none where the platform uses no payees. */
  withoutPayee: (accountIds: string[]) => Promise<Set<string>>;
}) {
  return async function missingPayees(cycles: readonly CycleDate[]): Promise<MissingPayees> {
    const due = await deps.payoutBatches.dueByAccount(cycles);
    const unknown = await deps.withoutPayee([...due.keys()]);
    const unpayable = [...due].filter(([accountId]) => unknown.has(accountId)).sort(oldestFirst);
    return {
      count: sum(unpayable.map(([, { count }]) => count)),
      amount: sum(unpayable.map(([, { amount }]) => amount)),
      accountIds: unpayable.map(([accountId]) => accountId),
      since: unpayable[0]?.[1].since ?? null,
    };
  };
}

function oldestFirst([id, { since }]: [string, DueOfAccount], [otherId, other]: [string, DueOfAccount]): number {
  if (since !== other.since) return since < other.since ? -1 : 1;
  return id < otherId ? -1 : 1;
}
