import { formatMoney, type MinorUnits } from '../kernel/money.ts';

/** Something that is not settled with an account: how many there are, or which. */
export type OpenItem =
  | { kind: 'balance'; account: string; amount: MinorUnits }
  | { kind: 'invoices' | 'transactions' | 'orders' | 'owed' | 'commissions' | 'payouts'; count: number }
  | { kind: 'events'; eventIds: string[] };

export type OpenItemSources = {
  balances(accounts: string[]): Promise<Map<string, MinorUnits>>;
  invoicing(accountId: string): Promise<{ invoices: number; transactions: number }>;
  orders(accountId: string): Promise<{ orders: number; owed: number }>;
  affiliates(accountId: string): Promise<{ commissions: number; payouts: number }>;
  pendingEvents(accountId: string): Promise<string[]>;
};

const LEDGER_KINDS = ['model', 'credit', 'marketer', 'affiliate'];

/** Why the person of an account cannot be erased yet: money, or events, that somebody would have to ask them about. */
export async function openItemsOf(sources: OpenItemSources, accountId: string): Promise<OpenItem[]> {
  const [balances, invoicing, orders, affiliates, eventIds] = await Promise.all([
    sources.balances(LEDGER_KINDS.map((kind) => `${kind}:${accountId}`)),
    sources.invoicing(accountId),
    sources.orders(accountId),
    sources.affiliates(accountId),
    sources.pendingEvents(accountId),
  ]);
  const counts = { ...invoicing, ...orders, ...affiliates };
  return [
    ...[...balances].flatMap(([account, amount]): OpenItem[] =>
      amount === 0 ? [] : [{ kind: 'balance', account, amount }],
    ),
    ...COUNTED.flatMap((kind): OpenItem[] => (counts[kind] === 0 ? [] : [{ kind, count: counts[kind] }])),
    ...(eventIds.length === 0 ? [] : [{ kind: 'events' as const, eventIds }]),
  ];
}

const COUNTED = ['invoices', 'transactions', 'orders', 'owed', 'commissions', 'payouts'] as const;

/** An item as somebody reads it who has to settle it. */
export function openItemWords(item: OpenItem, currency: string): string {
  if (item.kind === 'balance') return `the balance of ${item.account}, ${formatMoney(item.amount, currency)}`;
  if (item.kind === 'events') return `events that are not applied: ${item.eventIds.join(', ')}`;
  return `${WORDS[item.kind]}: ${item.count}`;
}

const WORDS: Record<(typeof COUNTED)[number], string> = {
  invoices: 'unpaid invoices',
  transactions: 'transactions that are on no invoice yet',
  orders: 'orders that are not over',
  owed: 'amounts of orders that are owed',
  commissions: 'commissions that are not paid',
  payouts: 'payouts that are not paid',
};
