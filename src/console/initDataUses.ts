import { type Connection, Schema } from 'mongoose';

import { driverCollection } from '../database/collection.ts';
import { unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { hashOf } from '../kernel/ids.ts';
import { INIT_DATA_LASTS_MS, type VerifiedInitData } from './initData.ts';

/** `_id` is the hash of the hash that Telegram gave it; `usedAt` is real time. */
type InitDataUseDocument = { _id: string; usedAt: Date };

const MINUTE_MS = 60_000;
/** Later nobody takes it anyway: its age, what clocks may differ by, and the pauses of the database's cleaning. */
const REMEMBERED_SECONDS = (INIT_DATA_LASTS_MS + 2 * MINUTE_MS) / 1_000;

const useSchema = new Schema<InitDataUseDocument>(
  { _id: { type: String, required: true }, usedAt: { type: Date, required: true } },
  { versionKey: false, strict: 'throw', autoIndex: false, autoCreate: false },
).index({ usedAt: 1 }, { expireAfterSeconds: REMEMBERED_SECONDS });

export type InitDataUses = ReturnType<typeof createInitDataUses>;

/**
 * What was sent before to open a session from Telegram. A page that is loaded anew sends the same once more, and must be let in; so the
 * same initData opens one session a minute at most, in all processes together, until it is too old to open any.
 */
export function createInitDataUses(connection: Connection) {
  const uses = driverCollection(
    connection.model<InitDataUseDocument>('ConsoleInitData', useSchema, 'console_init_data'),
  );

  /** Whether this initData may open a session now, the machine's time; true is answered once a minute. */
  async function take({ hash }: Pick<VerifiedInitData, 'hash'>, now: Date): Promise<boolean> {
    const before = new Date(now.getTime() - MINUTE_MS);
    const written = uses.updateOne(
      { _id: hashOf(hash), usedAt: { $lte: before } },
      { $set: { usedAt: now } },
      { upsert: true, ...durable(uses) },
    );
    return (await unlessDuplicate(written)) !== null;
  }

  return { take };
}
