import { payoutReference } from '../affiliates/payouts/payoutReference.ts';
import { type Cell, csv } from '../kernel/csv.ts';
import { decimalMoney } from '../kernel/money.ts';
import type { FormatRules, PaymentLine } from './paymentFile.ts';

/** USDT on TRON for a wallet that sends many: a dollar is one USDT, which has six decimals. */
export const trc20: FormatRules = {
  extension: 'csv',
  contentType: 'text/csv; charset=utf-8',
  refuses: ({ currency }) => (currency === 'USD' ? null : 'currency_not_payable'),
  unfit: () => null,
  parts: (lines) => (lines.length === 0 ? [] : [{ lines }]),
  write: ({ lines }) => csv(['address', 'amount', 'token', 'reference'], lines.map(row)),
};

function row({ payoutId, amount, payee }: PaymentLine): Cell[] {
  if (payee.method !== 'usdt-trc20') throw new RangeError('a file of USDT was to pay somebody by another method');
  return [
    { text: payee.address },
    { number: `${decimalMoney(amount, 'USD')}0000` },
    { text: 'USDT' },
    { text: payoutReference(payoutId) },
  ];
}
