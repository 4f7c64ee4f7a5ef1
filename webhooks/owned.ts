import type { LinkedAccount } from '../src/accounts/account.ts';
import type { Role } from '../src/events/catalogue.ts';
import type { ApiDeps } from './dependencies.ts';

/** What a request asks for: what is in its address, and in its query. */
export type Asked = { path: Readonly<Record<string, string>>; query: Readonly<Record<string, string>> };

export type OwnDeps = Pick<ApiDeps, 'invoices' | 'orders' | 'affiliates' | 'receipts' | 'clock'>;

type IsTheirs = (
  asked: Asked,
  account: Pick<LinkedAccount, 'accountId' | 'role'>,
  deps: OwnDeps,
) => boolean | Promise<boolean>;

/** The operations of a person, and whose each may be: a role that is not named may not call it at all. */
type Owned = { roles: readonly Role[]; isTheirs: IsTheirs };

const MODEL = ['model'] as const;
const MARKETER = ['marketer'] as const;
const AFFILIATE = ['affiliate'] as const;
/** A marketer's earnings are paid out as commissions are; and whoever was the one may have become the other. */
const EARNING = ['marketer', 'affiliate'] as const;
const ALL = ['model', 'marketer', 'affiliate'] as const;

const isOwnInvoice: IsTheirs = async ({ path: { id = '' } }, { accountId }, { invoices, clock }) =>
  (await invoices.get(id, clock.now()))?.modelId === accountId;

const isOwnOrder: IsTheirs = async ({ path: { id = '' } }, account, { orders, clock }) =>
  isPartyOf(account, await orders.get(id, clock.now()));

const isOwnPayout: IsTheirs = async ({ path: { id = '' } }, { accountId }, { affiliates }) =>
  (await affiliates.payouts.get(id))?.accountId === accountId;

const isOwnCommission: IsTheirs = async ({ path: { id = '' } }, { accountId }, { affiliates, clock }) =>
  (await affiliates.commissions.get(id, clock.now()))?.affiliateId === accountId;

const isSelf: IsTheirs = ({ path: { id } }, { accountId }) => id === accountId;

/** A ledger account of theirs, by its kind. */
const isOwnBalance: IsTheirs = ({ path: { account = '' } }, reader) => isBalanceOf(account, reader);

/** What moved a balance of theirs; of each entry they see no other's part (ownView.ts). */
const isOwnHistory: IsTheirs = ({ query: { account = '' } }, reader) => isBalanceOf(account, reader);

function isBalanceOf(account: string, { accountId, role }: Pick<LinkedAccount, 'accountId' | 'role'>): boolean {
  return BALANCES[role].some((kind) => account === `${kind}:${accountId}`);
}

const BALANCES: Readonly<Record<Role, readonly string[]>> = {
  model: ['model', 'credit', 'affiliate', 'marketer'],
  marketer: ['marketer', 'affiliate'],
  affiliate: ['affiliate', 'marketer'],
  manager: [],
};

/** A list is theirs by the filter that names them. */
const filteredBy =
  (field: string): IsTheirs =>
  ({ query }, { accountId }) =>
    query[field] === accountId;

/** Of an order one is the client and the other its marketer; the list is asked for as one of both. */
const ownOrders: IsTheirs = ({ query }, { accountId, role }) =>
  query[role === 'marketer' ? 'marketerId' : 'modelId'] === accountId;

/** As /receipt has it: the fans of an order are judged for its marketer. */
const isOwnReceipt: IsTheirs = async ({ path: { id = '' } }, { accountId }, { receipts, clock }) =>
  (await receipts.find(id, clock.now()))?.accountId === accountId;

/**
 * What a model, a marketer or an affiliate may call with a session of the console, by operationId, and when what is asked for is theirs.
 * They have no scope, so what does not stand here they may not call, and nothing here changes anything: they act by commands, as in
 * chat. What to add: a call on what is theirs alone; what its answer says of it (ownView.ts); and a test that says whose it is.
 *
 * One thing that is not theirs is answered as one that does not exist, by the same words; so a check reads the thing itself, and never
 * only what its id looks like.
 */
export const OWNED: Readonly<Record<string, Owned>> = {
  getMe: { roles: ALL, isTheirs: () => true },

  listInvoices: { roles: MODEL, isTheirs: filteredBy('modelId') },
  getInvoice: { roles: MODEL, isTheirs: isOwnInvoice },
  getInvoiceCsv: { roles: MODEL, isTheirs: isOwnInvoice },
  getInvoicePdf: { roles: MODEL, isTheirs: isOwnInvoice },
  getCreditNotePdf: { roles: MODEL, isTheirs: isOwnInvoice },
  getStanding: { roles: MODEL, isTheirs: isSelf },
  listTrustChanges: { roles: MODEL, isTheirs: isSelf },
  getForecast: { roles: MODEL, isTheirs: isSelf },

  listOrders: { roles: ['model', 'marketer'], isTheirs: ownOrders },
  getOrder: { roles: ['model', 'marketer'], isTheirs: isOwnOrder },
  listFans: { roles: ['model', 'marketer'], isTheirs: isOwnOrder },
  getMarketerQueue: { roles: MARKETER, isTheirs: isSelf },

  listCommissions: { roles: AFFILIATE, isTheirs: filteredBy('affiliateId') },
  getCommission: { roles: AFFILIATE, isTheirs: isOwnCommission },
  listPayouts: { roles: EARNING, isTheirs: filteredBy('accountId') },
  getPayout: { roles: EARNING, isTheirs: isOwnPayout },
  getPayoutCsv: { roles: EARNING, isTheirs: isOwnPayout },
  getPayoutPdf: { roles: EARNING, isTheirs: isOwnPayout },

  getBalance: { roles: ALL, isTheirs: isOwnBalance },
  listLedgerEntries: { roles: ALL, isTheirs: isOwnHistory },
  getReceipt: { roles: ALL, isTheirs: isOwnReceipt },
  // Everybody hears of what is theirs alone, whatever they ask for.
  listenLive: { roles: ALL, isTheirs: () => true },
};

function isPartyOf(
  { accountId, role }: Pick<LinkedAccount, 'accountId' | 'role'>,
  order: { modelId: string; marketerId: string } | null,
): boolean {
  return order !== null && (role === 'marketer' ? order.marketerId : order.modelId) === accountId;
}
