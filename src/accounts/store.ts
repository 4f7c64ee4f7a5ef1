import { type Connection, Schema } from 'mongoose';
import { driverCollection } from '../database/collection.ts';
import type { Role } from '../events/catalogue.ts';
import { SEALED_INDEX } from '../seals/source.ts';
import type { Language } from '../texts/languages.ts';
import type { AccountVersion, Channel, Link } from './account.ts';
import type { Cadences } from './topics.ts';

/**
 * The version that holds, whole, with the account's id as its key. `role` is the owner's decision where one holds, else the
 * version's. `managersTold`: the managers know that this is one of them.
 */
export type AccountDocument = {
  _id: string;
  eventId: string;
  timestamp: Date;
  role: Role;
  /** The number of the owner's last decision about the role, and what it says; null: it was released. */
  decision?: { number: number; role: Role | null };
  managersTold?: true;
  /** What it is found by. */
  searchWords: string[];
  /** The service's clock when its person was erased: no version fills it again. */
  erasedAt?: Date;
  data: AccountVersion['data'];
};

/** Every version ever, stored for good (rules 0); its name is encrypted. */
export type AccountVersionDocument = {
  _id: string;
  accountId: string;
  timestamp: Date;
  data: AccountVersion['data'];
  /** Real time when it was written; those from before there were seals have none. */
  insertedAt?: Date;
};

/**
 * What the owner decided about a role, append only: the one with the greatest `number` holds, `role` null gives it back to
 * the platform's word. `_id` is the account and the number. `effectsPending`: what follows from it is still to be done.
 */
export type RoleDecisionDocument = {
  _id: string;
  accountId: string;
  number: number;
  role: Role | null;
  by: string;
  reason: string;
  at: Date;
  /** Real time when it was written; those from before there were seals have none. */
  insertedAt?: Date;
  effectsPending?: true;
};

/** `_id` is `telegram:4711`: a chat user speaks for one account at most. */
export type LinkDocument = Link & { _id: string };

/**
 * `_id` is the code's hash; an account has one at most. `usedBy` makes it of one use, from `usedAt` on; `expiresAt` is of
 * the service's clock.
 * `byOwner`: it may link a manager, too.
 */
export type LinkCodeDocument = {
  _id: string;
  accountId: string;
  expiresAt: Date;
  byOwner: boolean;
  usedBy?: string;
  /** While it is being used: since when, in which chat, and the account that the chat moves from. */
  usedAt?: Date;
  usedIn?: { chatId: string; movedFrom?: string };
  storedAt: Date;
};

/** `_id` is the chat user; times are real. */
export type LinkAttemptsDocument = { _id: string; attempts: number; since: Date };

/** `_id` is the account's id; only the person's own choices are here. */
export type SettingsDocument = {
  _id: string;
  language?: Language;
  channel?: Channel | 'both';
  quiet?: { from: string; until: string };
  cadences?: Cadences;
  digest?: 'off';
};

/**
 * `_id` is the account's id: something had to be told that person, and no chat took it, `since` that instant. Gone as soon as
 * a chat does. `pendingEffects`: managers and the platform are still to be told.
 */
export type UnreachedDocument = { _id: string; since: Date; pendingEffects?: true };

const OPTIONS = { versionKey: false, strict: 'throw', autoIndex: false, autoCreate: false } as const;
const DAY_SECONDS = 86_400;

const accountSchema = new Schema<AccountDocument>(
  {
    _id: { type: String, required: true },
    eventId: { type: String, required: true },
    timestamp: { type: Date, required: true },
    role: { type: String, required: true },
    decision: { type: new Schema({ number: Number, role: String }, { _id: false }) },
    managersTold: { type: Boolean },
    searchWords: { type: [String], required: true },
    erasedAt: Date,
    data: { type: Schema.Types.Mixed, required: true },
  },
  OPTIONS,
)
  .index({ role: 1, _id: 1 })
  .index({ role: 1, searchWords: 1 })
  .index({ searchWords: 1 });

const versionSchema = new Schema<AccountVersionDocument>(
  {
    _id: { type: String, required: true },
    accountId: { type: String, required: true },
    timestamp: { type: Date, required: true },
    data: { type: Schema.Types.Mixed, required: true },
    insertedAt: Date,
  },
  OPTIONS,
)
  .index({ accountId: 1, timestamp: 1 })
  // In the order in which they were written, to be sealed.
  .index(...SEALED_INDEX);

const roleDecisionSchema = new Schema<RoleDecisionDocument>(
  {
    _id: { type: String, required: true },
    accountId: { type: String, required: true },
    number: { type: Number, required: true },
    role: { type: String, default: null },
    by: { type: String, required: true },
    reason: { type: String, required: true },
    at: { type: Date, required: true },
    insertedAt: Date,
    effectsPending: { type: Boolean },
  },
  OPTIONS,
)
  .index({ accountId: 1, number: -1 })
  // In the order in which they were written, to be sealed.
  .index(...SEALED_INDEX)
  .index({ effectsPending: 1 }, { partialFilterExpression: { effectsPending: true } });

