import type { Cents } from '../kernel/money.ts';
import { shareOf, sum } from '../kernel/money.ts';
import type { Ledger } from '../ledger/journal.ts';
import { completionEntry, creditedEntry, type Invoice, modelAccount, outcomeOf, voidEntry } from './invoice.ts';
import { toInvoice } from './invoices.ts';
import type { RevshareStore, StoredInvoice } from './store.ts';

/**
 * Derives again what can be derived about invoices, and answers every difference as a line: the arithmetic of each, its
 * ledger entry, and that each transaction of a week that is closed is on exactly one invoice that is not void.
 */
export async function verifyInvoices(store: RevshareStore, ledger: Ledger): Promise<string[]> {
  const differences: string[] = [];
  let waitingCredit: Cents = 0;
  let billed = 0;
  for await (const stored of store.invoices.find({ status: { $ne: 'skipped' } })) {
    const invoice = toInvoice(stored);
    differences.push(...arithmetic(invoice), ...(await ending(invoice, ledger)));
    if (invoice.status === 'void') continue;
    const members = await verifyMembers(store, stored);
    billed += members.count;
    differences.push(...members.differences);
    if (invoice.status === 'open') waitingCredit += invoice.credit;
  }
  const through = (await store.cycles.findOne({ _id: 'cursor' }))?.through ?? '';
  const closed = await store.transactions.countDocuments({ billingWeek: { $lte: through } });
  if (closed !== billed) {
    differences.push(`${closed} transactions belong to weeks up to ${through}, but ${billed} are on invoices`);
  }
  const held = await ledger.balance('platform:invoiced');
  if (held !== waitingCredit) {
    differences.push(`platform:invoiced holds ${held}, the open invoices took ${waitingCredit} of credit`);
  }
  return differences;
}

function arithmetic(invoice: Invoice): string[] {
  const subtotal = sum(invoice.lines.map((line) => line.cost));
  const expected: [string, Cents, Cents][] = [
    ['subtotal', invoice.subtotal, subtotal],
    ['discount', invoice.discount, subtotal > 0 ? shareOf(subtotal, invoice.discountBps) : 0],
    ['total', invoice.total, invoice.subtotal - invoice.discount - invoice.credit],
    ...invoice.lines.map((line): [string, Cents, Cents] => [
      `cost of ${line.campaignId} ${line.type}`,
      line.cost,
      shareOf(line.gross, line.rateBps),
    ]),
  ];
  return expected
    .filter(([, stored, derived]) => stored !== derived)
    .map(([what, stored, derived]) => `invoice ${invoice.invoiceId}: ${what} is ${stored}, not ${derived}`);
}

/** The ledger entry that ends an invoice, and nothing else, stands behind its state. */
async function ending(invoice: Invoice, ledger: Ledger): Promise<string[]> {
  const entry = await ledger.outcome(bookOf(invoice), outcomeOf(invoice.invoiceId));
  const expected = expectedEnding(invoice);
  if (entry?._id === expected) return [];
  return [`invoice ${invoice.invoiceId} is ${invoice.status}, but its ledger entry is ${entry?._id ?? 'missing'}`];
}

function bookOf(invoice: Invoice): string {
  return invoice.status === 'credited' ? creditedEntry(invoice).book : modelAccount(invoice.modelId);
}

function expectedEnding(invoice: Invoice): string | undefined {
  switch (invoice.status) {
    case 'completed':
      return completionEntry(invoice, invoice.completedAt, '').entryId;
    case 'credited':
      return creditedEntry(invoice).entryId;
    case 'void':
      return voidEntry(invoice, invoice.voidedAt, { actor: '', reason: '' }).entryId;
    default:
      return undefined;
  }
}

/** An invoice's transactions are all booked for its week, and as many as its lines count. */
async function verifyMembers(store: RevshareStore, invoice: StoredInvoice) {
  let count = 0;
  const differences: string[] = [];
  for await (const page of store.members.find({ key: invoice.membersKey })) {
    const here = { _id: { $in: page.transactionIds }, billingWeek: invoice.week };
    const found = await store.transactions.countDocuments(here);
    count += page.transactionIds.length;
    if (found !== page.transactionIds.length) {
      differences.push(
        `invoice ${invoice._id} has ${page.transactionIds.length} transactions on a page, ${found} are booked for it`,
      );
    }
  }
  const counted = sum(invoice.lines.map((line) => line.count));
  if (counted !== count)
    differences.push(`invoice ${invoice._id}: lines count ${counted} transactions, it has ${count}`);
  return { count, differences };
}
