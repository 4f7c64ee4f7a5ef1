import * as mingo from 'mingo';
import { mongo } from 'mongoose';

import { BrokenInvariant, isDuplicateKey, messageOf } from '../../kernel/errors.ts';
import { comparing } from './comparing.ts';
import { copy, type Find, type Layer } from './layer.ts';
import { type CursorOptions, overlayCursor } from './overlayCursor.ts';
import { assertFindable, pairsOf, projected, strict } from './shapes.ts';

type Doc = mongo.Document;
type Options = CursorOptions & {
  upsert?: boolean;
  returnDocument?: 'before' | 'after';
  ordered?: boolean;
  arrayFilters?: Doc[];
};
type Result = { matchedCount: number; modifiedCount: number; upsertedCount: number; upsertedId: unknown };

const DUPLICATE_KEY = 11_000;

/** What stores use of the driver's collection, over a layer: what it is asked is answered as the driver does. */
export function overlayCollection({
  name,
  layer,
  writeConcern,
  onFault,
  assertOpen,
}: {
  name: string;
  layer: Layer;
  writeConcern: mongo.WriteConcern | undefined;
  /** Hears what the database would not have said. */
  onFault: (error: unknown) => void;
  /** Throws where nothing more is to be asked or written. */
  assertOpen: () => void;
}) {
  // As the server does, one write at a time: two that run side by side must not both find a place free.
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(() => noting(work));
    last = turn.catch(() => undefined);
    return turn;
  }

  async function noting<T>(work: () => Promise<T>): Promise<T> {
    assertOpen();
    try {
      return await work();
    } catch (error) {
      if (!isDuplicateKey(error)) onFault(error);
      throw error;
    }
  }

  function find(filter: Doc = {}, options: Options = {}) {
    const read = async (asked: Find) => {
      assertFindable(options);
      return layer.find(filter, asked);
    };
    return overlayCursor((asked, shown) => noting(async () => shown(await read(asked))), options, onFault);
  }

  async function insert(document: Doc): Promise<void> {
    const given = copy(document._id === undefined ? { _id: new mongo.ObjectId(), ...document } : document);
    await layer.refuseDuplicate(given, null);
    layer.write(given._id, null, given);
  }

  /** Changes what is found, one or all, or inserts what a filter and an update say together. */
  async function change(
    filter: Doc,
    update: Doc | Doc[],
    { upsert = false, sort, arrayFilters }: Options,
    many: boolean,
  ): Promise<{ result: Result; before: Doc | null; after: Doc | null }> {
    const asked: Find = many ? {} : { limit: 1, ...(sort === undefined ? {} : { sort: pairsOf(sort) }) };
    const found = await layer.find(filter, asked);
    if (found.length === 0) {
      if (!upsert) return { result: NOTHING, before: null, after: null };
      const after = updated({ ...equalities(filter) }, update, arrayFilters, true);
      await insert(after);
      return { result: { ...NOTHING, upsertedCount: 1, upsertedId: after._id }, before: null, after };
    }
    let modifiedCount = 0;
    let after: Doc | null = null;
    for (const before of found) {
      after = updated(copy(before), update, arrayFilters, false);
      if (mongo.BSON.EJSON.stringify(after) === mongo.BSON.EJSON.stringify(before)) continue;
      await layer.refuseDuplicate(after, before);
      layer.write(before._id, before, after);
      modifiedCount += 1;
    }
    const result = { matchedCount: found.length, modifiedCount, upsertedCount: 0, upsertedId: null };
    return { result, before: found[0] ?? null, after };
  }

  async function remove(filter: Doc, many: boolean) {
    const found = await layer.find(filter, many ? {} : { limit: 1 });
    for (const one of found) layer.write(one._id, one, null);
    return { acknowledged: true, deletedCount: found.length };
  }

  async function each(operations: (() => Promise<Result | undefined>)[], ordered: boolean) {
    const sums = { matchedCount: 0, modifiedCount: 0, upsertedCount: 0, insertedCount: 0 };
    const upsertedIds: Record<number, unknown> = {};
    const writeErrors: { index: number; code: number; errmsg: string }[] = [];
    for (const [index, operation] of operations.entries()) {
      try {
        const result = await operation();
        if (result === undefined) sums.insertedCount += 1;
        else {
          sums.matchedCount += result.matchedCount;
          sums.modifiedCount += result.modifiedCount;
          sums.upsertedCount += result.upsertedCount;
          if (result.upsertedCount > 0) upsertedIds[index] = result.upsertedId;
        }
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        writeErrors.push({ index, code: DUPLICATE_KEY, errmsg: messageOf(error) });
        if (ordered) break;
      }
    }
    if (writeErrors.length > 0) {
      throw Object.assign(new mongo.MongoServerError({ message: 'E11000 duplicate key', code: DUPLICATE_KEY }), {
        writeErrors,
      });
    }
    return { acknowledged: true, ...sums, upsertedIds };
  }

  const insertMany = (documents: Doc[], { ordered = true }: Options = {}) =>
    each(
      documents.map((document) => async () => {
        await insert(document);
        return undefined;
      }),
      ordered,
    );

  const bulkWrite = (operations: Doc[], { ordered = true }: Options = {}) =>
    each(
      operations.map((operation) => async () => {
        const [[kind, given] = ['', {}]] = Object.entries<Doc>(operation);
        switch (kind) {
          case 'insertOne':
            await insert(given.document);
            return undefined;
          case 'updateOne':
          case 'updateMany':
            return (await change(given.filter, given.update, given, kind === 'updateMany')).result;
          default:
            throw new BrokenInvariant(`an overlay has no ${kind}`);
        }
      }),
      ordered,
    );

  async function changed(filter: Doc, update: Doc | Doc[], options: Options): Promise<Doc | null> {
    const { before, after } = await change(filter, update, options, false);
    const shown = options.returnDocument === 'after' ? after : before;
    return shown === null ? null : projected(shown, options.projection);
  }

  const collection = {
    collectionName: name,
    writeConcern,
    find,
    findOne: async (filter: Doc = {}, options: Options = {}) =>
      (await find(filter, { ...options, limit: 1 }).toArray())[0] ?? null,
    countDocuments: (filter: Doc = {}) => noting(() => layer.count(filter)),
    estimatedDocumentCount: () => noting(() => layer.count({})),
    distinct: async (field: string, filter: Doc = {}) => {
      const values = [{ $match: filter }, { $unwind: `$${field}` }, { $group: { _id: `$${field}` } }];
      return (await noting(() => layer.aggregate(values))).map(({ _id }) => _id);
    },
    aggregate: (pipeline: Doc[]) =>
      overlayCursor((_, shown) => noting(async () => shown(await layer.aggregate(pipeline))), {}, onFault),
    insertOne: (document: Doc) => inTurn(() => insert(document)),
    insertMany: (documents: Doc[], options?: Options) => inTurn(() => insertMany(documents, options)),
    bulkWrite: (operations: Doc[], options?: Options) => inTurn(() => bulkWrite(operations, options)),
    updateOne: (filter: Doc, update: Doc, options: Options = {}) =>
      inTurn(async () => (await change(filter, update, options, false)).result),
    updateMany: (filter: Doc, update: Doc, options: Options = {}) =>
      inTurn(async () => (await change(filter, update, options, true)).result),
    replaceOne: (filter: Doc, document: Doc, options: Options = {}) =>
      inTurn(async () => (await change(filter, replacing(document), options, false)).result),
    findOneAndUpdate: (filter: Doc, update: Doc, options: Options = {}) =>
      inTurn(() => changed(filter, update, options)),
    findOneAndReplace: (filter: Doc, document: Doc, options: Options = {}) =>
      inTurn(() => changed(filter, replacing(document), options)),
    deleteOne: (filter: Doc) => inTurn(() => remove(filter, false)),
    deleteMany: (filter: Doc) => inTurn(() => remove(filter, true)),
  };
  return strict(`the collection ${name} of an overlay`, collection, onFault);
}

