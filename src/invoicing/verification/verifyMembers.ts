import { wordOf } from '../../events/verifyFacts.ts';
import type { Calendar } from '../../kernel/calendar.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { LineSum } from '../invoice.ts';
import type { InvoicingStore, StoredInvoice, StoredTransaction } from '../store.ts';

type Sum = { count: number; gross: MinorUnits; late: number };

/** An invoice's transactions are all of its model and billing week, and add up to its lines. */
export async function verifyMembers(
  store: InvoicingStore,
  invoice: StoredInvoice,
  calendar: Pick<Calendar, 'weekPeriod'>,
): Promise<{ count: number; differences: string[] }> {
  const { start } = calendar.weekPeriod(invoice.week);
  const left: Sums = { whole: new Map(), coarse: new Map() };
  let count = 0;
  let booked = 0;
  for await (const { transactionIds } of store.members.find({ key: invoice.membersKey })) {
    count += transactionIds.length;
    const here = { _id: { $in: transactionIds }, billingWeek: invoice.week };
    for await (const transaction of store.transactions.find(here)) {
      booked += 1;
      add(left, transaction, { count: 1, gross: transaction.amount, late: transaction.occurredAt < start ? 1 : 0 });
    }
  }
  for (const line of invoice.lines) {
    add(left, line, { count: -line.count, gross: -line.gross, late: -line.late });
  }
  const isBooked = booked === count;
  return {
    count,
    differences: [
      ...(isBooked ? [] : [`invoice ${invoice._id} has ${count} transactions, but ${booked} are booked for it`]),
      ...coarseDifferences(invoice, left.coarse),
      ...(await lineDifferences(store, invoice, left)),
    ],
  };
}

/** What the transactions have more than the lines: by a line's whole terms, and by campaign and type alone. */
type Sums = { whole: Map<string, Sum>; coarse: Map<string, Sum> };

type Terms = Pick<StoredTransaction, 'campaignId' | 'contractorId' | 'rateBps' | 'type'>;

function add({ whole, coarse }: Sums, terms: Terms | LineSum, more: Sum): void {
  const { campaignId, contractorId, rateBps, type } = terms;
  addTo(whole, wordOf({ campaignId, contractorId, rateBps, type }), more);
  addTo(coarse, `${campaignId} ${type}`, more);
}

function addTo(sums: Map<string, Sum>, key: string, more: Sum): void {
  const { count, gross, late } = sums.get(key) ?? { count: 0, gross: 0, late: 0 };
  sums.set(key, { count: count + more.count, gross: gross + more.gross, late: late + more.late });
}

function coarseDifferences({ _id }: StoredInvoice, coarse: Sums['coarse']): string[] {
  return [...coarse]
    .filter(([, { count, gross, late }]) => count !== 0 || gross !== 0 || late !== 0)
    .map(([what, { count, gross, late }]) =>
      late === 0
        ? `invoice ${_id}: ${what} has ${count} transactions and ${gross} more than its lines say`
        : `invoice ${_id}: ${what} has ${count} transactions and ${gross} more than its lines say, and ${late} more late`,
    );
}

/**
 * Contractor and rate of a line are those of its transactions. A version of the campaign that came while the invoice was
 * issued can have changed these since, and the invoice stands; then they are those of another version.
 */
async function lineDifferences(store: InvoicingStore, invoice: StoredInvoice, { whole }: Sums): Promise<string[]> {
  const isOff = [...whole.values()].some(({ count, gross }) => count !== 0 || gross !== 0);
  if (!isOff) return [];
  const ids = [...new Set(invoice.lines.map(({ campaignId }) => campaignId))];
  const campaigns = new Map((await store.campaigns.find({ _id: { $in: ids } }).toArray()).map((one) => [one._id, one]));
  return invoice.lines.flatMap(({ campaignId, contractorId, rateBps, type }) => {
    const versions = campaigns.get(campaignId)?.versions ?? [];
    const isOne = versions.some(
      (version) =>
        version.modelId === invoice.modelId && version.contractorId === contractorId && version.rateBps === rateBps,
    );
    if (isOne) return [];
    return [
      `invoice ${invoice._id}: its line of ${campaignId} ${type} is ${contractorId}'s at ${rateBps}, as no version of the campaign says`,
    ];
  });
}
