import type { mongo } from 'mongoose';
import type { Chat } from '../accounts/erasing.ts';
import { deleteEvery, updateEvery } from '../database/everyDocument.ts';
import { ERASED_TEXT } from '../privacy/texts.ts';

/** Whose traces go: the account, and the chats that it ever wrote or was written to in. */
export type Person = { accountId: string; chats: Chat[] };

/**
 * What becomes of a collection when a person is erased (docs/decisions/0025 says what each has).
 * `nothing`: ids, amounts and states, and the pseudonym is enough. `encrypted`: unreadable with the secret of the account.
 * `slice`: the slice that owns it deletes or overwrites it. `scrub`: this does.
 */
type Treatment = 'nothing' | 'encrypted' | 'slice' | Scrub;
type Scrub = (collection: Stored, person: Person, database: mongo.Db) => Promise<unknown>;
/** Whatever else a document has, its id is a text. */
type Stored = mongo.Collection<{ _id: string } & Record<string, unknown>>;

/**
 * Every collection there is; a test holds this list to the models. Erasing crosses all of them, as migrations do, so it goes by
 * their names and not through their slices.
 */
export const INVENTORY: Readonly<Record<string, Treatment>> = {
  account_settings: 'slice',
  accounts: 'slice',
  chat_links: 'slice',
  link_attempts: 'slice',
  link_codes: 'slice',
  unreached_accounts: 'slice',

  // Sealed as they are stored: nothing of them is ever changed.
  account_versions: 'encrypted',
  adjustments: 'encrypted',
  audit_records: 'encrypted',
  campaigns: 'encrypted',
  events: 'encrypted',
  ledger_entries: 'encrypted',
  outgoing_webhooks: 'encrypted',
  payout_holds: 'encrypted',
  role_decisions: 'encrypted',
  scope_decisions: 'encrypted',
  standing_decisions: 'encrypted',

  // Those of the account itself; its names and texts in what others are told are encrypted.
  notice_deliveries: async (notices, { accountId }, database) => {
    await deleteEvery(notices, { accountId });
    for (const { _id } of await contactsOf(database, accountId)) {
      await deleteEvery(notices, { _id: { $gte: `contact:${_id}>`, $lt: `contact:${_id}?` } });
    }
  },
  waiting_notices: async (notices, { accountId }, database) => {
    await deleteEvery(notices, { accountId });
    const ids = (await contactsOf(database, accountId)).map(({ _id }) => `contact:${_id}`);
    await deleteEvery(notices, { _id: { $in: ids } });
  },
  // After the two before it, which find by it what was told.
  contacts: (contacts, { accountId }) => deleteEvery(contacts, between(accountId)),
  // Also the questions whether a chat is to move, which are the chat user's: they name the account that it moves from or to.
  command_confirmations: (questions, { accountId, chats }) =>
    deleteEvery(questions, {
      $or: [
        ...[{ accountId }, { subject: accountId }, { subject: endingWith(accountId) }],
        { accountId: { $in: chats.flatMap(chatUsers) } },
        { command: 'link', reason: new RegExp(`(^| )${escaped(accountId)}( |$)`) },
      ],
    }),
  api_answers: (answers, { accountId }) =>
    updateEvery(
      answers,
      { 'answer.body': naming(accountId) },
      { $set: { 'answer.body': JSON.stringify({ erased: true }) } },
    ),
  long_commands: async (commands, { chats }) => {
    for (const { userId } of chats) {
      await deleteEvery(commands, { command: new RegExp(`(telegram|discord):${escaped(userId)}(\\s|$)`) });
    }
  },
  // Also those of chats that were unlinked before.
  chat_refs: (refs, { chats }) => deleteEvery(refs, { _id: { $in: chats.flatMap(chatUsers) } }),
  discord_channels: async (channels, { chats }) => {
    for (const { userId } of chats) await deleteEvery(channels, { _id: endingWith(userId) });
  },
  // What a person wrote is deleted as soon as it is handled; this is what was not yet.
  telegram_updates: (updates, { chats }) =>
    deleteEvery(updates, { chatId: { $in: chats.flatMap(({ userId, chatId }) => [userId, chatId]) } }),
  approval_requests: (requests, { accountId }) => overwrite(requests, { subject: endingWith(accountId) }, 'note'),
  invoices: async (invoices, { accountId: modelId }) => {
    for (const field of ['voidReason', 'writeOffReason', 'reference']) await overwrite(invoices, { modelId }, field);
  },
  payouts: async (payouts, { accountId }) => {
    await overwrite(payouts, { accountId }, 'reason');
    await overwrite(payouts, { accountId }, 'reference');
    await overwrite(payouts, { accountId }, 'returned.reason');
    await overwrite(payouts, { accountId }, 'returned.reference');
  },
  // What a bank said of a payment; the file itself is not stored.
  payout_result_pages: (pages, { accountId }) =>
    pages.updateMany(
      { 'acts.accountId': accountId },
      { $set: { 'acts.$[one].reason': ERASED_TEXT, 'acts.$[one].reference': ERASED_TEXT } },
      { arrayFilters: [{ 'one.accountId': accountId }] },
    ),
  promises: (promises, { accountId: modelId }) => overwrite(promises, { modelId }, 'refusal.reason'),
  payout_batches: (batches, { accountId }) =>
    batches.updateMany(
      { 'excluded.accountId': accountId },
      { $set: { 'excluded.$[one].reason': ERASED_TEXT } },
      { arrayFilters: [{ 'one.accountId': accountId }] },
    ),
  orders: (orders, { accountId }) => eraseReasons(orders, { $or: [{ modelId: accountId }, { marketerId: accountId }] }),

  // Hashes, for minutes.
  console_init_data: 'nothing',
  console_links: (links, { accountId }) => deleteEvery(links, { accountId }),
  // The network that one came from, and what its browser is.
  console_sessions: (sessions, { accountId }) => deleteEvery(sessions, { accountId }),

  // Encrypted with the secret of the account, too: the rest of it is a number, and who changed it.
  payees: (payees, { accountId }) => deleteEvery(payees, { _id: accountId }),

  agenda_jobs: 'nothing',
  // Names of keys; the network that one was used from last.
  api_keys: 'nothing',
  attributions: 'nothing',
  cancellations: 'nothing',
  commissions: 'nothing',
  commit_probes: 'nothing',
  // Numbers and ids.
  document_numbers: 'nothing',
  // Roles and zones, of nobody.
  digest_rounds: 'nothing',
  erasures: 'nothing',
  invoice_members: 'nothing',
  invoice_reminders: 'nothing',
  invoicing_cycles: 'nothing',
  job_runs: 'nothing',
  key_revision: 'nothing',
  leases: 'nothing',
  ledger_checkpoints: 'nothing',
  migrations: 'nothing',
  order_amounts: 'nothing',
  order_fans: 'nothing',
  // Which payouts a file pays; where to is in none.
  payment_files: 'nothing',
  payments: 'nothing',
  payout_batch_lines: 'nothing',
  payout_cycles: 'nothing',
  // Secrets of nobody, under keys of the environment.
  payee_secrets: 'nothing',
  payout_members: 'nothing',
  // Sums and hashes; what is said of a payment is in their pages.
  payout_result_drafts: 'nothing',
  payout_results: 'nothing',
  // The secret itself: it is replaced, and the old one deleted, before anything of this.
  personal_keys: 'nothing',
  program_versions: 'nothing',
  refund_declines: 'nothing',
  refund_requests: 'nothing',
  refunds: 'nothing',
  seal_admissions: 'nothing',
  seal_anchors: 'nothing',
  // Hashes, of what is stored encrypted, and ids.
  seals: 'nothing',
  // Sums and counts, by day and the ids of marketers.
  series_points: 'nothing',
  service_clock: 'nothing',
  shadow_weeks: 'nothing',
  standings: 'nothing',
  // Ids and amounts of Stripe's.
  stripe_payments: 'nothing',
  stripe_refunds: 'nothing',
  subscriptions: 'nothing',
  transactions: 'nothing',
  // Names of ledger accounts, which are ids, and sums.
  trial_balance_pages: 'nothing',
  trial_balances: 'nothing',
  unreached_invoices: 'nothing',
  // What it was about, without a word of it.
  withheld_messages: 'nothing',
};

