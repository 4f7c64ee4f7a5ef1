import { type Connection, Schema } from 'mongoose';

import type { Core } from '../src/core.ts';
import { driverCollection } from '../src/database/collection.ts';
import { durable } from '../src/database/durable.ts';
import type { ServiceClock } from '../src/kernel/clock.ts';
import type { Ran, Schedule } from './schedule.ts';

type Stand = { _id: 'real' | 'test'; at: Date };

const standSchema = new Schema<Stand>(
  { _id: { type: String, required: true }, at: Date },
  { versionKey: false, collection: 'service_clock' },
);

/** Where the service's clock stood when the service was last seen. */
export function createClockStand(connection: Connection, kind: Stand['_id']) {
  const stands = driverCollection(connection.model<Stand>('ServiceClock', standSchema));
  return {
    load: async (): Promise<Date | null> => (await stands.findOne({ _id: kind }))?.at ?? null,
    /** Only ever forward. */
    save: async (at: Date): Promise<void> => {
      await stands.updateOne({ _id: kind }, { $max: { at } }, { upsert: true, ...durable(stands) });
    },
  };
}

/**
 * Takes the service from one instant to another: what was received goes in first, then every tick that falls between
 * runs in its order, with the clock at its own instant, and what it set off is applied before the next (docs/integration.md).
 */
export async function travel(
  deps: { core: Pick<Core, 'inboxWorker'>; clock: ServiceClock; schedule: Schedule },
  from: Date,
  to: Date,
): Promise<Ran[]> {
  const reach = async (at: Date): Promise<void> => {
    // What was due before does not take the clock back.
    const now = deps.clock.now();
    const instant = at > now ? at : now;
    // What the last tick set off is of its instant, and not of the next one.
    if (instant > now) await deps.core.inboxWorker.drain(now);
    deps.clock.pin(instant);
    await deps.core.inboxWorker.drain(instant);
  };
  deps.clock.pin(from);
  await reach(from);
  const ran = await deps.schedule.runDue(to, reach);
  await deps.core.inboxWorker.drain(deps.clock.now());
  deps.clock.pin(to);
  return ran;
}
