import { mongo } from 'mongoose';

import { isEncryptedText } from '../privacy/texts.ts';

/** One thing, as `kind:id`, and what would become of it: of a change the fields that differ alone. */
export type SimulatedChange = {
  subject: string;
  action: 'added' | 'changed' | 'removed';
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
};
export type SimulatedPosting = { entryId: string; account: string; amount: number };
/** What goes on from there by itself. */
export type SimulatedThen = {
  woken: { eventId: string; type: string; status: string }[];
  invoices: { modelId: string; week: string }[];
  webhooks: { type: string; subject: string }[];
  notices: { accountId: string; kind: string }[];
};
export type SimulatedEffects = {
  changes: SimulatedChange[];
  postings: SimulatedPosting[];
  then: SimulatedThen;
  /** How many more there are of each than are listed. */
  more: { changes: number; postings: number; following: number };
};

type StoredChange = {
  collection: string;
  id: unknown;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
};

/** So many of each are listed; the others are counted. */
const LISTED = 100;

/** What the documents of these collections are, in the words of the API; others go by the name of their collection, without their fields. */
const KINDS: Readonly<Record<string, string>> = {
  accounts: 'account',
  campaigns: 'campaign',
  subscriptions: 'subscription',
  attributions: 'attribution',
  cancellations: 'cancellation',
  payments: 'payment',
  refunds: 'refund',
  refund_requests: 'refundRequest',
  refund_declines: 'refundDecline',
  program_versions: 'program',
  transactions: 'transaction',
  invoices: 'invoice',
  orders: 'order',
  order_fans: 'fan',
  order_amounts: 'orderAmount',
  commissions: 'commission',
  payouts: 'payout',
  payees: 'payee',
  payout_holds: 'hold',
  promises: 'promise',
  standings: 'standing',
  events: 'event',
};

/** How the work is done, and none of the business. */
const BOOKKEEPING = new Set([
  'leases',
  'commit_probes',
  'ledger_checkpoints',
  'personal_keys',
  'payee_secrets',
  'key_revision',
  'audit_records',
  'shadow_weeks',
]);
const TOLD = new Set(['outgoing_webhooks', 'notice_deliveries', 'waiting_notices', 'withheld_messages']);

/** Says in the words of the API what would be stored otherwise, in the order in which it would be written. */
export function effectsOf(stored: readonly StoredChange[], eventId: string): SimulatedEffects {
  const of = (...names: string[]) => stored.filter(({ collection }) => names.includes(collection));
  const added = (...names: string[]) => addedTo(stored, ...names);
  const changes = stored.filter(
    ({ collection, id }) =>
      !BOOKKEEPING.has(collection) &&
      !TOLD.has(collection) &&
      collection !== 'ledger_entries' &&
      (collection !== 'events' || id === eventId),
  );
  const postings = postingsOf(stored);
  const woken = of('events').flatMap(({ id, after }) =>
    id === eventId || after === null
      ? []
      : [{ eventId: String(id), type: String(after.type), status: String(after.status) }],
  );
  const invoices = added('transactions').flatMap(({ after: { modelId, billingWeek: week } }) =>
    typeof modelId === 'string' && typeof week === 'string' ? [{ modelId, week }] : [],
  );
  const webhooks = added('outgoing_webhooks').map(({ after }) => ({
    type: String(after.type),
    subject: String(after.subject),
  }));
  const notices = added('notice_deliveries', 'waiting_notices').map(({ after }) => ({
    accountId: String(after.accountId),
    kind: String((after.content as { kind?: unknown } | undefined)?.kind),
  }));
  const told = { woken, invoices: distinct(invoices), webhooks, notices: distinct(notices) };
  return {
    changes: changes.slice(0, LISTED).map(changeOf),
    postings: postings.slice(0, LISTED),
    // biome-ignore lint/suspicious/noThenProperty: it is the word for it, and no promise.
    then: {
      woken: told.woken.slice(0, LISTED),
      invoices: told.invoices.slice(0, LISTED),
      webhooks: told.webhooks.slice(0, LISTED),
      notices: told.notices.slice(0, LISTED),
    },
    more: {
      changes: unlisted(changes),
      postings: unlisted(postings),
      following: Object.values(told).reduce((all, list) => all + unlisted(list), 0),
    },
  };
}

/** Everything that the ledger would get. */
export function postingsOf(stored: readonly StoredChange[]): SimulatedPosting[] {
  return addedTo(stored, 'ledger_entries').flatMap(({ id, after }) =>
    (after.postings as { account: string; amount: number }[]).map(({ account, amount }) => ({
      ...{ entryId: String(id), account, amount },
    })),
  );
}

function addedTo(stored: readonly StoredChange[], ...names: string[]) {
  return stored.flatMap(({ collection, id, before, after }) =>
    names.includes(collection) && before === null && after !== null ? [{ id, after }] : [],
  );
}

function changeOf({ collection, id, before: was, after: is }: StoredChange): SimulatedChange {
  const subject = `${KINDS[collection] ?? collection}:${idOf(id)}`;
  // What is not named above has fields that nobody has looked at; those of payees are for nobody who only looks.
  const isTold = collection in KINDS && collection !== 'payees';
  const [before, after] = isTold ? [was, is] : [was && {}, is && {}];
  if (before === null) return { subject, action: 'added', before, after: shown(after, fieldsOf(after)) };
  if (after === null) return { subject, action: 'removed', before: shown(before, fieldsOf(before)), after };
  const differing = [...new Set([...fieldsOf(before), ...fieldsOf(after)])].filter(
    (field) => mongo.BSON.EJSON.stringify([before[field]]) !== mongo.BSON.EJSON.stringify([after[field]]),
  );
  return { subject, action: 'changed', before: shown(before, differing), after: shown(after, differing) };
}

function idOf(id: unknown): string {
  return typeof id === 'string' ? id : mongo.BSON.EJSON.stringify(id);
}

/** When it is written by real time says nothing of the business. */
const UNTOLD = new Set(['_id', 'insertedAt', 'storedAt', 'nextAt', 'order', 'revision', 'searchWords']);

function fieldsOf(document: Record<string, unknown> | null): string[] {
  return Object.keys(document ?? {})
    .filter((field) => !UNTOLD.has(field))
    .sort();
}

/** As JSON has it; a field that is not there is null. What is encrypted is left out. */
function shown(document: Record<string, unknown> | null, fields: readonly string[]): Record<string, unknown> {
  const told = fields.filter((field) => !isEncrypted(document?.[field]));
  return Object.fromEntries(told.map((field) => [field, plain(document?.[field])]));
}

function isEncrypted(value: unknown): boolean {
  return value instanceof mongo.Binary;
}

function plain(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  return JSON.parse(JSON.stringify(value, (_, one) => (isUnreadable(one) ? '…' : one)));
}

function isUnreadable(value: unknown): boolean {
  return typeof value === 'string' ? isEncryptedText(value) : Object(value)._bsontype !== undefined;
}

function distinct<T>(list: T[]): T[] {
  return [...new Map(list.map((one) => [JSON.stringify(one), one])).values()];
}

function unlisted(list: readonly unknown[]): number {
  return Math.max(0, list.length - LISTED);
}
