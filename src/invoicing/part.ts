import { type MinorUnits, sum } from '../kernel/money.ts';

/** What was paid of an open invoice ahead of the rest, and is held for it (rules 2.11). `number` is that of the promise. */
export type Part = { number: number; amount: MinorUnits; paidAt: Date };

/** An invoice that parts may have been paid of; without any it has none. */
export type WithParts = { parts?: Part[] };

/** Where the parts of an invoice wait for its end. */
export function heldAccount(invoiceId: string): string {
  return `held:${invoiceId}`;
}

/** What is held for an invoice. */
export function heldFor({ parts = [] }: WithParts): MinorUnits {
  return sum(parts.map(({ amount }) => amount));
}

/** What is still to be paid of an invoice that is unpaid. */
export function restOf(invoice: WithParts & { total: MinorUnits }): MinorUnits {
  return invoice.total - heldFor(invoice);
}

/** What the name of an entry that takes the parts of an invoice ends with: how many they are; nothing where there are none. */
export function afterParts({ parts = [] }: WithParts): string {
  return parts.length === 0 ? '' : `-${parts.length}`;
}
