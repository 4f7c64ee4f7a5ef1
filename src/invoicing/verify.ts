import type { MinorUnits } from '../kernel/money.ts';
import { shareOf, sum } from '../kernel/money.ts';
import { type EntryDraft, hashOfDraft } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/journal.ts';
import { completionEntry, creditedEntry, type Invoice, modelAccount, outcomeOf, voidEntry } from './invoice.ts';
import { type InvoicingStore, type StoredInvoice, toInvoice } from './store.ts';

/**
 * Derives again what can be derived about invoices, and answers every difference as a line: the arithmetic of each, its
 * ledger entry, and that each transaction of a week that is closed is on exactly one invoice that is not void.
 */
export async function verifyInvoices(store: InvoicingStore, ledger: Ledger): Promise<string[]> {
  const differences: string[] = [];
  let waitingCredit: MinorUnits = 0;
  let billed = 0;
  for await (const stored of store.invoices.find({ status: { $ne: 'skipped' } })) {
    const invoice = toInvoice(stored);
    differences.push(...arithmetic(invoice), ...(await completion(invoice, ledger)));
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
  const expected: [string, MinorUnits, MinorUnits][] = [
    ['subtotal', invoice.subtotal, subtotal],
    ['discount', invoice.discount, subtotal > 0 ? shareOf(subtotal, invoice.discountBps) : 0],
    ['total', invoice.total, invoice.subtotal - invoice.discount - invoice.credit],
    ...invoice.lines.map((line): [string, MinorUnits, MinorUnits] => [
      `cost of ${line.campaignId} ${line.type}`,
      line.cost,
      shareOf(line.gross, line.rateBps),
    ]),
  ];
  return expected
    .filter(([, stored, derived]) => stored !== derived)
    .map(([what, stored, derived]) => `invoice ${invoice.invoiceId}: ${what} is ${stored}, not ${derived}`);
}

/** The ledger entry that ends an invoice, with its amounts and nothing else, stands behind its state. */
async function completion(invoice: Invoice, ledger: Ledger): Promise<string[]> {
  const entry = await ledger.outcome(bookOf(invoice), outcomeOf(invoice.invoiceId));
  const expected = endingOf(invoice);
  if (entry?._id !== expected?.entryId) {
    return [`invoice ${invoice.invoiceId} is ${invoice.status}, but its ledger entry is ${entry?._id ?? 'missing'}`];
  }
  if (expected === undefined || entry?.hash === hashOfDraft(expected)) return [];
  return [`invoice ${invoice.invoiceId}: its ledger entry moves other amounts`];
}

function bookOf(invoice: Invoice): string {
  return invoice.status === 'credited' ? creditedEntry(invoice).book : modelAccount(invoice.modelId);
}

function endingOf(invoice: Invoice): EntryDraft | undefined {
  switch (invoice.status) {
    case 'completed':
      return completionEntry(invoice, invoice.completedAt, '');
    case 'credited':
      return creditedEntry(invoice);
    case 'void':
      return voidEntry(invoice, invoice.voidedAt, { actor: '', reason: '' });
    default:
      return undefined;
  }
}

/** An invoice's transactions are all of its billing week, and add up to its lines. */
async function verifyMembers(store: InvoicingStore, invoice: StoredInvoice) {
  let count = 0;
  let booked = 0;
  const totals = new Map<string, [count: number, gross: MinorUnits]>();
  for await (const { transactionIds } of store.members.find({ key: invoice.membersKey })) {
    count += transactionIds.length;
    const here = { _id: { $in: transactionIds }, billingWeek: invoice.week };
    for await (const transaction of store.transactions.find(here)) {
      booked += 1;
      add(totals, transaction, 1, transaction.amount);
    }
  }
  const differences: string[] = [];
  if (booked !== count) {
    differences.push(`invoice ${invoice._id} has ${count} transactions, but ${booked} are booked for it`);
  }
  for (const line of invoice.lines) add(totals, line, -line.count, -line.gross);
  for (const [what, [more, gross]] of totals) {
    if (more === 0 && gross === 0) continue;
    differences.push(`invoice ${invoice._id}: ${what} has ${more} transactions and ${gross} more than its lines say`);
  }
  return { count, differences };
}

/** By campaign and type: a late version can still change a billed transaction's other terms, and its invoice stands. */
function add(
  totals: Map<string, [count: number, gross: MinorUnits]>,
  { campaignId, type }: { campaignId: string; type: string },
  count: number,
  gross: MinorUnits,
): void {
  const key = `${campaignId} ${type}`;
  const [before, sumBefore] = totals.get(key) ?? [0, 0];
  totals.set(key, [before + count, sumBefore + gross]);
}
