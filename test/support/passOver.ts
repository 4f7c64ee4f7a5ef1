import mongoose from 'mongoose';

const MULTI = ['updateMany', 'deleteMany'] as const;
/** So often one document moves at the wrong moment. */
const MOST = 2;
type Multi = (this: mongoose.mongo.Collection, filter: object, ...rest: unknown[]) => Promise<unknown>;

/**
 * Makes updates and deletions of many, in this process, pass over one document each as in a cluster whose chunks move
 * meanwhile: the first that they would find; `isMeant` says which do, by collection and how often that was asked before.
 * Answers how many were passed over, and how to end it.
 */
export function passOver(isMeant: (collection: string, asked: number) => boolean) {
  const prototype = mongoose.mongo.Collection.prototype as unknown as Record<(typeof MULTI)[number], Multi>;
  const originals = new Map(MULTI.map((name) => [name, prototype[name]]));
  const asked = new Map<string, number>();
  const passed: string[] = [];
  for (const [name, original] of originals) {
    prototype[name] = async function multi(filter, ...rest) {
      const { collectionName } = this;
      const count = asked.get(collectionName) ?? 0;
      asked.set(collectionName, count + 1);
      const victim = isMeant(collectionName, count) ? await this.findOne(filter, { projection: { _id: 1 } }) : null;
      const document = `${collectionName}/${victim?._id}`;
      if (victim === null || passed.filter((one) => one === document).length === MOST)
        return original.call(this, filter, ...rest);
      passed.push(document);
      return original.call(this, { $and: [filter, { _id: { $ne: victim._id } }] }, ...rest);
    };
  }
  return {
    passed,
    end: (): void => {
      for (const [name, original] of originals) prototype[name] = original;
    },
  };
}
