import type { LinkedAccount } from '../src/accounts/account.ts';

/** What is left of a body: the whole of it, or of an object, or of each object in a list, the fields that are named. */
export type Fields = true | { readonly [name: string]: Fields };

type Reader = Pick<LinkedAccount, 'accountId' | 'role'>;
type Body = Readonly<Record<string, unknown>>;
/** `more` decides by what else stands in it, of each thing that is answered. */
type View = { fields: Fields; more?: (body: Body, reader: Reader) => Body };

function named(names: string, more: Record<string, Fields> = {}): Record<string, Fields> {
  return { ...Object.fromEntries(names.split(/\s+/).map((name) => [name, true as const])), ...more };
}

const INVOICE = named(
  `invoiceId modelId week status issuedAt dueAt completedAt lines subtotal discountBps discount credit total parts number creditNote
  reference paidAt voidReason writtenOffAt writeOffReason contractorsPaid promise modelName`,
);
const STANDING = named(
  `modelId campaigns cplOrders trustScore tier terminationReview terminated overdue paidOnTime invoices reasons because
  recommendedMaxQuantity`,
);
const ORDER = named(
  `orderId modelId modelName marketerId marketerName offerId status position delivered quantity pricePerFan prepaid chunkSize autoRenew paid owed escrow
  placedAt respondBy acceptedAt startedAt startedBy endedAt campaignId link renewalOf renewedBy notRenewedBecause renewalBlockers
  reasons because client`,
);
/** Not who the fan is. */
const FAN = named('subscriptionId startedAt judgedAt verdict number');
const COMMISSION = named(
  `commissionId kind affiliateId affiliateName subscriptionId paymentId programId amount status paidAt holdUntil approvedAt payoutId payday
  refundRequested reverses rejectedFor`,
);
/** Of what holds it, until when and why, as /why says; not who does. */
const PAYOUT = named(
  `payoutId cycle carriedTo accountId name amount parts status count drawnAt processingAt endedAt reference reason number returned items`,
  { held: named('until reason') },
);
const ENTRY = named('entryId postings effectiveAt recordedAt reverses balanceAfter cause');

function listOf(item: Record<string, Fields>): Record<string, Fields> {
  return { items: item, next: true };
}

/**
 * What an answer says to whoever is in the console and no manager, by operationId: no more than the chat tells them. What is not named
 * here is left out, so a new field is shown to nobody until somebody has decided that; a test names the fields that are decided.
 */
export const OWN_VIEWS: Readonly<Record<string, View>> = {
  getMe: { fields: true },
  listInvoices: { fields: listOf(INVOICE) },
  getInvoice: { fields: INVOICE },
  getStanding: { fields: STANDING },
  listTrustChanges: { fields: listOf(named('at cause subject change score')) },
  getForecast: { fields: { now: STANDING, steps: true } },

  listOrders: { fields: listOf(ORDER), more: withoutClient },
  getOrder: { fields: ORDER, more: withoutClient },
  getMarketerQueue: {
    fields: named('marketerId capacity counts fansByWeek', { running: ORDER, queued: ORDER, toAnswer: ORDER }),
    more: withoutClients,
  },
  listFans: { fields: listOf(FAN) },

  listCommissions: { fields: listOf(COMMISSION) },
  getCommission: { fields: COMMISSION },
  listPayouts: { fields: listOf(PAYOUT) },
  getPayout: { fields: PAYOUT },

  getBalance: { fields: named('account name balance') },
  listLedgerEntries: { fields: listOf(ENTRY), more: ownPostings },
  // A proof is whole, or none.
  getReceipt: { fields: true },
};

/** The body as its reader sees it. */
export function ownView(operationId: string, body: unknown, reader: Reader): unknown {
  const { fields = {}, more } = OWN_VIEWS[operationId] ?? {};
  const shown = kept(body, fields);
  return more === undefined ? shown : eachIn(shown, (one) => more(one, reader));
}

function kept(value: unknown, fields: Fields): unknown {
  if (fields === true || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((one) => kept(one, fields));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const of = fields[name];
      return of === undefined ? [] : [[name, kept(inner, of)]];
    }),
  );
}

/** Of a list each item, or else the one thing that is answered. */
function eachIn(body: unknown, change: (one: Body) => Body): unknown {
  if (typeof body !== 'object' || body === null) return body;
  if (!('items' in body) || !Array.isArray(body.items)) return change(body as Body);
  return { ...body, items: body.items.map(change) };
}

/** How a client stands says whether to accept their order, and nothing more once it is answered. */
function withoutClient(body: Body, { role }: Reader): Body {
  const { client: _, ...rest } = body;
  return role === 'marketer' && body.status !== 'placed' ? rest : body;
}

function withoutClients(body: Body, reader: Reader): Body {
  const lists = Object.entries(body).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map((one: Body) => withoutClient(one, reader)) : value,
  ]);
  return Object.fromEntries(lists) as Body;
}

/** What an entry moved for others is for those to see. */
function ownPostings(body: Body, { accountId }: Reader): Body {
  const postings = (body.postings as { account: string }[]).filter(({ account }) => {
    return (
      account.slice(account.indexOf(':') + 1) === accountId && OWN_KINDS.has(account.slice(0, account.indexOf(':')))
    );
  });
  return { ...body, postings };
}

const OWN_KINDS: ReadonlySet<string> = new Set(['model', 'credit', 'marketer', 'affiliate']);
