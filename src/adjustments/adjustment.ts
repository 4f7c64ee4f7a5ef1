import type { Account } from '../accounts/account.ts';
import { PLATFORM_ID } from '../kernel/ids.ts';
import type { MinorUnits } from '../kernel/money.ts';

/** Whose balance can be corrected: a ledger account is `kind:accountId`. */
const BALANCE_KINDS = ['model', 'marketer', 'affiliate'] as const;
export type BalanceKind = (typeof BALANCE_KINDS)[number];

/** A balance of somebody. */
export type Balance = { kind: BalanceKind; accountId: string };

/** A correction as others see it. `payday`: the one that pays it, or takes it back; null for a model, whom no payday pays. */
export type AdjustmentView = {
  adjustmentId: string;
  /** The ledger account. */
  account: string;
  accountId: string;
  amount: MinorUnits;
  reason: string;
  madeBy: string;
  at: Date;
  payday: string | null;
};

/** What is meant by an account as people name it: a balance, or a bare id, which means the balance of its role. */
export type Named = { kind: BalanceKind | null; accountId: string };

/** Reads `marketer:kim` or `kim`; null for what names nobody's balance, as the ledger's other accounts. */
export function parseNamed(text: string): Named | null {
  const kind = BALANCE_KINDS.find((one) => text.startsWith(`${one}:`)) ?? null;
  const accountId = kind === null ? text : text.slice(kind.length + 1);
  return PLATFORM_ID.test(accountId) && (kind !== null || !OTHER_ACCOUNT.test(text)) ? { kind, accountId } : null;
}

const OTHER_ACCOUNT = /^(credit|escrow|platform|world):/;

/** Why there is no balance to correct. */
export type NoBalance = 'not-a-balance' | 'manager' | 'not-a-model';

/**
 * The balance that is meant. A manager has none. What somebody has as a model stays theirs when they are none any more, and can
 * only be taken out then: no rule would use what is added (rules 6.8).
 */
export function balanceMeant(
  named: Named,
  { accountId, role }: Pick<Account, 'accountId' | 'role'>,
  amount: MinorUnits,
): Balance | NoBalance {
  if (role === 'manager') return 'manager';
  const kind = named.kind ?? role;
  if (kind === 'model' && role !== 'model' && amount > 0) return 'not-a-model';
  return { kind, accountId };
}

export function accountNameOf({ kind, accountId }: Balance): string {
  return `${kind}:${accountId}`;
}

/** The balance that a ledger account is. */
export function balanceOf(account: string): Balance {
  const kind = BALANCE_KINDS.find((one) => account.startsWith(`${one}:`));
  if (kind === undefined) throw new RangeError(`${account} is nobody's balance`);
  return { kind, accountId: account.slice(kind.length + 1) };
}

/** Only a model's balance is never below zero: what is taken from it has to be there (rules 6.8). */
export function isGuardedDecrease({ kind }: Pick<Balance, 'kind'>, amount: MinorUnits): boolean {
  return kind === 'model' && amount < 0;
}
