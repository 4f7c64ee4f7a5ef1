import { type Connection, Schema } from 'mongoose';

import { driverCollection } from '../database/collection.ts';
import type { MinorUnits } from '../kernel/money.ts';

/** What would have been sent: to the platform, or to people. */
export type WithheldKind = 'webhook' | 'message';

/**
 * Something that would have been sent, had the service not been in shadow: what it was about, without a word of it. `_id` is its kind
 * and its deterministic key, so that withholding it twice is once. `at` is when it happened, by effective time.
 */
export type Withheld = {
  _id: string;
  kind: WithheldKind;
  type: string;
  subject: string;
  /** What it is about comes to, where that is an amount. */
  amount?: MinorUnits;
  at: Date;
};

/** How many of a type, and what they come to together. */
export type WithheldPart = { kind: WithheldKind; type: string; count: number; amount: MinorUnits };

/** What was told of a Monday: `_id` is the week that it invoices, `at` when it is over. */
export type ShadowWeek = { _id: string; at: Date; parts: WithheldPart[] };

const id = { type: String, required: true } as const;

const withheldSchema = new Schema<Withheld>(
  { _id: id, kind: String, type: String, subject: String, amount: Number, at: Date },
  { versionKey: false, collection: 'withheld_messages' },
)
  .index({ at: 1 })
  .index({ subject: 1, type: 1 });

const weekSchema = new Schema<ShadowWeek>(
  { _id: id, at: Date, parts: [{ type: Schema.Types.Mixed }] },
  { versionKey: false, collection: 'shadow_weeks' },
);

export type ShadowStore = ReturnType<typeof createShadowStore>;

export function createShadowStore(connection: Connection) {
  return {
    withheld: driverCollection(connection.model<Withheld>('WithheldMessage', withheldSchema)),
    weeks: driverCollection(connection.model<ShadowWeek>('ShadowWeek', weekSchema)),
  };
}
