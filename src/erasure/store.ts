import { type Connection, Schema } from 'mongoose';

import type { Chat } from '../accounts/erasing.ts';
import { driverCollection } from '../database/collection.ts';

/**
 * The erasure of an account's person; `_id` is the account's id. `requested`: nothing is gone yet. `announced`: what is written now
 * is written with another secret, and every process is hearing of that since `announcedAt`, the database's own time. `shredded`: the
 * secret is deleted. `done`: so is everything that was not encrypted.
 */
export type ErasureDocument = {
  _id: string;
  state: 'requested' | 'announced' | 'shredded' | 'done';
  requestedAt: Date;
  requestedBy: string;
  /** How often it was asked for: what came in since the last time is erased by the next. */
  round: number;
  announcedAt?: Date;
  doneAt?: Date;
  /** Until it is done: the chats whose traces are to go. */
  chats?: Chat[];
};

const erasureSchema = new Schema<ErasureDocument>(
  {
    _id: { type: String, required: true },
    state: { type: String, required: true },
    requestedAt: { type: Date, required: true },
    requestedBy: { type: String, required: true },
    round: { type: Number, required: true },
    announcedAt: Date,
    doneAt: Date,
    chats: { type: [Schema.Types.Mixed], default: undefined },
  },
  { versionKey: false, strict: 'throw', autoIndex: false, autoCreate: false, collection: 'erasures' },
).index({ state: 1 }, { partialFilterExpression: { state: { $in: ['requested', 'announced', 'shredded'] } } });

export type ErasureStore = ReturnType<typeof createErasureStore>;

/** Which persons are erased, on this connection, which must be open. */
export function createErasureStore(connection: Connection) {
  return driverCollection(connection.model<ErasureDocument>('Erasure', erasureSchema));
}
