import type { WrittenFields as Written } from '../seals/source.ts';
import type { Change, Topic } from './change.ts';

/** What the documents of a collection say has changed, as they are written. */
export type Feed = { topics: readonly Topic[]; fields: readonly string[]; changesOf: (written: Written) => Change[] };

/**
 * The collections that are written once and in order, each with what its documents say; by the names of what is sealed. Together they
 * have every change of state: what moves money is an entry, what a person did is in the audit trail.
 */
export const FEEDS: Readonly<Record<string, Feed>> = {
  invoices: {
    topics: ['invoices', 'standing'],
    fields: ['modelId'],
    changesOf: ({ id, at, fields: { modelId } }) => [
      { topic: 'invoices', subject: `invoice:${id}`, at, about: ids(modelId) },
      standingOf(modelId, at),
    ],
  },
  promises: {
    topics: ['invoices', 'standing'],
    fields: ['invoiceId', 'modelId'],
    changesOf: ({ at, fields: { invoiceId, modelId } }) => [
      { topic: 'invoices', subject: `invoice:${String(invoiceId)}`, at, about: ids(modelId) },
      standingOf(modelId, at),
    ],
  },
  standing_decisions: {
    topics: ['standing'],
    fields: ['modelId'],
    changesOf: ({ at, fields: { modelId } }) => [standingOf(modelId, at)],
  },
  orders: {
    topics: ['orders'],
    fields: ['modelId', 'marketerId'],
    changesOf: ({ id, at, fields }) => [
      { topic: 'orders', subject: `order:${id}`, at, about: ids(fields.modelId, fields.marketerId) },
    ],
  },
  order_amounts: {
    topics: ['orders'],
    fields: ['orderId', 'modelId', 'marketerId'],
    changesOf: ({ at, fields }) => [
      {
        topic: 'orders',
        subject: `order:${String(fields.orderId)}`,
        at,
        about: ids(fields.modelId, fields.marketerId),
      },
    ],
  },
  order_fans: {
    topics: ['fans'],
    fields: ['orderId'],
    changesOf: ({ at, fields }) => [{ topic: 'fans', subject: `order:${String(fields.orderId)}`, at, about: [] }],
  },
  commissions: {
    topics: ['commissions'],
    fields: ['affiliateId'],
    changesOf: ({ id, at, fields }) => [
      { topic: 'commissions', subject: `commission:${id}`, at, about: ids(fields.affiliateId) },
    ],
  },
  payouts: {
    topics: ['payouts'],
    fields: ['accountId'],
    changesOf: ({ id, at, fields }) => [
      { topic: 'payouts', subject: `payout:${id}`, at, about: ids(fields.accountId) },
    ],
  },
  account_versions: {
    topics: ['accounts'],
    fields: ['accountId'],
    changesOf: ({ at, fields: { accountId } }) => [accountChange(accountId, at)],
  },
  role_decisions: {
    topics: ['accounts'],
    fields: ['accountId'],
    changesOf: ({ at, fields: { accountId } }) => [accountChange(accountId, at)],
  },
  ledger_entries: {
    topics: ['ledger', 'invoices', 'standing', 'orders', 'commissions', 'payouts'],
    fields: ['postings.account', 'book'],
    changesOf: entryChanges,
  },
  audit_records: {
    topics: ['accounts', 'cycles', 'events', 'invoices', 'orders', 'payouts', 'webhooks', 'standing'],
    fields: ['subject'],
    changesOf: actChanges,
  },
};

/** Whose ledger accounts these are is in their names. */
const PERSONAL = /^(?:model|credit|marketer|affiliate):(.+)$/;

function entryChanges({ id, at, fields }: Written): Change[] {
  const posted = Array.isArray(fields.postings) ? fields.postings.map(({ account }) => String(account)) : [];
  const accounts = [...new Set([String(fields.book), ...posted])];
  const owners = accounts.flatMap((account) => PERSONAL.exec(account)?.[1] ?? []);
  const about = [...new Set(owners)];
  const movements = accounts
    .filter((account) => PERSONAL.test(account))
    .map((account): Change => ({ topic: 'ledger', subject: account, at, about: ids(PERSONAL.exec(account)?.[1]) }));
  return [...movements, ...causeChanges(id, at, about)];
}

/** What an entry is of: its id begins with that, and ends with what became of it. */
function causeChanges(entryId: string, at: Date, about: string[]): Change[] {
  const [kind = ''] = entryId.split(':', 1);
  if (kind === 'invoice' || kind === 'payout') {
    // `invoice:2026-W47:m1:completed`: an account's id may have colons of its own.
    const period = entryId.split(':', 2).join(':');
    return about
      .filter((accountId) => entryId.startsWith(`${period}:${accountId}:`))
      .flatMap((accountId): Change[] => {
        const own = { subject: `${period}:${accountId}`, at, about: [accountId] };
        return kind === 'payout'
          ? [{ topic: 'payouts', ...own }]
          : [{ topic: 'invoices', ...own }, standingOf(accountId, at)];
      });
  }
  const order = /^(order:.+?):(?:amount:\d+|[a-z-]+)$/.exec(entryId)?.[1];
  if (order !== undefined) return [{ topic: 'orders', subject: order, at, about }];
  const commission = /^(commission:.+?):(?:approved|corrected:\d+)$/.exec(entryId)?.[1];
  return commission === undefined ? [] : [{ topic: 'commissions', subject: commission, at, about }];
}

/** What an act was about: a subject is `kind:id`. */
function actChanges({ at, fields }: Written): Change[] {
  const subject = String(fields.subject);
  const [kind = ''] = subject.split(':', 1);
  const id = subject.slice(kind.length + 1);
  const topic = TOPIC_OF[kind];
  if (topic === undefined) return [];
  const own = kind === 'account' || kind === 'payee' ? id : /^(?:invoice|payout):[^:]+:(.+)$/.exec(subject)?.[1];
  const change = { topic, subject, at, about: ids(own) };
  // A grace, a review: the account is the model's.
  return kind === 'account' ? [change, standingOf(id, at)] : [change];
}

const TOPIC_OF: Record<string, Topic | undefined> = {
  ...{ account: 'accounts', chat: 'accounts', key: 'accounts', cycle: 'cycles', event: 'events' },
  ...{ invoice: 'invoices', order: 'orders', payout: 'payouts', webhook: 'webhooks' },
};

function standingOf(modelId: unknown, at: Date): Change {
  return { topic: 'standing', subject: `account:${String(modelId)}`, at, about: ids(modelId) };
}

function accountChange(accountId: unknown, at: Date): Change {
  return { topic: 'accounts', subject: `account:${String(accountId)}`, at, about: ids(accountId) };
}

function ids(...values: unknown[]): string[] {
  return values.filter((value) => typeof value === 'string');
}
