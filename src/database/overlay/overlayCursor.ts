import type { mongo } from 'mongoose';

import type { Find } from './layer.ts';
import { pairsOf, projected } from './shapes.ts';

type Doc = mongo.Document;

/** What stores use of the driver's cursors. What it finds is read as a whole, once, when it is first asked for. */
export function overlayCursor(
  read: (asked: Find, shown: (found: Doc[]) => Doc[]) => Promise<Doc[]>,
  { projection, sort, skip, limit }: { projection?: Doc; sort?: mongo.Sort; skip?: number; limit?: number },
) {
  const asked: Find = {
    ...(sort === undefined ? {} : { sort: pairsOf(sort) }),
    ...(skip === undefined ? {} : { skip }),
    ...(limit === undefined ? {} : { limit }),
  };
  let shown = projection;
  let rest: Promise<Doc[]> | undefined;

  function documents(): Promise<Doc[]> {
    rest ??= read(asked, (found) => found.map((one) => projected(one, shown)));
    return rest;
  }

  let buffered: Doc[] = [];

  const cursor = {
    sort(by: mongo.Sort) {
      asked.sort = pairsOf(by);
      return cursor;
    },
    limit(count: number) {
      asked.limit = count;
      return cursor;
    },
    skip(count: number) {
      asked.skip = count;
      return cursor;
    },
    project(fields: Doc) {
      shown = fields;
      return cursor;
    },
    batchSize: () => cursor,
    hint: () => cursor,
    toArray: async () => (await documents()).splice(0),
    hasNext: async () => {
      buffered = await documents();
      return buffered.length > 0;
    },
    next: async () => (await documents()).shift() ?? null,
    readBufferedDocuments: () => buffered.splice(0),
    close: async () => undefined,
    async *[Symbol.asyncIterator]() {
      for (let one = await cursor.next(); one !== null; one = await cursor.next()) yield one;
    },
  };
  return cursor;
}
