import { payoutReference } from '../affiliates/payouts/payoutReference.ts';
import { type Cell, csv, isFormula } from '../kernel/csv.ts';
import { chunksOf, groupBy } from '../kernel/group.ts';
import { decimalMoney } from '../kernel/money.ts';
import type { Payee } from '../payees/payee.ts';
import { LONGEST_NAME } from './latin.ts';
import type { FileTerms, FormatRules, PaymentLine } from './paymentFile.ts';

type WisePayee = Extract<Payee, { method: 'wise' }>;

/**
 * Batch payments of Wise, which has one template for saved recipients, one for bank accounts and one for people known by their
 * email alone: a file each, of at most 1,000 transfers. Where the payee receives the platform's currency the amount arrives
 * whole; where Wise converts, it is what leaves.
 */
export const wise: FormatRules = {
  extension: 'csv',
  contentType: 'text/csv; charset=utf-8',
  refuses: () => null,
  unfit: ({ payee }) => (destinationsOf(wisePayee(payee)).some(isFormula) ? 'destination_not_writable' : null),
  parts: (lines) =>
    [...groupBy(lines, ({ payee }) => templateOf(wisePayee(payee)))]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([template, some]) => chunksOf(some, MOST_LINES).map((part) => ({ template, lines: part }))),
  write: ({ template, lines }, terms) => {
    const columns = COLUMNS[template as Template];
    return csv(
      [...columns],
      lines.map((line) => row(columns, line, terms)),
    );
  },
};

const MOST_LINES = 1_000;

type Template = 'bank-accounts' | 'email' | 'saved-recipients';
type Column =
  | ('amount' | 'amountCurrency' | 'IBAN' | 'name' | 'paymentReference' | 'receiverType' | 'recipientDetail')
  | ('recipientEmail' | 'recipientId' | 'sourceCurrency' | 'targetCurrency');

const BY_EMAIL: Column[] = [
  ...(['name', 'recipientEmail', 'paymentReference', 'receiverType'] as const),
  ...(['amountCurrency', 'amount', 'sourceCurrency', 'targetCurrency'] as const),
];
/** The columns of Wise's own templates, in their order. */
const COLUMNS: Record<Template, Column[]> = {
  'bank-accounts': [...BY_EMAIL, 'IBAN'],
  email: BY_EMAIL,
  'saved-recipients': [
    ...(['recipientId', 'name', 'recipientEmail', 'recipientDetail', 'sourceCurrency', 'targetCurrency'] as const),
    ...(['amountCurrency', 'amount', 'paymentReference', 'receiverType'] as const),
  ],
};

function templateOf({ recipientId, iban }: WisePayee): Template {
  if (recipientId !== undefined) return 'saved-recipients';
  return iban === undefined ? 'email' : 'bank-accounts';
}

function row(columns: Column[], { payoutId, amount, payee }: PaymentLine, { currency }: FileTerms): Cell[] {
  const { name, email = '', recipientId = '', iban = '', currency: target = currency } = wisePayee(payee);
  const cells: Record<Column, Cell> = {
    recipientId: { text: recipientId },
    name: { text: plainName(name) },
    recipientEmail: { text: email },
    recipientDetail: { text: '' },
    // Wise asks whether it is a person or a business; payees are people.
    receiverType: { text: 'PERSON' },
    paymentReference: { text: payoutReference(payoutId) },
    amountCurrency: { text: target === currency ? 'target' : 'source' },
    amount: { number: decimalMoney(amount, currency) },
    sourceCurrency: { text: currency },
    targetCurrency: { text: target },
    IBAN: { text: iban },
  };
  return columns.map((column) => cells[column]);
}

/** No name begins with a sign: what a spreadsheet would run is not only quoted, but gone. */
function plainName(name: string): string {
  return name.replace(/^[^\p{L}\p{N}]+/u, '').slice(0, LONGEST_NAME);
}

function destinationsOf({ email = '', recipientId = '', iban = '' }: WisePayee): string[] {
  return [email, recipientId, iban];
}

function wisePayee(payee: Payee): WisePayee {
  if (payee.method !== 'wise') throw new RangeError('a file for Wise was to pay somebody by another method');
  return payee;
}
