import { type Connection, Schema } from 'mongoose';

import type { Channel } from '../accounts/account.ts';
import { driverCollection } from '../database/collection.ts';
import type { StoredSecret } from '../rights/apiKey.ts';
import type { Cause } from './ending.ts';

/**
 * A link into the console; `_id` is the hash of its token. `expiresAt` is of the service's clock, `storedAt` is real: whichever is over
 * first ends it. It is kept longer than the session that it makes, since its second use is to be known as one.
 */
export type LinkDocument = {
  _id: string;
  /** As `chatUser` names them: whom it was made for. */
  user: string;
  channel: Channel;
  userId: string;
  accountId: string;
  expiresAt: Date;
  storedAt: Date;
  /** Nobody has used it, and no later one has taken its place. */
  isLive?: true;
  /** The session that its first use has made. */
  usedBy?: string;
  /** Its second use, which ended that. */
  stolenAt?: Date;
};

/** How a session was opened. */
export type Way = 'link' | 'telegram';

/**
 * A session: whom it stands for, never what they may do. `_id` names it to people and opens nothing. The first of `secrets` is in force,
 * the others were rotated. `expiresAt` and `storedAt` as those of a link.
 */
export type SessionDocument = {
  _id: string;
  accountId: string;
  channel: Channel;
  userId: string;
  /** The chat link that it stands on: another one, of the same person too, is another reason to be let in. */
  ref: string;
  linkedAt: Date;
  way: Way;
  secrets: StoredSecret[];
  openedAt: Date;
  rotatedAt: Date;
  /** To the minute. */
  lastUsedAt: Date;
  expiresAt: Date;
  storedAt: Date;
  network: string;
  agent: string;
  /** It opens nothing any more, and the trail is still to say so. */
  ended?: { cause: Cause; by: string; at: Date };
};

const OPTIONS = { versionKey: false, strict: 'throw', autoIndex: false, autoCreate: false } as const;
const DAY_SECONDS = 86_400;

// The database cleans by the real time of storing, and only long after nobody can use what it deletes.
const linkSchema = new Schema<LinkDocument>(
  {
    _id: { type: String, required: true },
    user: { type: String, required: true },
    channel: { type: String, required: true },
    userId: { type: String, required: true },
    accountId: { type: String, required: true },
    expiresAt: { type: Date, required: true },
    storedAt: { type: Date, required: true },
    isLive: { type: Boolean },
    usedBy: { type: String },
    stolenAt: Date,
  },
  OPTIONS,
)
  .index({ user: 1 }, { unique: true, partialFilterExpression: { isLive: true } })
  .index({ user: 1, storedAt: 1 })
  .index({ accountId: 1 })
  .index({ storedAt: 1 }, { expireAfterSeconds: DAY_SECONDS });

const sessionSchema = new Schema<SessionDocument>(
  {
    _id: { type: String, required: true },
    accountId: { type: String, required: true },
    channel: { type: String, required: true },
    userId: { type: String, required: true },
    ref: { type: String, required: true },
    linkedAt: { type: Date, required: true },
    way: { type: String, required: true },
    secrets: { type: Schema.Types.Mixed, required: true },
    openedAt: { type: Date, required: true },
    rotatedAt: { type: Date, required: true },
    lastUsedAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    storedAt: { type: Date, required: true },
    network: { type: String, required: true },
    agent: { type: String, required: true },
    ended: { type: new Schema({ cause: String, by: String, at: Date }, { _id: false }) },
  },
  OPTIONS,
)
  .index({ 'secrets.fingerprint': 1 })
  .index({ accountId: 1, openedAt: 1 })
  .index({ expiresAt: 1 })
  .index({ 'ended.at': 1 }, { partialFilterExpression: { 'ended.at': { $exists: true } } })
  .index({ storedAt: 1 }, { expireAfterSeconds: 7 * DAY_SECONDS });

export type ConsoleStore = ReturnType<typeof createConsoleStore>;

/** The links into the console and its sessions, on this connection, which must be open. */
export function createConsoleStore(connection: Connection) {
  return {
    links: driverCollection(connection.model<LinkDocument>('ConsoleLink', linkSchema, 'console_links')),
    sessions: driverCollection(connection.model<SessionDocument>('ConsoleSession', sessionSchema, 'console_sessions')),
  };
}
