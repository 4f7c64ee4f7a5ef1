import { realMilliseconds } from '../../kernel/clock.ts';
import { inBatches } from '../../kernel/group.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { Ledger } from '../../ledger/journal.ts';
import { MARKETER, marketerAccount } from '../entries.ts';
import type { CycleDate } from '../store.ts';

const ACCOUNTS_PER_BATCH = 500;
/** So far the clocks of two processes that decide may be apart, in milliseconds of real time: each a minute from the database's. */
const SKEW_MS = 120_000;

/** An entry can land any time after the instant that it bears; what nobody had is looked at anew after so long. */
const LOOK_AGAIN_MS = 10 * 60_000;

/** What was found when somebody last looked at all, at `lookedAtMs`, in a cycle that had begun; nothing was posted until `atMs`. */
type Look = { begun: CycleDate; any: boolean; atMs: number; lookedAtMs: number };

export type MarketerEarnings = ReturnType<typeof createMarketerEarnings>;

/**
 * What accounts have earned as marketers, and a payday pays (rules 6.5): by ledger account, whatever their role is now.
 * It is what the account had at the payday's 00:00 and still has: what is earned later is the next payday's (rules 6.6).
 */
export function createMarketerEarnings(deps: {
  ledger: Pick<Ledger, 'balances' | 'balancesSince' | 'accountsBeginning' | 'postedSince'>;
  policy: { marketers: boolean };
}) {
  let last: Look | undefined;

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

  /** Whether anybody had anything at a payday's 00:00. */
  async function areOwedAt(payday: Date): Promise<boolean> {
    for await (const _ of owedAt(payday, '')) return true;
    return false;
  }

  /**
   * Whether anybody has anything since the last cycle begun. Asked with every beat, so it remembers: what was owed is
   * taken for owed until the next cycle begins, and it is only looked again when something was posted, or ten minutes are over.
   */
  async function areOwed(begun: CycleDate): Promise<boolean> {
    if (!deps.policy.marketers) return false;
    const atMs = realMilliseconds();
    // Where nobody had anything, that a cycle has begun changes nothing.
    if (last !== undefined && (last.begun === begun || !last.any)) {
      if (last.any) return true;
      const isRecent = atMs - last.lookedAtMs < LOOK_AGAIN_MS;
      if (isRecent && !(await deps.ledger.postedSince(MARKETER, new Date(last.atMs - SKEW_MS)))) {
        last = { ...last, atMs };
        return false;
      }
    }
    last = { begun, any: await anyPositive(), atMs, lookedAtMs: atMs };
    return last.any;
  }

  async function anyPositive(): Promise<boolean> {
    for await (const accounts of inBatches(deps.ledger.accountsBeginning(MARKETER), ACCOUNTS_PER_BATCH)) {
      for (const balance of (await deps.ledger.balances(accounts)).values()) if (balance > 0) return true;
    }
    return false;
  }

  return { earnedBy, owedAt, areOwed, areOwedAt };
}
