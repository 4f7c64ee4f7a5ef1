import { payoutReference } from '../affiliates/payouts/payoutReference.ts';
import { BYTE_ORDER_MARK, type Cell, csv } from '../kernel/csv.ts';
import { decimalMoney } from '../kernel/money.ts';
import type { Payee } from '../payees/payee.ts';
import type { FileTerms, FormatRules, PaymentLine } from './paymentFile.ts';

/** Everything that is known of each payment, whatever its method, for tools of one's own and for a spreadsheet. */
export const generic: FormatRules = {
  extension: 'csv',
  contentType: 'text/csv; charset=utf-8',
  refuses: () => null,
  unfit: () => null,
  parts: (lines) => (lines.length === 0 ? [] : [{ lines }]),
  write: ({ lines }, terms) =>
    `${BYTE_ORDER_MARK}${csv(
      [...OF_PAYOUT, ...OF_PAYEE],
      lines.map((line) => row(line, terms)),
    )}`,
};

const OF_PAYOUT = ['payoutId', 'reference', 'cycle', 'accountId', 'amount', 'currency'];
const OF_PAYEE = [
  ...(['method', 'name', 'iban', 'bic', 'country', 'email', 'recipientId'] as const),
  ...(['receives', 'address', 'details'] as const),
];

function row({ payoutId, accountId, amount, payee }: PaymentLine, { cycle, currency }: FileTerms): Cell[] {
  const texts: Partial<Record<string, string>> = { ...payee, receives: receives(payee) };
  return [
    ...[payoutId, payoutReference(payoutId), cycle, accountId].map((text) => ({ text })),
    { number: decimalMoney(amount, currency) },
    { text: currency },
    ...OF_PAYEE.map((column) => ({ text: texts[column] ?? '' })),
  ];
}

/** The currency that arrives, where that is another one. */
function receives(payee: Payee): string {
  return payee.method === 'wise' ? (payee.currency ?? '') : '';
}
