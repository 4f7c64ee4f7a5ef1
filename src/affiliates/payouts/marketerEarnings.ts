import { inBatches } from '../../kernel/group.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { Ledger } from '../../ledger/journal.ts';
import { MARKETER, marketerAccount } from '../entries.ts';

const ACCOUNTS_PER_BATCH = 500;

export type MarketerEarnings = ReturnType<typeof createMarketerEarnings>;

/**
 * What accounts have earned as marketers, and a payday pays (rules 6.5): by ledger account, whatever their role is now.
 * It is what the account had at the payday's 00:00 and still has: what is earned later is the next payday's (rules 6.6).
 */
export function createMarketerEarnings(deps: {
  ledger: Pick<Ledger, 'balancesSince' | 'accountsBeginning'>;
  policy: { marketers: boolean };
}) {
  /** What each of these accounts is paid on a payday; one that is owed nothing has 0. */
  async function earnedBy(accountIds: string[], payday: Date): Promise<Map<string, MinorUnits>> {
    if (!deps.policy.marketers) return new Map();
    const balances = await deps.ledger.balancesSince(accountIds.map(marketerAccount), payday);
    return new Map(
      accountIds.map((accountId) => {
        const { now = 0, before = 0 } = balances.get(marketerAccount(accountId)) ?? {};
        return [accountId, Math.max(0, Math.min(now, before))];
      }),
    );
  }

  /**
   * Everybody who had something at a payday's 00:00, after an id, in batches in the order of their ids: also who has
   * lost it since, and gets nothing.
   */
  async function* owedAt(payday: Date, after: string): AsyncGenerator<string[]> {
    if (!deps.policy.marketers) return;
    for await (const accounts of inBatches(deps.ledger.accountsBeginning(MARKETER, after), ACCOUNTS_PER_BATCH)) {
      const balances = await deps.ledger.balancesSince(accounts, payday);
      const owed = accounts.filter((account) => (balances.get(account)?.before ?? 0) > 0);
      if (owed.length > 0) yield owed.map((account) => account.slice(MARKETER.length));
    }
  }

  return { earnedBy, owedAt };
}
