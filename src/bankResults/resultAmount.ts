import { currencyDecimals, type MinorUnits, minorUnitsOf } from '../kernel/money.ts';

const WITH_POINT = /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$/;
const WITH_COMMA = /^(\d{1,3}(?:[. ]\d{3})+|\d+)(?:,(\d+))?$/;

/**
 * The amount of a payment as banks write it: `1234.50`, `1,234.50`, and where a comma is the decimal sign `1.234,50`; a sign
 * before it says which way it went and is no part of it. Null for what is none, or has more decimals than the currency: a
 * lone comma or point before three digits could be either, so `1,234` is read as thousands only where the currency has
 * not three decimals.
 */
export function resultAmount(text: string, currency: string): MinorUnits | null {
  const decimals = currencyDecimals(currency);
  const plain = text.trim().replace(/^[-+−]\s?/, '');
  const [, whole, fraction = ''] = matchOf(plain, decimals) ?? [];
  return whole === undefined ? null : minorUnitsOf(whole.replaceAll(/[., ]/g, ''), fraction, decimals);
}

function matchOf(text: string, decimals: number): RegExpExecArray | null {
  const [point, comma] = [WITH_POINT.exec(text), WITH_COMMA.exec(text)];
  if (point === null || comma === null) return point ?? comma;
  // Both fit: either a plain number, or one separator before three digits.
  const isPoint = text.includes('.');
  const asFraction = isPoint ? point : comma;
  const asThousands = isPoint ? comma : point;
  if (!/[.,]/.test(text)) return point;
  return decimals === 3 || isPoint ? asFraction : asThousands;
}