const NOTHING: Result = { matchedCount: 0, modifiedCount: 0, upsertedCount: 0, upsertedId: null };

/** A replacement keeps the id. */
function replacing(document: Doc): Doc[] {
  return [{ $replaceWith: { $mergeObjects: [{ _id: '$_id' }, { $literal: document }] } }];
}

function updated(document: Doc, update: Doc | Doc[], arrayFilters: Doc[] | undefined, isNew: boolean): Doc {
  const documents = [document];
  const given = copy({ update });
  const modifier = Array.isArray(update) ? comparing(given.update as Doc[]) : withInserted(given.update as Doc, isNew);
  if (!Array.isArray(modifier) && Object.keys(modifier).length === 0) return document;
  mingo.updateMany(documents, {}, modifier as never, arrayFilters === undefined ? {} : { arrayFilters });
  return documents[0] ?? document;
}

function withInserted({ $setOnInsert, ...others }: Doc, isNew: boolean): Doc {
  if (!isNew || $setOnInsert === undefined) return others;
  return { ...others, $set: { ...others.$set, ...$setOnInsert } };
}

/** What a document that an upsert makes takes from its filter. */
function equalities(filter: Doc): Doc {
  return Object.fromEntries(
    Object.entries(filter).filter(([field, value]) => !field.startsWith('$') && !isCondition(value)),
  );
}

function isCondition(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).some((key) => key.startsWith('$'));
}
