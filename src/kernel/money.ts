import currencyCodes from 'currency-codes';

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

/**
 * How many decimals an amount of this currency has (ISO 4217): two for USD, none for JPY, three for KWD. Intl alone does
 * not know: it goes by what is in use, and shows no decimals for HUF or IQD, which have some.
 */
export function currencyDecimals(currency: string): number {
  return known(currency).decimals;
}

/** Whether money can be counted in this currency: what has no amounts of its own (gold, tests) is none. */
export function isCurrency(code: string): boolean {
  if (!/^[A-Z]{3}$/.test(code)) return false;
  return Intl.supportedValuesOf('currency').includes(code) || (currencyCodes.codes().includes(code) && code[0] !== 'X');
}

/** An amount as people read it: the currency's sign and all its decimals, `-$4.00`, `€1,234.50`, `¥12,345`. */
export function formatMoney(amount: MinorUnits, currency: string): string {
  // As text, so that no amount passes through a fraction that floats cannot hold.
  return known(currency).format.format(decimalMoney(amount, currency) as Intl.StringNumericLiteral);
}

/** The same where room is scarce: without decimals. */
export function formatWholeMoney(amount: MinorUnits, currency: string): string {
  return formatMoney(amount, currency).replace(/\.\d+/, '');
}

/** An amount as spreadsheets read it: `1234.50`, no sign of currency, no thousands separator. */
export function decimalMoney(amount: MinorUnits, currency: string): string {
  const decimals = currencyDecimals(currency);
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${amount < 0 ? '-' : ''}${whole}${decimals === 0 ? '' : `.${digits.slice(-decimals)}`}`;
}

/**
 * An amount as people type it, or copy it from where it is shown: `500`, `$500.00`, `1,250.5`, `KWD 12.345`, `500 EUR`; null
 * for what is none, is not whole minor units, or bears another currency's sign.
 */
export function parseMoney(text: string, currency: string): MinorUnits | null {
  const { decimals } = known(currency);
  const [, before = '', whole, fraction = '', after = ''] = TYPED_AMOUNT.exec(text.trim()) ?? [];
  if (whole === undefined) return null;
  if ((before !== '' && after !== '') || !isSignOf(before + after, currency)) return null;
  return minorUnitsOf(whole.replaceAll(',', ''), fraction, decimals);
}

/** An amount of its digits before and after the decimal sign; null for one that is not whole minor units, or too large. */
export function minorUnitsOf(whole: string, fraction: string, decimals: number): MinorUnits | null {
  if (/[^0]/.test(fraction.slice(decimals))) return null;
  const amount = Number(`${whole}${fraction.slice(0, decimals).padEnd(decimals, '0')}`);
  return amount <= LARGEST_AMOUNT ? amount : null;
}

const TYPED_AMOUNT = /^([^\d\s.,-]{0,4})\s?(\d{1,3}(?:,\d{3})+|\d{1,11})(?:\.(\d{1,6}))?\s?([^\d\s.,-]{0,4})$/;

/** Whether a text is what stands beside an amount of this currency, as `$`, `US$` or `USD`; nothing is, too. */
export function isSignOf(text: string, currency: string): boolean {
  return text === '' || known(currency).signs.has(text.toUpperCase());
}

/** A rate as people read it: `40 %`, `2.5 %`. */
export function formatRate(rateBps: BasisPoints): string {
  return `${rateBps / 100} %`;
}

type Known = { decimals: number; format: Intl.NumberFormat; signs: Set<string> };

const currencies = new Map<string, Known>();

function known(currency: string): Known {
  const before = currencies.get(currency);
  if (before !== undefined) return before;
  // Those that are no longer, or not yet, in the published list have the decimals of their use.
  const decimals = currencyCodes.code(currency)?.digits ?? formatOf(currency).resolvedOptions().maximumFractionDigits;
  const one = {
    decimals: decimals ?? 2,
    format: formatOf(currency, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
    signs: signsOf(currency),
  };
  currencies.set(currency, one);
  return one;
}

/** As it is written in its own country, and abroad: `$` and `US$`, `¥` and `JP¥`. */
function signsOf(currency: string): Set<string> {
  const signs = (['symbol', 'narrowSymbol'] as const).flatMap((currencyDisplay) =>
    ['en-US', 'en-CA', 'en-GB'].map(
      (locale) =>
        new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay })
          .formatToParts(0)
          .find(({ type }) => type === 'currency')?.value ?? currency,
    ),
  );
  return new Set([currency, ...signs].map((sign) => sign.toUpperCase()));
}

function formatOf(currency: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  return new Intl.NumberFormat('en-US', { style: 'currency', currency, ...options });
}

function safe(value: number): MinorUnits {
  if (!Number.isSafeInteger(value)) throw new RangeError('an amount of money left the safe integers');
  // Minus zero prints as "-0" and is not equal to 0 for a deep comparison.
  return value === 0 ? 0 : value;
}
