import type { mongo } from 'mongoose';

import { searchWordsOf } from '../../kernel/searchWords.ts';
import { type Migration, type MigrationContext, updateInBatches } from './migration.ts';

type Version = { _id: string; accountId: string; timestamp: Date; data: { role: string; name: string } };
type Event = { _id: string; receivedAt: Date };

const BATCH = 1_000;
const AHEAD_MS = 5 * 60_000;

/**
 * Managers know each other; a code is in clear nowhere, and an account has one at most; and no version of an account, dated
 * after it came, holds against all others.
 */
export const rolesAndCodes: Migration = {
  name: '0005-roles-and-codes',
  async up(context) {
    const { database } = context;
    const untold = { role: 'manager', managersTold: { $exists: false } };
    await updateInBatches(context, 'accounts', untold, { $set: { managersTold: true } });
    // Codes are good for a quarter of an hour: whoever has one asks for another.
    await database.collection('link_codes').deleteMany({});
    await database.collection('api_answers').deleteMany({ 'answer.body': /^\{"code":"[A-Z2-9]{10}"/ });
    const handled = { state: 'handled', update: { $exists: true } };
    await updateInBatches(context, 'telegram_updates', handled, { $unset: { update: '' } });
    await redateVersions(context);
  },
};

/** A version that was dated ahead counts from when it came, and was acted on; so those that came later can replace it. */
async function redateVersions({ database, assertLeased }: MigrationContext): Promise<void> {
  const versions = database.collection<Version>('account_versions');
  const events = database.collection<Event>('events');
  for (let after = ''; ; ) {
    await assertLeased();
    const batch = await versions
      .find({ _id: { $gt: after } }, { projection: { accountId: 1, timestamp: 1 } })
      .sort({ _id: 1 })
      .limit(BATCH)
      .toArray();
    const last = batch.at(-1);
    if (last === undefined) return;
    const came = await events
      .find({ _id: { $in: batch.map(({ _id }) => _id) } }, { projection: { receivedAt: 1 } })
      .toArray();
    const cameAt = new Map(came.map(({ _id, receivedAt }) => [_id, receivedAt]));
    for (const { _id, accountId, timestamp } of batch) {
      const receivedAt = cameAt.get(_id);
      if (receivedAt === undefined || timestamp.getTime() - receivedAt.getTime() <= AHEAD_MS) continue;
      await holdLatest(database, accountId, { _id, timestamp: receivedAt });
      // Last, so that a run that was killed before finds it again.
      await versions.updateOne({ _id }, { $set: { timestamp: receivedAt } });
    }
    after = last._id;
  }
}

/** Puts the account to its latest version, once one of them has its new date. */
async function holdLatest(
  database: mongo.Db,
  accountId: string,
  redated: Pick<Version, '_id' | 'timestamp'>,
): Promise<void> {
  const all = await database.collection<Version>('account_versions').find({ accountId }).toArray();
  const dated = all.map((version) => (version._id === redated._id ? { ...version, ...redated } : version));
  const [latest] = dated.sort((a, b) => b.timestamp.getTime() - a.timestamp.getTime() || (a._id < b._id ? 1 : -1));
  if (latest === undefined) return;
  const { _id: eventId, timestamp, data } = latest;
  const searchWords = searchWordsOf(data.name, accountId);
  await database
    .collection<{ _id: string }>('accounts')
    .updateOne({ _id: accountId }, { $set: { eventId, timestamp, role: data.role, searchWords, data } });
}
