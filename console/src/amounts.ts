/** How numbers are written somewhere: what stands before their decimals, and between their groups of three digits. */
export type Marks = { decimal: '.' | ','; group: string };

const ENGLISH: Marks = { decimal: '.', group: ',' };

/** As Intl writes numbers there. */
export function marksOf(locale: string): Marks {
  const parts = new Intl.NumberFormat(locale).formatToParts(1_234_567.8);
  const written = (type: string) => parts.find((part) => part.type === type)?.value;
  return { decimal: written('decimal') === ',' ? ',' : '.', group: written('group') ?? '' };
}

/**
 * An amount as somebody types it, as minor units; null for what is none, has more decimals than the currency, or could be meant
 * otherwise: where a comma stands before the decimals, `1,250` and `1.250` are as likely a thousand. `12.50` is understood everywhere,
 * `12,50` only where that is how it is written.
 */
export function minorUnitsOf(typed: string, decimals: number, marks: Marks = ENGLISH): number | null {
  const text = typed.trim();
  const { whole, fraction = '' } = ungrouped(text, decimals, marks) ?? grouped(text, decimals, marks) ?? {};
  if (whole === undefined || /[^0]/.test(fraction.slice(decimals))) return null;
  return Number(`${whole}${fraction.slice(0, decimals).padEnd(decimals, '0')}`);
}

/** An amount that may be below zero, as typed; null for what is none. */
export function signedAmountOf(typed: string, amountOf: (text: string) => number | null): number | null {
  const isBelow = /^[-−]/.test(typed);
  const amount = amountOf(isBelow ? typed.slice(1) : typed);
  if (amount === null || amount === 0) return null;
  return isBelow ? -amount : amount;
}

/** `1234.50` of 123,450 with two decimals. */
export function decimalOf(minor: number, decimals: number): string {
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  return `${minor < 0 ? '-' : ''}${whole}${decimals === 0 ? '' : `.${digits.slice(-decimals)}`}`;
}

type Digits = { whole: string; fraction?: string | undefined };

function ungrouped(text: string, decimals: number, marks: Marks): Digits | null {
  const [, whole, mark, fraction] = /^(\d{1,11})(?:([.,])(\d{1,3}))?$/.exec(text) ?? [];
  if (whole === undefined || (mark !== undefined && !isFraction(mark, fraction, decimals, marks))) return null;
  return { whole, fraction };
}

function grouped(text: string, decimals: number, marks: Marks): Digits | null {
  const [, groups = '', separator = '', mark, fraction] =
    /^(\d{1,3}(\D)\d{3}(?:\2\d{3}){0,2})(?:([.,])(\d{1,3}))?$/.exec(text) ?? [];
  if (groups === '' || separator === mark || !separates(separator, marks)) return null;
  // Without decimals a point may be a thousand or a fraction.
  if (mark === undefined ? separator === '.' : !isFraction(mark, fraction, decimals, marks)) return null;
  return { whole: groups.replaceAll(separator, ''), fraction };
}

/** Three digits after a mark are a fraction only of a currency that has three, and after its own mark. */
function isFraction(mark: string, fraction = '', decimals: number, { decimal }: Marks): boolean {
  if (fraction.length > 2) return decimals > 2 && mark === decimal;
  return mark === decimal || mark === '.';
}

/** Spaces are all the same, and understood in English, too. */
function separates(separator: string, { decimal, group }: Marks): boolean {
  return isSpace(separator) ? decimal === '.' || isSpace(group) : separator === group;
}

function isSpace(text: string): boolean {
  return /^\s$/.test(text);
}
