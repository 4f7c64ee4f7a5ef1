import { type Connection, Schema } from 'mongoose';

import type { Channel } from '../accounts/account.ts';
import { driverCollection } from '../database/collection.ts';
import type { NoticeContent } from './messages/noticeContent.ts';
import type { Gathering } from './messages/traits.ts';

/**
 * `due`: to be sent from `notBefore` (the service's clock) and `retryAt` (real time) on. `sending`: handed to the
 * channel, by the `sender` named. `unconfirmed`: its sender died in between, or the channel did not answer, so nobody knows
 * whether the person has it; not sent again. `moot`: no longer true, or nobody's concern any more, so it was not sent. `undeliverable`: the person cannot be reached. `failed`: given up after too many tries.
 */
export type DeliveryState = 'due' | 'sending' | 'sent' | 'unconfirmed' | 'moot' | 'undeliverable' | 'failed';

/** One notice for one chat. `_id` is the notice's key and the chat user, so enqueuing twice is enqueuing once. */
export type DeliveryDocument = {
  _id: string;
  accountId: string;
  channel: Channel;
  userId: string;
  chatId: string;
  content: NoticeContent;
  urgent: boolean;
  at: Date;
  enqueuedAt: Date;
  notBefore: Date;
  /** What it is about, when that can end. */
  subject?: string;
  /** The key of an earlier notice whose message this one replaces. */
  replaces?: string;
  /** From this instant of the service's clock on it is moot. */
  expiresAt?: Date;
  /** Position among all deliveries: a person reads what happened in its order. */
  order: number;
  /** Who caused it; the chat that they acted from is not told. */
  actor?: string;
  /** For every chat of the person, whichever they chose. */
  toAllChats?: true;
  state: DeliveryState;
  failures: number;
  throttles: number;
  retryAt?: Date;
  /** When it was stored, in real time: one that was stored long ago may be out of season. */
  storedAt?: Date;
  /** When it arrived, by the service's clock. */
  sentAt?: Date;
  /** What follows from its arrival is still to be done. */
  pendingEffects?: true;
  sender?: string;
  messageId?: string;
  /** Of a message that takes several, how many have arrived. */
  parts?: number;
  /** It was told where all managers read, in one message with others of this name. */
  shared?: string;
  error?: string;
};

/**
 * A notice that waits for its time, of nobody's chat yet: whose it is, and what that person wants, is read when it is due.
 * `gathered`: it is told with others of its topic or kind. `members`: of a digest, the notices that it tells of. `released`: on its way.
 */
export type WaitingDocument = Pick<
  DeliveryDocument,
  | 'accountId'
  | 'content'
  | 'urgent'
  | 'at'
  | 'enqueuedAt'
  | 'notBefore'
  | 'order'
  | 'subject'
  | 'replaces'
  | 'expiresAt'
  | 'actor'
  | 'toAllChats'
> & { _id: string; state: 'waiting' | 'released' | 'moot'; gathered?: Gathering; members?: string[] };

export const DELIVERIES = 'notice_deliveries';
export const WAITING = 'waiting_notices';

const OPTIONS = { versionKey: false, strict: 'throw', autoIndex: false, autoCreate: false } as const;

const deliverySchema = new Schema<DeliveryDocument>(
  {
    _id: { type: String, required: true },
    accountId: { type: String, required: true },
    channel: { type: String, required: true },
    userId: { type: String, required: true },
    chatId: { type: String, required: true },
    content: { type: Schema.Types.Mixed, required: true },
    urgent: { type: Boolean, required: true },
    at: { type: Date, required: true },
    enqueuedAt: { type: Date, required: true },
    notBefore: { type: Date, required: true },
    subject: String,
    replaces: String,
    expiresAt: Date,
    order: { type: Number, required: true },
    actor: String,
    toAllChats: Boolean,
    state: { type: String, required: true },
    failures: { type: Number, required: true },
    throttles: { type: Number, required: true },
    retryAt: Date,
    storedAt: Date,
    sentAt: Date,
    pendingEffects: Boolean,
    sender: String,
    messageId: String,
    parts: Number,
    shared: String,
    error: String,
  },
  OPTIONS,
)
  .index({ channel: 1, state: 1, chatId: 1, order: 1, notBefore: 1, retryAt: 1 })
  .index({ accountId: 1, order: 1 })
  .index({ state: 1, notBefore: 1 })
  .index({ subject: 1, state: 1 }, { partialFilterExpression: { subject: { $exists: true } } })
  .index({ pendingEffects: 1 }, { partialFilterExpression: { pendingEffects: true } })
  .index({ shared: 1 }, { partialFilterExpression: { shared: { $exists: true } } });

const waitingSchema = new Schema<WaitingDocument>(
  {
    _id: { type: String, required: true },
    accountId: { type: String, required: true },
    content: { type: Schema.Types.Mixed, required: true },
    urgent: { type: Boolean, required: true },
    at: { type: Date, required: true },
    enqueuedAt: { type: Date, required: true },
    notBefore: { type: Date, required: true },
    order: { type: Number, required: true },
    subject: String,
    replaces: String,
    expiresAt: Date,
    actor: String,
    toAllChats: Boolean,
    state: { type: String, required: true },
    gathered: String,
    members: { type: [String], default: undefined },
  },
  OPTIONS,
)
  .index({ state: 1, notBefore: 1, order: 1 })
  .index({ accountId: 1, state: 1, gathered: 1, notBefore: 1 })
  .index({ subject: 1, state: 1 }, { partialFilterExpression: { subject: { $exists: true } } });

export type NoticeStore = ReturnType<typeof createNoticeStore>;

/** The outbox of notices, a document for each chat, on this connection, which must be open. */
export function createNoticeStore(connection: Connection) {
  return driverCollection(connection.model<DeliveryDocument>('NoticeDelivery', deliverySchema, DELIVERIES));
}

export type WaitingStore = ReturnType<typeof createWaitingStore>;

/** Notices that wait for their time, on this connection, which must be open. */
export function createWaitingStore(connection: Connection) {
  return driverCollection(connection.model<WaitingDocument>('WaitingNotice', waitingSchema, WAITING));
}
