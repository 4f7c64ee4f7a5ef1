import type { Affiliates } from '../affiliates/affiliates.ts';
import type { Invoices } from '../invoicing/invoices.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Orders } from '../orders/orders.ts';
import type { Wanted } from '../seals/proof.ts';
import type { Seals } from '../seals/seals.ts';
import { FORMAT, type Receipt, SOURCES, type SubjectKind } from './receipt.ts';
import { RULES } from './rules.ts';

/** What a receipt is asked for, and whom it concerns besides managers. */
export type Subject = { kind: SubjectKind; id: string; accountId: string };

/**
 * `isDayOver`: it leads to the last seal of a day, which is told outside; else to the newest one of today. `unsealed`,
 * `altered`: see `Proving`.
 */
export type Issued =
  | { kind: 'issued'; receipt: Receipt; isDayOver: boolean }
  | { kind: 'unsealed' }
  | { kind: 'altered' };

export type Receipts = ReturnType<typeof createReceipts>;

/** What follows the id in those of entries that belong to it. */
const ENTRIES: Partial<Record<SubjectKind, RegExp>> = {
  commission: /^(approved|corrected:\d+)$/,
  payout: /^(due|carried|failed|returned)$/,
};

/** Of more than this a receipt names the number and the hash alone. */
const MEMBERS_SHOWN = 20_000;

/** Receipts that people can check without us: what was decided of a thing, and the way from there to an anchor. */
export function createReceipts(deps: {
  seals: Pick<Seals, 'prove'>;
  invoices: Pick<Invoices, 'get'>;
  billedTransactions: (invoiceId: string) => Promise<string[]>;
  orders: Pick<Orders, 'get' | 'orderOfFan' | 'amountIds'>;
  affiliates: Pick<Affiliates, 'paidCommissions'> & {
    commissions: Pick<Affiliates['commissions'], 'get'>;
    payouts: Pick<Affiliates['payouts'], 'get'>;
  };
  ledger: Pick<Ledger, 'idsOf'>;
}) {
  const { affiliates } = deps;

  /** What an id names, of the things that there are receipts of; that of a fan's subscription names its order. */
  async function find(id: string, now: Date): Promise<Subject | null> {
    const invoice = await deps.invoices.get(id, now);
    if (invoice !== null) return { kind: 'invoice', id, accountId: invoice.modelId };
    const payout = await affiliates.payouts.get(id);
    if (payout !== null) return { kind: 'payout', id, accountId: payout.accountId };
    const order = (await deps.orders.get(id, now)) ?? (await orderOfFan(id, now));
    if (order !== null) return { kind: 'order', id: order.orderId, accountId: order.marketerId };
    const commission = await affiliates.commissions.get(id, now);
    return commission === null ? null : { kind: 'commission', id, accountId: commission.affiliateId };
  }

  async function orderOfFan(subscriptionId: string, now: Date) {
    const orderId = await deps.orders.orderOfFan(subscriptionId);
    return orderId === null ? null : deps.orders.get(orderId, now);
  }

  async function issue({ kind, id }: Subject): Promise<Issued> {
    const proving = await deps.seals.prove(await wantedOf(kind, id));
    if (proving.kind !== 'proven') return proving;
    const members = await membersOf(kind, id);
    const receipt: Receipt = {
      ...{ format: FORMAT, subject: { kind, id }, rule: RULES[kind] },
      ...(members.length === 0 || members.length > MEMBERS_SHOWN ? {} : { members }),
      proof: proving.proof,
    };
    return { kind: 'issued', receipt, isDayOver: proving.isDayOver };
  }

  async function wantedOf(kind: SubjectKind, id: string): Promise<Wanted> {
    const { document, group } = SOURCES[kind];
    const rest = ENTRIES[kind];
    const entries = rest === undefined ? [] : await deps.ledger.idsOf(`${kind}:${id}:`, rest);
    const amounts = kind === 'order' ? await deps.orders.amountIds(id) : [];
    return {
      documents: [
        { source: document, id },
        ...entries.map((entryId) => ({ source: 'ledger_entries', id: entryId })),
        ...amounts.map((amountId) => ({ source: 'order_amounts', id: amountId })),
      ],
      groups: group === undefined ? [] : [{ source: group, key: id }],
    };
  }

  async function membersOf(kind: SubjectKind, id: string): Promise<unknown[]> {
    if (kind === 'invoice') return deps.billedTransactions(id);
    if (kind !== 'payout') return [];
    return (await affiliates.paidCommissions(id)).map(({ commissionId, amount }) => [commissionId, amount]);
  }

  return { find, issue };
}
