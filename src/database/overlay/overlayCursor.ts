import type { mongo } from 'mongoose';

import type { Find } from './layer.ts';
import { pairsOf, projected, strict } from './shapes.ts';

type Doc = mongo.Document;
export type CursorOptions = {
  projection?: Doc;
  sort?: mongo.Sort;
  skip?: number;
  limit?: number;
  hint?: Doc;
  min?: Doc;
  max?: Doc;
};

/** What stores use of the driver's cursors. What it finds is read as a whole, once, when it is first asked for. */
export function overlayCursor(
  read: (asked: Find, shown: (found: Doc[]) => Doc[]) => Promise<Doc[]>,
  { projection, sort, skip, limit, hint, min, max }: CursorOptions,
  onFault: (error: unknown) => void,
) {
  const asked: Find = {
    ...(sort === undefined ? {} : { sort: pairsOf(sort) }),
    ...(skip === undefined ? {} : { skip }),
    ...(limit === undefined ? {} : { limit }),
    ...(min === undefined || max === undefined || hint === undefined ? {} : { range: { hint, min, max } }),
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
      return this;
    },
    limit(count: number) {
      asked.limit = count;
      return this;
    },
    skip(count: number) {
      asked.skip = count;
      return this;
    },
    project(fields: Doc) {
      shown = fields;
      return this;
    },
    batchSize() {
      return this;
    },
    hint() {
      return this;
    },
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
  return strict('a cursor of an overlay', cursor, onFault);
}