const linkSchema = new Schema<LinkDocument>(
  {
    _id: { type: String, required: true },
    accountId: { type: String, required: true },
    channel: { type: String, required: true },
    userId: { type: String, required: true },
    chatId: { type: String, required: true },
    ref: { type: String, required: true },
    linkedAt: { type: Date, required: true },
    locale: { type: String },
    unreachable: { type: new Schema({ reason: String, since: Date }, { _id: false }) },
  },
  OPTIONS,
)
  .index({ accountId: 1 })
  .index({ 'unreachable.since': 1, _id: 1 }, { partialFilterExpression: { unreachable: { $exists: true } } });

// Codes expire by the service's clock, which may stand in another year than the database's; so the database's own
// cleaning goes by the real time of storing, and only long after nobody needs the code.
const linkCodeSchema = new Schema<LinkCodeDocument>(
  {
    _id: { type: String, required: true },
    accountId: { type: String, required: true },
    expiresAt: { type: Date, required: true },
    byOwner: { type: Boolean, required: true },
    usedBy: { type: String },
    usedAt: { type: Date },
    usedIn: { type: new Schema({ chatId: String, movedFrom: String }, { _id: false }) },
    storedAt: { type: Date, required: true },
  },
  OPTIONS,
)
  .index({ accountId: 1 }, { unique: true })
  .index({ usedAt: 1 }, { partialFilterExpression: { usedAt: { $exists: true } } })
  .index({ storedAt: 1 }, { expireAfterSeconds: DAY_SECONDS });

const linkAttemptsSchema = new Schema<LinkAttemptsDocument>(
  {
    _id: { type: String, required: true },
    attempts: { type: Number, required: true },
    since: { type: Date, required: true },
  },
  OPTIONS,
).index({ since: 1 }, { expireAfterSeconds: DAY_SECONDS });

const settingsSchema = new Schema<SettingsDocument>(
  {
    _id: { type: String, required: true },
    language: { type: String },
    channel: { type: String },
    quiet: { type: new Schema({ from: String, until: String }, { _id: false }) },
    cadences: { type: Schema.Types.Mixed },
    digest: { type: String },
  },
  OPTIONS,
);

const unreachedSchema = new Schema<UnreachedDocument>(
  { _id: { type: String, required: true }, since: { type: Date, required: true }, pendingEffects: { type: Boolean } },
  OPTIONS,
)
  .index({ since: 1, _id: 1 })
  .index({ pendingEffects: 1 }, { partialFilterExpression: { pendingEffects: true } });

/**
 * `_id` is the chat user: the name that links of it have, also for a month after it is unlinked, so that one person who changes the
 * account is known to be one where two have to approve. `storedAt` is real.
 */
export type ChatRefDocument = { _id: string; ref: string; storedAt: Date };

const chatRefSchema = new Schema<ChatRefDocument>(
  {
    _id: { type: String, required: true },
    ref: { type: String, required: true },
    storedAt: { type: Date, required: true },
  },
  OPTIONS,
).index({ storedAt: 1 }, { expireAfterSeconds: 30 * DAY_SECONDS });

export type AccountStore = ReturnType<typeof createAccountStore>;

/** The collections of accounts and their chat links, on this connection, which must be open. */
export function createAccountStore(connection: Connection) {
  return {
    accounts: driverCollection(connection.model<AccountDocument>('Account', accountSchema, 'accounts')),
    versions: driverCollection(
      connection.model<AccountVersionDocument>('AccountVersion', versionSchema, 'account_versions'),
    ),
    roleDecisions: driverCollection(
      connection.model<RoleDecisionDocument>('RoleDecision', roleDecisionSchema, 'role_decisions'),
    ),
    links: driverCollection(connection.model<LinkDocument>('ChatLink', linkSchema, 'chat_links')),
    refs: driverCollection(connection.model<ChatRefDocument>('ChatRef', chatRefSchema, 'chat_refs')),
    codes: driverCollection(connection.model<LinkCodeDocument>('LinkCode', linkCodeSchema, 'link_codes')),
    settings: driverCollection(
      connection.model<SettingsDocument>('AccountSettings', settingsSchema, 'account_settings'),
    ),
    unreached: driverCollection(
      connection.model<UnreachedDocument>('UnreachedAccount', unreachedSchema, 'unreached_accounts'),
    ),
    attempts: driverCollection(
      connection.model<LinkAttemptsDocument>('LinkAttempts', linkAttemptsSchema, 'link_attempts'),
    ),
  };
}