/** Deletes or overwrites, one collection after the other, what was stored of a person in clear. Done again it finds nothing. */
export async function scrubAll(database: mongo.Db, person: Person): Promise<void> {
  for (const [name, treatment] of Object.entries(INVENTORY)) {
    if (typeof treatment === 'function') await treatment(database.collection(name), person, database);
  }
}

/** The chats that were written to for an account, also those that are unlinked since; not those that are others' by now. */
export async function chatsWrittenTo(database: mongo.Db, accountId: string): Promise<Chat[]> {
  const chats = database
    .collection('notice_deliveries')
    .aggregate<{ _id: Chat }>([
      { $match: { accountId } },
      { $group: { _id: { userId: '$userId', chatId: '$chatId' } } },
    ]);
  const found = (await chats.toArray()).map(({ _id }) => _id);
  const names = found.flatMap(chatUsers);
  const links: Stored = database.collection('chat_links');
  const ofOthers = await links.find({ _id: { $in: names }, accountId: { $ne: accountId } }).toArray();
  const others = new Set(ofOthers.map(({ userId }) => userId));
  return found.filter(({ userId }) => !others.has(userId));
}

/** One of both is the name of a chat's user: which of the channels it is in is not remembered. */
function chatUsers({ userId }: Chat): string[] {
  return [`telegram:${userId}`, `discord:${userId}`];
}

function contactsOf(database: mongo.Db, accountId: string): Promise<{ _id: string }[]> {
  const contacts: Stored = database.collection('contacts');
  return contacts.find(between(accountId), { projection: { _id: 1 } }).toArray();
}

function between(accountId: string) {
  return { $or: [{ fromId: accountId }, { toId: accountId }] };
}

async function overwrite(collection: Stored, filter: Record<string, unknown>, field: string): Promise<void> {
  await updateEvery(
    collection,
    { ...filter, [field]: { $exists: true, $ne: ERASED_TEXT } },
    { $set: { [field]: ERASED_TEXT } },
  );
}

/**
 * The reasons that people gave, wherever an order has them; what it was stopped or refused by stays, and for how long it was idle,
 * which is the service's own word.
 */
async function eraseReasons(orders: Stored, filter: Record<string, unknown>): Promise<void> {
  const isText = { $and: [{ $eq: [{ $type: '$$this.reason' }, 'string'] }, { $ne: ['$$this.kind', 'idle'] }] };
  const erased = { $cond: [isText, { $mergeObjects: ['$$this', { reason: ERASED_TEXT }] }, '$$this'] };
  const reasons = { $map: { input: '$reasons', in: erased } };
  const given = { $elemMatch: { reason: { $type: 'string', $ne: ERASED_TEXT }, kind: { $ne: 'idle' } } };
  await updateEvery(orders, { ...filter, reasons: given }, [{ $set: { reasons } }]);
  await overwrite(orders, filter, 'stopping.reason');
}

/** An id at the end of a longer one, as `2026-W47:m1`. */
function endingWith(id: string): RegExp {
  return new RegExp(`:${escaped(id)}$`);
}

/** A JSON text that has an id, or a longer one that ends with it. */
function naming(id: string): RegExp {
  return new RegExp(`[":]${escaped(id)}"`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
