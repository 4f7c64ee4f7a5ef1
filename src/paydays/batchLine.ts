import type { MinorUnits } from '../kernel/money.ts';

/** A payout of a batch. */
export type BatchLine = { payoutId: string; accountId: string; amount: MinorUnits; status: string };
