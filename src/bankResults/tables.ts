import { quoted } from '../kernel/text.ts';
import {
  type FileFault,
  type Outcome,
  type ResultFile,
  type ResultFormat,
  type ResultLine,
  UnreadableResult,
} from './result.ts';
import { resultAmount } from './resultAmount.ts';
import { cellOf, nameOf, type ResultRow, type ResultTable } from './table.ts';

/** How one kind of table is read: the columns that tell it apart, and what each of its statuses means. */
type TableRules = {
  format: ResultFormat;
  /** One of each group is there. */
  needs: string[][];
  reference: string[];
  status: string[];
  amount: string[];
  currency: string[];
  bankReference: string[];
  reason: string[];
  outcomes: Record<string, Outcome>;
  /** Rows of other payments than ours, which are counted. */
  isOther?(row: ResultRow): boolean;
};

/** PayPal's payouts: of a batch's details, and of its API's items. */
const paypal: TableRules = {
  format: 'paypal',
  needs: [
    ['Payout Item ID', 'Transaction ID', 'payout_item_id', 'transaction_id'],
    ['Transaction Status', 'Status'],
    ['Unique ID', 'Sender Item ID', 'Customer ID'],
  ],
  reference: ['Unique ID', 'Sender Item ID', 'Customer ID'],
  status: ['Transaction Status', 'Status'],
  amount: ['Amount', 'Payout Amount', 'Amount Value'],
  currency: ['Currency', 'Payout Currency', 'Amount Currency'],
  bankReference: ['Transaction ID', 'Payout Item ID'],
  reason: ['Error Message', 'Errors Message', 'Error', 'Reason', 'Error Name'],
  outcomes: {
    ...{ SUCCESS: 'paid', COMPLETED: 'paid' },
    ...{ FAILED: 'failed', DENIED: 'failed', BLOCKED: 'failed', CANCELED: 'failed', CANCELLED: 'failed' },
    // It had left, and came back: nobody claimed it, or it was sent back.
    ...{ RETURNED: 'returned', REFUNDED: 'returned', REVERSED: 'returned' },
    ...{ PENDING: 'pending', UNCLAIMED: 'pending', ONHOLD: 'pending', NEW: 'pending', PROCESSING: 'pending' },
  },
};

/** Wise's history of transfers. What came in, or between own balances, is no payment of ours. */
const wise: TableRules = {
  format: 'wise',
  needs: [['ID'], ['Status'], ['Direction'], ['Reference']],
  reference: ['Reference'],
  status: ['Status'],
  // What arrived, as payees are paid whole; where Wise converts it is in another currency, and not compared.
  amount: ['Target amount (after fees)', 'Target amount'],
  currency: ['Target currency'],
  bankReference: ['ID'],
  reason: ['Note'],
  outcomes: {
    COMPLETED: 'paid',
    ...{ CANCELLED: 'failed', CANCELED: 'failed', FUNDSREFUNDED: 'failed', REFUNDED: 'failed' },
    ...{ BOUNCEDBACK: 'returned', CHARGEDBACK: 'returned' },
    ...{ INPROGRESS: 'pending', PROCESSING: 'pending', PENDING: 'pending', INCOMINGPAYMENTWAITING: 'pending' },
    ...{ OUTGOINGPAYMENTSENT: 'paid', FUNDSCONVERTED: 'pending' },
  },
  isOther: (row) => cellOf(row, 'Direction')?.toUpperCase() !== 'OUT' || cellOf(row, 'Reference') === null,
};

/** Our own form: `payoutId` or `reference`, `status`, and what of `amount`, `currency`, `bankReference`, `reason` is known. */
const generic: TableRules = {
  format: 'generic',
  needs: [
    ['payoutId', 'reference', 'endToEndId'],
    ['status', 'outcome'],
  ],
  reference: ['payoutId', 'endToEndId', 'reference'],
  status: ['status', 'outcome'],
  amount: ['amount'],
  currency: ['currency'],
  bankReference: ['bankReference', 'transactionId', 'txid', 'hash'],
  reason: ['reason', 'error', 'message'],
  outcomes: {
    ...{ PAID: 'paid', SETTLED: 'paid', SUCCESS: 'paid', COMPLETED: 'paid', CONFIRMED: 'paid', DONE: 'paid' },
    ...{ FAILED: 'failed', REJECTED: 'failed', ERROR: 'failed', CANCELLED: 'failed', CANCELED: 'failed' },
    RETURNED: 'returned',
    ...{ PENDING: 'pending', PROCESSING: 'pending' },
  },
};

/** In the order in which they are tried: each is told apart by columns that the ones after it lack. */
const TABLES: readonly TableRules[] = [wise, paypal, generic];

/** What a table of results says, by whichever form its columns have. Throws UnreadableResult with every row at fault. */
export function readTable(table: ResultTable, currency: string): ResultFile {
  const rules = TABLES.find(({ needs }) => needs.every((some) => some.some((name) => table.columns.has(nameOf(name)))));
  if (rules === undefined) throw new UnreadableResult([{ line: null, message: UNKNOWN_COLUMNS }]);
  const lines: ResultLine[] = [];
  const faults: FileFault[] = [];
  let others = 0;
  for (const row of table.rows) {
    if (rules.isOther?.(row) === true) {
      others += 1;
      continue;
    }
    const read = lineOf(row, rules, currency);
    if ('message' in read) faults.push(read);
    else lines.push(read);
  }
  if (faults.length > 0) throw new UnreadableResult(faults);
  return { format: rules.format, lines, all: null, others };
}

const UNKNOWN_COLUMNS =
  'its columns are of no known result: PayPal has Unique ID and Transaction Status, Wise has ID, Status, Direction and Reference, and any other ' +
  'table payoutId and status, with amount, currency, bankReference and reason';

function lineOf(row: ResultRow, rules: TableRules, currency: string): ResultLine | FileFault {
  const { line } = row;
  const reference = cellOf(row, ...rules.reference);
  const status = cellOf(row, ...rules.status);
  if (reference === null) return { line, message: 'no payout is named' };
  if (status === null) return { line, message: 'no status is given' };
  const meaning = nameOf(status).toUpperCase();
  const outcome = Object.hasOwn(rules.outcomes, meaning) ? rules.outcomes[meaning] : undefined;
  if (outcome === undefined) return { line, message: `the status ${quoted(status, 40)} is not known` };
  const amount = amountOf(row, rules, currency);
  if (typeof amount === 'object' && amount !== null) return { line, ...amount };
  const bankReference = cellOf(row, ...rules.bankReference);
  const reason = outcome === 'paid' || outcome === 'pending' ? null : cellOf(row, ...rules.reason);
  return { line, reference, outcome, amount, bankReference, reason };
}

/** Null where there is none to compare: the table has none, or Wise has converted it. */
function amountOf(row: ResultRow, rules: TableRules, currency: string): number | null | { message: string } {
  const text = cellOf(row, ...rules.amount);
  if (text === null) return null;
  const given = cellOf(row, ...rules.currency)?.toUpperCase() ?? currency;
  // A token that stands for the currency one to one: a wallet counts in it.
  const isTheSame = given === currency || (currency === 'USD' && given === 'USDT');
  if (!isTheSame) return rules.format === 'wise' ? null : { message: `the amount is not in ${currency}` };
  return resultAmount(text, currency) ?? { message: 'the amount is none' };
}
