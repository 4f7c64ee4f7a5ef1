/**
 * Money is an integer number of minor units (cents) of the one platform currency; a rate is an integer number of
 * basis points (1/100 of a percent). Both stay safe integers, so sums are exact.
 */
export type MinorUnits = number;
export type BasisPoints = number;

/** The largest amount one event may carry, in minor units: sums of a million of them are still exact. */
export const LARGEST_AMOUNT = 9_000_000_000;

const WHOLE_BPS = 10_000n;

/**
 * `rateBps` of `amount`, rounded once, half away from zero (rules 0): 3.996 -> 4.00, -3.995 -> -4.00.
 * Throws when the result leaves the safe integers, which would be a broken invariant.
 */
export function shareOf(amount: MinorUnits, rateBps: BasisPoints): MinorUnits {
  const product = BigInt(amount) * BigInt(rateBps);
  const magnitude = product < 0n ? -product : product;
  const rounded = (magnitude + WHOLE_BPS / 2n) / WHOLE_BPS;
  return safe(Number(product < 0n ? -rounded : rounded));
}

/** The sum, exact; throws when it leaves the safe integers. */
export function sum(amounts: Iterable<MinorUnits>): MinorUnits {
  let total = 0;
  for (const amount of amounts) total += amount;
  return safe(total);
}

/** An amount as people read it: always two decimals and the currency's sign, `-$4.00`, `€1,234.50`. */
export function formatMoney(amount: MinorUnits, currency: string): string {
  return formatter(currency).format(amount / 100);
}

/** An amount as spreadsheets read it: `1234.50`, no sign of currency, no thousands separator. */
export function decimalMoney(amount: MinorUnits): string {
  const digits = String(Math.abs(amount)).padStart(3, '0');
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** A rate as people read it: `40 %`, `2.5 %`. */
export function formatRate(rateBps: BasisPoints): string {
  return `${rateBps / 100} %`;
}

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(currency: string): Intl.NumberFormat {
  let known = formatters.get(currency);
  if (known === undefined) {
    known = new Intl.NumberFormat('en-US', {
      style: 'currency',
      currency,
      minimumFractionDigits: 2,
      maximumFractionDigits: 2,
    });
    formatters.set(currency, known);
  }
  return known;
}

function safe(value: number): MinorUnits {
  if (!Number.isSafeInteger(value)) throw new RangeError('an amount of money left the safe integers');
  // Minus zero prints as "-0" and is not equal to 0 for a deep comparison.
  return value === 0 ? 0 : value;
}
