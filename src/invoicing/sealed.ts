import { groupBy } from '../kernel/group.ts';
import { hashOf } from '../kernel/ids.ts';
import { canonicalJson } from '../kernel/json.ts';
import { type SealSource, sealSource } from '../seals/source.ts';
import type { InvoiceMembers, InvoicingStore } from './store.ts';

/** Of an invoice is sealed what its insert fixes: the bill, and which transactions it is made of. What becomes of it changes. */
export function sealedInvoices({ invoices, members }: Pick<InvoicingStore, 'invoices' | 'members'>): SealSource {
  async function faults(ids: readonly string[]): Promise<Map<string, string>> {
    const found = await invoices
      .find({ _id: { $in: [...ids] }, members: { $exists: true } }, { projection: { members: 1, membersKey: 1 } })
      .toArray();
    const pages = await members.find({ key: { $in: found.map(({ membersKey }) => membersKey) } }).toArray();
    const pagesByKey = groupBy(pages, ({ key }) => key);
    const wrong = found.filter((invoice) => {
      const transactionIds = inOrder(pagesByKey.get(invoice.membersKey) ?? []).flatMap((page) => page.transactionIds);
      return membersOf(transactionIds).hash !== invoice.members?.hash;
    });
    return new Map(wrong.map(({ _id }) => [_id, 'it is not made of the transactions that it was made of']));
  }

  return sealSource({
    name: 'invoices',
    collection: invoices,
    fields: [
      ...(['modelId', 'week', 'issuedAt', 'dueAt', 'lines', 'members'] as const),
      ...(['subtotal', 'discountBps', 'discount', 'credit', 'total'] as const),
    ],
    content: ({
      modelId,
      week,
      issuedAt,
      dueAt,
      lines,
      subtotal,
      discountBps,
      discount,
      credit,
      total,
      members: of,
    }) => ({
      ...{ modelId, week, issuedAt, dueAt, lines, subtotal, discountBps, discount, credit, total },
      members: of,
    }),
    faults,
  });
}

/** How many transactions an invoice is made of, and the hash of their ids in their order. */
export function membersOf(transactionIds: readonly string[]): { count: number; hash: string } {
  return { count: transactionIds.length, hash: hashOf(canonicalJson(transactionIds)) };
}

/** The transactions that an invoice is made of, in the order in which they are sealed. */
export async function billedTransactions(
  { invoices, members }: Pick<InvoicingStore, 'invoices' | 'members'>,
  invoiceId: string,
): Promise<string[]> {
  const invoice = await invoices.findOne(
    { _id: invoiceId, members: { $exists: true } },
    { projection: { membersKey: 1 } },
  );
  const pages = invoice === null ? [] : await members.find({ key: invoice.membersKey }).toArray();
  return inOrder(pages).flatMap(({ transactionIds }) => transactionIds);
}

function inOrder(pages: readonly InvoiceMembers[]): InvoiceMembers[] {
  return [...pages].sort((one, other) => numberOf(one) - numberOf(other));
}

function numberOf({ _id }: InvoiceMembers): number {
  return Number(_id.slice(_id.lastIndexOf('#') + 1));
}
