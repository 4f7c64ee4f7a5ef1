import { payoutReference } from '../affiliates/payouts/payoutReference.ts';
import { type Cell, csvRows, isFormula } from '../kernel/csv.ts';
import { chunksOf } from '../kernel/group.ts';
import { currencyDecimals, decimalMoney } from '../kernel/money.ts';
import type { Payee } from '../payees/payee.ts';
import { type FileTerms, type FormatRules, noteOf, type PaymentLine } from './paymentFile.ts';

/**
 * Payouts Web of PayPal: no header; recipient, amount, currency, customer's id, note and wallet; at most 5,000 rows and one
 * currency a file. An address that a spreadsheet would run cannot be quoted without being another one: it is left out.
 */
export const paypal: FormatRules = {
  extension: 'csv',
  contentType: 'text/csv; charset=utf-8',
  refuses: ({ currency }) => (CURRENCIES.has(currency) ? null : 'currency_not_payable'),
  unfit: ({ amount, payee }, currency) => {
    if (isFormula(emailOf(payee))) return 'destination_not_writable';
    return WITHOUT_DECIMALS.has(currency) && amount % 10 ** currencyDecimals(currency) !== 0
      ? 'amount_not_payable'
      : null;
  },
  parts: (lines) => chunksOf(lines, MOST_LINES).map((some) => ({ lines: some })),
  write: ({ lines }, terms) => csvRows(lines.map((line) => row(line, terms))),
};

const MOST_LINES = 5_000;

function row({ payoutId, amount, payee }: PaymentLine, terms: FileTerms): Cell[] {
  const { currency } = terms;
  return [
    { text: emailOf(payee) },
    amountCell(decimalMoney(amount, currency), currency),
    { text: currency },
    { text: payoutReference(payoutId) },
    { text: noteOf(terms) },
    { text: 'PAYPAL' },
  ];
}

function amountCell(decimal: string, currency: string): Cell {
  if (WITHOUT_DECIMALS.has(currency)) return { number: decimal.replace(/\..*/, '') };
  return WITH_COMMA.has(currency) ? { text: decimal.replace('.', ',') } : { number: decimal };
}

/** What PayPal pays out in. */
const CURRENCIES = new Set([
  ...['AUD', 'BRL', 'CAD', 'CHF', 'CNY', 'CZK', 'DKK', 'EUR', 'GBP', 'HKD', 'HUF', 'ILS', 'JPY'],
  ...['MXN', 'MYR', 'NOK', 'NZD', 'PHP', 'PLN', 'SEK', 'SGD', 'THB', 'TWD', 'USD'],
]);
/** PayPal takes no fractions of these. */
const WITHOUT_DECIMALS = new Set(['HUF', 'JPY', 'TWD']);
/** PayPal wants their amounts with a comma. */
const WITH_COMMA = new Set(['BRL', 'CZK', 'DKK', 'EUR', 'NOK', 'PLN', 'SEK']);

function emailOf(payee: Payee): string {
  if (payee.method !== 'paypal') throw new RangeError('a file for PayPal was to pay somebody by another method');
  return payee.email;
}
