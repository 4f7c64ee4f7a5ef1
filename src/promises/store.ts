import { type Connection, Schema } from 'mongoose';

import { driverCollection } from '../database/collection.ts';
import type { MinorUnits } from '../kernel/money.ts';
import { SEALED_INDEX } from '../seals/source.ts';

/** What became of a promise, as it was told. `withdrawn`: its first part was not covered after all, so it never held. */
export type PromiseEnd = 'kept' | 'broken' | 'refused' | 'lapsed' | 'withdrawn';

/**
 * A promise of a model to pay an overdue invoice by `until` (rules 2.11). `_id` is the invoice and the number of the promise about
 * it, so that of two at once one is made.
 */
export type StoredPromise = {
  _id: string;
  invoiceId: string;
  modelId: string;
  number: number;
  madeAt: Date;
  until: Date;
  /** In two parts: the first is paid when it is made. */
  parts?: { first: MinorUnits; rest: MinorUnits };
  actor: string;
  insertedAt: Date;
  /** Its first part is still to be taken: until then it holds nothing back. */
  taking?: true;
  /** It may still be kept or broken; the tick finds it by its `until`. */
  running?: true;
  /** A day before its end was told. */
  reminded?: true;
  ended?: PromiseEnd;
  endedAt?: Date;
  /** A manager's, who refused it. */
  refusal?: { actor: string; reason: string };
  /** Its latest change, while what follows from it is still to be done. */
  pendingEffects?: 'made' | Exclude<PromiseEnd, 'withdrawn'>;
};

const schema = new Schema<StoredPromise>(
  {
    _id: { type: String, required: true },
    invoiceId: String,
    modelId: String,
    number: Number,
    madeAt: Date,
    until: Date,
    parts: { type: new Schema({ first: Number, rest: Number }, { _id: false }), default: undefined },
    actor: String,
    insertedAt: Date,
    taking: Boolean,
    running: Boolean,
    reminded: Boolean,
    ended: String,
    endedAt: Date,
    refusal: { type: new Schema({ actor: String, reason: String }, { _id: false }), default: undefined },
    pendingEffects: String,
  },
  { versionKey: false, collection: 'promises' },
);
schema.index({ modelId: 1 });
schema.index({ invoiceId: 1, number: 1 });
// Of those that were broken, the late ones are looked at.
schema.index({ endedAt: 1 }, { partialFilterExpression: { ended: 'broken' } });
schema.index({ until: 1 }, { partialFilterExpression: { running: true } });
schema.index({ pendingEffects: 1 }, { partialFilterExpression: { pendingEffects: { $exists: true } } });
// In the order in which they were written, to be sealed.
schema.index(...SEALED_INDEX);

export type PromiseStore = ReturnType<typeof createPromiseStore>;

export function createPromiseStore(connection: Connection) {
  return { promises: driverCollection(connection.model<StoredPromise>('Promise', schema)) };
}
