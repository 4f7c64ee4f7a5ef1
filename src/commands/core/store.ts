import { type Connection, Schema } from 'mongoose';

import { driverCollection } from '../../database/collection.ts';

/** A question that a person has to confirm. `_id` is the hash of the token that the button carries, `reason` every word after `subject`. */
export type ConfirmationDocument = {
  _id: string;
  command: string;
  accountId: string;
  subject: string;
  reason: string;
  expiresAt: Date;
  storedAt: Date;
};

/** A message between people. `awaiting`: that chat user is writing the reply. */
export type ContactDocument = {
  _id: string;
  fromId: string;
  toId: string;
  text: string;
  replyTo?: string;
  at: Date;
  awaiting?: { user: string; until: Date };
};

const DAY_SECONDS = 86_400;

// They expire by the service's clock; the database's own cleaning goes by the real time of storing, much later.
const confirmationSchema = new Schema<ConfirmationDocument>(
  {
    _id: { type: String, required: true },
    command: { type: String, required: true },
    accountId: { type: String, required: true },
    subject: { type: String, required: true },
    reason: { type: String, required: true },
    expiresAt: { type: Date, required: true },
    storedAt: { type: Date, required: true },
  },
  { versionKey: false, strict: 'throw', autoIndex: false, autoCreate: false },
).index({ storedAt: 1 }, { expireAfterSeconds: DAY_SECONDS });

const contactSchema = new Schema<ContactDocument>(
  {
    _id: { type: String, required: true },
    fromId: { type: String, required: true },
    toId: { type: String, required: true },
    text: { type: String, required: true },
    replyTo: String,
    at: { type: Date, required: true },
    awaiting: { type: new Schema({ user: String, until: Date }, { _id: false }) },
  },
  { versionKey: false, strict: 'throw', autoIndex: false, autoCreate: false },
)
  .index({ fromId: 1, toId: 1, at: -1 })
  .index({ 'awaiting.user': 1 }, { partialFilterExpression: { 'awaiting.user': { $exists: true } } });

/** The messages between people, on this connection, which must be open. */
export function createContactStore(connection: Connection) {
  return driverCollection(connection.model<ContactDocument>('Contact', contactSchema, 'contacts'));
}

/** The questions that wait for confirmation, on this connection, which must be open. */
export function createCommandStore(connection: Connection) {
  return driverCollection(
    connection.model<ConfirmationDocument>('CommandConfirmation', confirmationSchema, 'command_confirmations'),
  );
}
