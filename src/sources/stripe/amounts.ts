import { currencyDecimals, isCurrency, type MinorUnits } from '../../kernel/money.ts';

/** Currencies that Stripe counts without decimals, and with three; all others it counts with two. */
const NONE = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const THREE = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);

/**
 * An amount of Stripe's in minor units as ISO 4217 has them. Both differ in a few currencies: Stripe counts ISK and UGX with two
 * decimals that are always 0, and MGA without any. Null where it is no whole number of ours, or the currency is none.
 */
export function amountFrom(amount: number, currency: string): MinorUnits | null {
  if (!isCurrency(currency)) return null;
  const stripes = NONE.has(currency) ? 0 : THREE.has(currency) ? 3 : 2;
  const shift = currencyDecimals(currency) - stripes;
  if (shift >= 0) return amount * 10 ** shift;
  const divisor = 10 ** -shift;
  return amount % divisor === 0 ? amount / divisor : null;
}
