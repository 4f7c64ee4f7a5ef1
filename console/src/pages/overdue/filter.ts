import { wholeNumberIn } from '../../address.ts';
import type { Formats } from '../../format.ts';

/** What the list is narrowed to: whole days past due, and an amount in minor units. */
export type Filter = { days?: number; maxDays?: number; amount?: number };

/** As the address says; what makes no sense there is left out. */
export function filterIn(params: URLSearchParams): Filter {
  const days = wholeNumberIn(params, 'days');
  const maxDays = wholeNumberIn(params, 'maxDays');
  const amount = wholeNumberIn(params, 'amount');
  return {
    ...(days === undefined || days > MOST_DAYS ? {} : { days }),
    ...(maxDays === undefined || maxDays > MOST_DAYS ? {} : { maxDays }),
    ...(amount === undefined ? {} : { amount }),
  };
}

/** As somebody typed it; null where the amount is none. */
export function filterOf(typed: Readonly<Record<string, string>>, format: Pick<Formats, 'amountOf'>): Filter | null {
  const { days = '', amount = '' } = typed;
  const minor = amount === '' ? undefined : format.amountOf(amount);
  if (minor === null) return null;
  return { ...(days === '' ? {} : { days: Number(days) }), ...(minor === undefined ? {} : { amount: minor }) };
}

/** What the API takes (docs/api.md). */
export const MOST_DAYS = 36_500;
