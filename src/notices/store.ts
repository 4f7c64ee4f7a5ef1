import { type Connection, Schema } from 'mongoose';

import type { Channel } from '../accounts/account.ts';
import { driverCollection } from '../database/collection.ts';
import type { NoticeContent } from './messages/notice.ts';

/**
 * `due`: to be sent from `notBefore` (the service's clock) and `retryAt` (real time) on. `sending`: handed to the
 * channel, by the `sender` named. `unconfirmed`: its sender died in between, so nobody knows whether the person has it;
 * never sent again. `moot`: no longer true, so it was not sent. `undeliverable`: the person cannot be reached. `failed`: given up after too many tries.
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
  state: DeliveryState;
  failures: number;
  throttles: number;
  retryAt?: Date;
  sender?: string;
  messageId?: string;
  error?: string;
};

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
    state: { type: String, required: true },
    failures: { type: Number, required: true },
    throttles: { type: Number, required: true },
    retryAt: Date,
    sender: String,
    messageId: String,
    error: String,
  },
  OPTIONS,
)
  .index({ channel: 1, state: 1, chatId: 1, order: 1, notBefore: 1, retryAt: 1 })
  .index({ accountId: 1, order: 1 })
  .index({ state: 1, notBefore: 1 })
  .index({ subject: 1, state: 1 }, { partialFilterExpression: { subject: { $exists: true } } });

export type NoticeStore = ReturnType<typeof createNoticeStore>;

/** The outbox of notices, on this connection, which must be open. */
export function createNoticeStore(connection: Connection) {
  return driverCollection(connection.model<DeliveryDocument>('NoticeDelivery', deliverySchema, 'notice_deliveries'));
}
