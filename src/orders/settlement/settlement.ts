import type { MinorUnits } from '../../kernel/money.ts';
import type { OrderTerms } from '../order.ts';

/** An amount that falls due with fan number `through`, for the `fans` up to it (rules 4.6). Numbered from 1. */
export type Amount = { number: number; fans: number; amount: MinorUnits; through: number };

type Terms = Pick<OrderTerms, 'quantity' | 'pricePerFan' | 'prepaid' | 'chunkSize'>;

/** How many fans one amount pays: a chunk, without chunks the whole order or, out of escrow, each fan. */
export function fansPerAmount({ chunkSize, prepaid, quantity }: Terms): number {
  return chunkSize ?? (prepaid ? 1 : quantity);
}

/** Prepaid without chunks is paid fan by fan: the fans themselves are the record of it. */
export function isPaidByFan({ prepaid, chunkSize }: Pick<OrderTerms, 'prepaid' | 'chunkSize'>): boolean {
  return prepaid && chunkSize === null;
}

/**
 * The amounts that have fallen due with `delivered` fans and are not among those that pay the first `settled` ones. The
 * rest falls due when the order `isOver`: complete, or stopped.
 */
export function amountsDue(terms: Terms, settled: number, delivered: number, isOver: boolean): Amount[] {
  const size = fansPerAmount(terms);
  const last = Math.floor(delivered / size);
  const first = Math.floor(settled / size) + 1;
  const amounts = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => ({
    number: first + index,
    fans: size,
    amount: size * terms.pricePerFan,
    through: (first + index) * size,
  }));
  const rest = delivered - last * size;
  if (!(isOver || delivered === terms.quantity) || rest === 0 || settled >= delivered) return amounts;
  return [...amounts, { number: last + 1, fans: rest, amount: rest * terms.pricePerFan, through: delivered }];
}

/** How many fans are paid for, or owed, once `amountsDue` have been dealt with. */
export function settledBy(terms: Terms, delivered: number, isOver: boolean): number {
  if (isOver || delivered === terms.quantity) return delivered;
  const size = fansPerAmount(terms);
  return Math.floor(delivered / size) * size;
}

/** What goes back to the client of a prepaid order that ends with so many fans. */
export function returnedAt({ quantity, pricePerFan, prepaid }: Terms, delivered: number): MinorUnits {
  return prepaid ? (quantity - delivered) * pricePerFan : 0;
}

const STEPS = [25, 50, 75, 100] as const;

/** The progress steps, in percent, that are reached with `delivered` fans and were not before; in order. */
export function progressSteps(quantity: number, told: number, delivered: number): number[] {
  return STEPS.filter((percent) => percent > told && delivered * 100 >= percent * quantity);
}

/**
 * Whether anything follows from `delivered` fans: an amount, a progress step, or completion. `settled` and `progress`
 * only ever grow, so stale values may say yes too often, never no.
 */
export function isAnythingDue(order: Terms & { settled: number; progress: number }, delivered: number): boolean {
  const { quantity, settled, progress } = order;
  return (
    delivered >= quantity ||
    progressSteps(quantity, progress, delivered).length > 0 ||
    amountsDue(order, settled, delivered, false).length > 0
  );
}
