import type { mongo } from 'mongoose';

import { durable } from '../../src/database/durable.ts';
import { chunksOf } from '../../src/kernel/group.ts';
import { costOf } from './measure.ts';
import type { World } from './world.ts';

const BATCH = 500;

export type Cost = Awaited<ReturnType<typeof costOf>>;

type Stored = mongo.Document & { _id: string };

/**
 * What it costs to write documents that the service has written once more, without deciding anything: in batches of its size,
 * durably, to collections with the same storage and indexes.
 */
export function createRawWrites(world: World, suffix: string) {
  /** Inserts copies of what `filter` finds. */
  async function inserts(name: string, filter: object): Promise<Cost> {
    const documents = await world.raw(name).find(filter).toArray();
    const target = await likeOf(name);
    const concern = durable(target);
    return costOf(async () => {
      for (const some of chunksOf(documents, BATCH)) await target.insertMany(some, { ordered: false, ...concern });
    });
  }

  /** Inserts copies as they were before, which costs nothing, and updates each by `changes`, one after the other. */
  async function updates<T extends Stored>(
    name: string,
    filter: object,
    before: (document: T) => Stored,
    changes: ((document: T) => mongo.Document)[],
  ): Promise<Cost> {
    const documents = await world.raw(name).find<T>(filter).toArray();
    const target = await likeOf(name);
    const concern = durable(target);
    for (const some of chunksOf(documents, BATCH)) await target.insertMany(some.map(before));
    return costOf(async () => {
      for (const change of changes) {
        for (const some of chunksOf(documents, BATCH)) {
          const writes = some.map((document) => ({
            updateOne: { filter: { _id: document._id }, update: { $set: change(document) } },
          }));
          await target.bulkWrite(writes, { ordered: false, ...concern });
        }
      }
    });
  }

  async function likeOf(name: string): Promise<mongo.Collection<Stored>> {
    const source = world.raw(name);
    const { db } = world.core.connection;
    if (db === undefined) throw new Error('the connection is closed');
    const target = await db.createCollection<Stored>(`raw_${name}_${suffix}`, await source.options());
    const indexes = (await source.indexes()).filter(({ name: index }) => index !== '_id_');
    if (indexes.length > 0) await target.createIndexes(indexes.map(({ v: _, ...index }) => ({ ...index })));
    return target;
  }

  return { inserts, updates };
}

export function sumOfCosts(costs: readonly Cost[]): Cost {
  return {
    elapsed: costs.reduce((sum, { elapsed }) => sum + elapsed, 0),
    processor: costs.reduce((sum, { processor }) => sum + processor, 0),
  };
}
