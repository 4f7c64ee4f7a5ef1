import { type Connection, Schema } from 'mongoose';

import { driverCollection } from '../database/collection.ts';
import type { Round } from './rounds.ts';

/** `_id` is role and zone; `next` is when its people are told next, `last` when they were. */
export type RoundDocument = Round & { _id: string; next: Date; last?: Date };

export type RoundStore = ReturnType<typeof createRoundStore>;

const roundSchema = new Schema<RoundDocument>(
  {
    _id: { type: String, required: true },
    role: { type: String, required: true },
    timeZone: { type: String, required: true },
    next: { type: Date, required: true },
    last: Date,
  },
  { versionKey: false, strict: 'throw', autoIndex: false, autoCreate: false },
).index({ next: 1 });

export function createRoundStore(connection: Connection) {
  return driverCollection(connection.model<RoundDocument>('DigestRound', roundSchema, 'digest_rounds'));
}
