import { type Connection, Schema } from 'mongoose';

import { driverCollection } from '../database/collection.ts';
import type { OutgoingType } from '../events/outgoing.ts';

/** `due`: to be sent from `nextAt` on, as soon as it is the first of its subject. `parked`: given up until replayed. */
export const OUTGOING_STATES = ['due', 'delivered', 'parked'] as const;
export type OutgoingState = (typeof OUTGOING_STATES)[number];

/** A message to the platform. `_id` is the webhook id, so emitting twice is emitting once. */
export type OutgoingDocument = {
  _id: string;
  type: OutgoingType;
  subject: string;
  /** Effective time, as the body has it. */
  at: Date;
  /** The exact text that is signed and sent. */
  body: string;
  /** The service's clock when it was emitted. */
  emittedAt: Date;
  /** Its number among those of its subject, from 1 and without a gap; those from before there were numbers have none. */
  sequence?: number;
  /** Position among all messages, by the clock of whoever emitted it: lists follow it. */
  order: number;
  state: OutgoingState;
  /** By the service's clock. */
  nextAt: Date;
  /** How often it was sent, whatever came of it. */
  attempts: number;
  /** Failed tries since it was emitted or replayed, its own and those of messages that had to go before it. */
  failures: number;
  replays: number;
  error?: string;
  deliveredAt?: Date;
  parkedAt?: Date;
  /** Who is sending it, and until when nobody else may (the database's own time). */
  claim?: string;
  claimedUntil?: Date;
};

export const COLLECTION = 'outgoing_webhooks';

/**
 * In which order those of one subject are sent: by their numbers, and before these what was emitted before there were
 * numbers; what is sent once more after it was delivered or given up comes last.
 */
export const IN_ORDER = { replays: 1, sequence: 1, order: 1 } as const;

const OPTIONS = { versionKey: false, strict: 'throw', autoIndex: false, autoCreate: false } as const;

const outgoingSchema = new Schema<OutgoingDocument>(
  {
    _id: { type: String, required: true },
    type: { type: String, required: true },
    subject: { type: String, required: true },
    at: { type: Date, required: true },
    body: { type: String, required: true },
    emittedAt: { type: Date, required: true },
    sequence: Number,
    order: { type: Number, required: true },
    state: { type: String, enum: OUTGOING_STATES, required: true },
    nextAt: { type: Date, required: true },
    attempts: { type: Number, required: true },
    failures: { type: Number, required: true },
    replays: { type: Number, required: true },
    error: String,
    deliveredAt: Date,
    parkedAt: Date,
    claim: String,
    claimedUntil: Date,
  },
  OPTIONS,
)
  // Delivered messages are most of the collection by far, and sending needs none of these two indexes for them.
  .index({ nextAt: 1, order: 1 }, { partialFilterExpression: { state: 'due' } })
  .index({ subject: 1, ...IN_ORDER }, { partialFilterExpression: { state: 'due' } })
  // A number is taken once. The shard key is `subject`, so that it is unique in a sharded cluster, too.
  .index({ subject: 1, sequence: -1 }, { unique: true, partialFilterExpression: { sequence: { $exists: true } } })
  // The messages of a day.
  .index({ emittedAt: 1 })
  .index({ parkedAt: 1 }, { partialFilterExpression: { state: 'parked' } })
  .index({ state: 1, order: -1, _id: -1 })
  .index({ order: -1, _id: -1 });

/** The messages to the platform, on this connection, which must be open. */
export function createOutgoingStore(connection: Connection) {
  return driverCollection(connection.model<OutgoingDocument>('OutgoingWebhook', outgoingSchema, COLLECTION));
}
