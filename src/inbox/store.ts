import { type Connection, type mongo, Schema } from 'mongoose';

import { driverCollection } from '../database/collection.ts';

const EVENT_STATES = ['received', 'waiting', 'applied', 'ignored', 'quarantined'] as const;
export type EventState = (typeof EVENT_STATES)[number];

/** Why an event is quarantined, as a code. */
export const QUARANTINE_REASONS = [
  'body_unreadable',
  'data_not_valid',
  'requirement_missing',
  'waited_too_long',
  'fact_refused',
  'attempts_failed',
] as const;
export type QuarantineReason = (typeof QUARANTINE_REASONS)[number];

/** An event as it came in, for ever, and how far it got. `_id` is the webhook id. */
export type StoredEvent = {
  _id: string;
  type: string;
  /** The envelope's timestamp. */
  timestamp: Date;
  /**
   * The exact bytes that were sent, encrypted (see `bodies.ts`); missing where they were erased by what they are `about`. `hash`
   * is that of the encrypted bytes: it stays when they cannot be read any more, and tells nothing of them.
   */
  body?: mongo.Binary;
  hash: string;
  /**
   * The account that it is about, and which secrets its body was encrypted with: of that account, if there is one, of the day, and if
   * it is `locked`, the one that a key of the environment opens.
   */
  subject?: string;
  keys: string[];
  /** It may say how somebody is paid. */
  locked?: true;
  /** What its text is about where no account is named, as `order:o1`. */
  about?: string;
  /** The service's clock when it was stored. */
  receivedAt: Date;
  /** Real time when it was stored; those from before there were seals have none. */
  insertedAt?: Date;
  /** The service's clock when what it waited for had come, or when it was replayed: only then could it take effect. */
  arrivedAt?: Date;
  status: EventState;
  /** Spreads the work over processes: each works on whole buckets, one at a time. */
  bucket: number;
  /** Real time before which it is not tried (again). */
  nextAt: Date;
  attempts: number;
  /** How often it was replayed, when it was. */
  replays?: number;
  error?: string;
  /** Missing while it is not quarantined, and of what was quarantined before there were codes. */
  errorCode?: QuarantineReason;
  waitsFor?: string[];
  /** The service's clock when it began to wait. */
  waitingSince?: Date;
  /** Who decided that it is to have no effect, and why; until it is replayed. */
  dismissed?: Dismissal;
};

export type Dismissal = { by: string; reason: string; at: Date };

/** The fields of an event that applying it needs. */
export const DUE_FIELDS = {
  ...{ type: 1, timestamp: 1, body: 1, subject: 1, keys: 1, locked: 1, receivedAt: 1, arrivedAt: 1 },
  ...{ attempts: 1, replays: 1, error: 1, waitingSince: 1 },
} as const;
/**
 * An event that is due, with the text of its body; null where that cannot be read. `needsKey`: it can be, with that key of the
 * environment.
 */
export type DueEvent = Omit<
  Pick<StoredEvent, '_id' | keyof typeof DUE_FIELDS>,
  'body' | 'keys' | 'locked' | 'subject'
> & {
  text: string | null;
  needsKey?: string;
};

/** So many parts the inbox is in; which one an event is in follows from the hash that it came in with. */
export const BUCKETS = 8;

/** Added to a query for received events of all buckets, so that their index can answer it: it begins with the bucket. */
export const ANY_BUCKET = { $gte: 0 };

const eventSchema = new Schema<StoredEvent>(
  {
    _id: { type: String, required: true },
    type: String,
    timestamp: Date,
    body: Buffer,
    hash: String,
    subject: String,
    keys: { type: [String], default: undefined },
    locked: Boolean,
    about: String,
    receivedAt: Date,
    insertedAt: Date,
    arrivedAt: Date,
    status: { type: String, enum: EVENT_STATES },
    bucket: Number,
    nextAt: Date,
    attempts: Number,
    replays: Number,
    error: String,
    errorCode: { type: String, enum: QUARANTINE_REASONS },
    waitsFor: { type: [String], default: undefined },
    waitingSince: Date,
    dismissed: { type: new Schema({ by: String, reason: String, at: Date }, { _id: false }) },
  },
  { versionKey: false, collection: 'events' },
);
eventSchema.index({ bucket: 1, nextAt: 1 }, { partialFilterExpression: { status: 'received' } });
eventSchema.index({ waitsFor: 1 }, { partialFilterExpression: { waitsFor: { $exists: true } } });
eventSchema.index({ waitingSince: 1 }, { partialFilterExpression: { status: 'waiting' } });
eventSchema.index(
  { status: 1, _id: 1 },
  { partialFilterExpression: { status: { $in: ['waiting', 'quarantined', 'ignored'] } } },
);
eventSchema.index({ about: 1 }, { partialFilterExpression: { about: { $exists: true } } });

// In the order in which they were stored, to be sealed.
eventSchema.index({ insertedAt: 1 }, { partialFilterExpression: { insertedAt: { $exists: true } } });

export function createEventStore(connection: Connection) {
  return driverCollection(connection.model<StoredEvent>('Event', eventSchema));
}
