import type { PayoutBatches } from '../affiliates/payouts/payoutBatches.ts';
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
  payoutBatches: Pick<PayoutBatches, 'unsettledOf'>;
  /** Which of these accounts nobody knows how to pay; none where the platform uses no payees. */
  withoutPayee: (accountIds: string[]) => Promise<Set<string>>;
}) {
  return async function missingPayees(cycles: readonly CycleDate[]): Promise<MissingPayees> {
    const missing: MissingPayees = { count: 0, amount: 0, accountIds: [], since: null };
    const accountIds = new Set<string>();
    for (const cycle of cycles) {
      for await (const piece of deps.payoutBatches.unsettledOf(cycle)) {
        const due = piece.filter(({ status }) => status === 'due');
        const unknown = await deps.withoutPayee(due.map(({ accountId }) => accountId));
        const unpayable = due.filter(({ accountId }) => unknown.has(accountId));
        if (unpayable.length === 0) continue;
        missing.count += unpayable.length;
        missing.amount += sum(unpayable.map(({ amount }) => amount));
        missing.since ??= cycle;
        for (const { accountId } of unpayable) accountIds.add(accountId);
      }
    }
    return { ...missing, accountIds: [...accountIds] };
  };
}
