// A process that is started with `--import` of this dies as by a power cut at a write of its own choice: KILL_AT is
// the number of that write, among those to the collection KILL_IN, and KILL_WHEN says whether the database has seen it.
import mongoose from 'mongoose';

const WRITES = [
  'insertOne',
  'insertMany',
  'updateOne',
  'updateMany',
  'replaceOne',
  'bulkWrite',
  'findOneAndUpdate',
  'deleteMany',
];

const killAt = Number(process.env.KILL_AT);
const when = process.env.KILL_WHEN;
const prototype = mongoose.mongo.Collection.prototype;
const { insertOne } = prototype;
let writes = 0;

for (const name of WRITES) {
  const original = prototype[name];
  prototype[name] = async function write(...args) {
    if (this.collectionName !== process.env.KILL_IN) return original.apply(this, args);
    writes += 1;
    const isLast = writes === killAt;
    if (isLast && when === 'before') await die();
    const result = await original.apply(this, args);
    if (isLast) {
      // A journaled write takes along what came before it, so that this one is there afterwards whatever it asked for.
      await insertOne.call(this.db.collection('last_writes'), { at: writes }, { writeConcern: { j: true } });
      await die();
    }
    return result;
  };
}

async function die() {
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
}
