import type { mongo } from 'mongoose';

import { groupBy } from '../../kernel/group.ts';
import type { Migration } from './migration.ts';

type Named = { _id: string; eventId?: string };
type Told = { _id: string; type: string; body: string };

const BATCH = 200;

/** What an event brought about, by its type: the collection, which document, and the field that names the event. */
const TOLD: Record<
  string,
  (data: Record<string, string>) => { name: string; id: string; field: string; when?: object }
> = {
  'balance.topped_up': ({ topUpId }) => ({ name: 'ledger_entries', id: `topup:${topUpId}`, field: 'eventId' }),
  'order.placed': ({ orderId = '' }) => ({ name: 'orders', id: orderId, field: 'eventId' }),
  'order.cancelled': ({ orderId = '' }) => ({
    ...{ name: 'orders', id: orderId, field: 'endedByEvent' },
    when: { status: 'cancelled' },
  }),
  'order.guarantee_violated': ({ orderId = '' }) => ({
    ...{ name: 'orders', id: orderId, field: 'endedByEvent' },
    when: { status: 'stopped', 'reasons.kind': 'guarantee-violated' },
  }),
  'payout.settled': ({ payoutId = '' }) => ({
    ...{ name: 'payouts', id: payoutId, field: 'eventId' },
    when: { status: 'paid', actor: 'platform' },
  }),
  'payout.failed': ({ payoutId = '' }) => ({
    ...{ name: 'payouts', id: payoutId, field: 'eventId' },
    when: { status: 'failed', actor: 'platform' },
  }),
};

/**
 * Entries of top-ups, orders and payouts name the event that they came of. Of several that tell the same the first by its
 * id is named; what has a name keeps it.
 */
export const nameEventsOfEntries: Migration = {
  name: '0004-events-of-entries',
  async up({ database, assertLeased }) {
    const events = database.collection<Told>('events');
    const wanted: mongo.Filter<Told> = { type: { $in: Object.keys(TOLD) }, status: 'applied' };
    for (let after = ''; ; ) {
      await assertLeased();
      const found = await events
        .find({ ...wanted, _id: { $gt: after } }, { projection: { type: 1, body: 1 } })
        .sort({ _id: 1 })
        .limit(BATCH)
        .toArray();
      const last = found.at(-1);
      if (last === undefined) break;
      await nameAll(database, found);
      after = last._id;
    }
    await nameInAnswers(database, assertLeased);
  },
};

async function nameAll(database: mongo.Db, events: Told[]): Promise<void> {
  const targets = events.flatMap(({ _id: eventId, type, body }) => {
    const target = TOLD[type]?.(JSON.parse(body).data);
    return target === undefined ? [] : [{ ...target, eventId }];
  });
  for (const [name, some] of groupBy(targets, (target) => target.name)) {
    // In order: of several events with one top-up the first is named.
    await database.collection<Named>(name).bulkWrite(
      some.map(({ id, field, when = {}, eventId }) => ({
        updateOne: {
          filter: { ...when, _id: id, [field]: { $exists: false } },
          update: { $set: { [field]: eventId } },
        },
      })),
    );
  }
}

/** The entries that cancelled prepaid orders, and returned failed payouts, name what these name. */
async function nameInAnswers(database: mongo.Db, assertLeased: () => Promise<void>): Promise<void> {
  const entries = database.collection<Named>('ledger_entries');
  const orders = database.collection<Named & { endedByEvent: string }>('orders');
  for await (const { _id, endedByEvent } of orders.find({ status: 'cancelled', endedByEvent: { $exists: true } })) {
    await assertLeased();
    await entries.updateOne({ _id: `order:${_id}:cancelled` }, { $set: { eventId: endedByEvent } });
  }
  const payouts = database.collection<Named>('payouts');
  for await (const { _id, eventId } of payouts.find({ status: 'failed', eventId: { $exists: true } })) {
    await assertLeased();
    if (eventId !== undefined) await entries.updateOne({ _id: `payout:${_id}:failed` }, { $set: { eventId } });
  }
}
