import * as mingo from 'mingo';
import { mongo } from 'mongoose';

import { BrokenInvariant } from '../../kernel/errors.ts';
import { inRange, type Range } from './indexRange.ts';

type Doc = mongo.Document;
export type Find = { sort?: [string, 1 | -1][]; skip?: number; limit?: number; range?: Range };
export type UniqueKey = { fields: string[]; when: Record<string, unknown> };
export type LayerChange = { order: number; id: unknown; before: Doc | null; after: Doc | null };

export type Layer = ReturnType<typeof createLayer>;

/**
 * One collection as it would be: the documents of the database, but for those that were written here. While none was, the database answers;
 * then its documents without the written ones and these are put together, so that each question gets what it would get in earnest.
 */
export function createLayer(deps: {
  real: () => mongo.Collection;
  unique: () => UniqueKey[];
  hidden: Record<string, unknown> | undefined;
  limit: number;
  nextWrite: () => number;
  tooMany: () => Error;
}) {
  const { hidden, limit } = deps;
  /** By id; `after` null: it would be deleted. */
  const written = new Map<string, LayerChange>();

  const isClean = () => written.size === 0;
  const present = (): Doc[] => [...written.values()].flatMap(({ after }) => (after === null ? [] : [after]));

  function behind(filter: Doc): Doc {
    const ids = [...written.values()].map(({ id }) => id);
    const parts = [
      filter,
      ...(hidden === undefined ? [] : [hidden]),
      ...(ids.length === 0 ? [] : [{ _id: { $nin: ids } }]),
    ];
    return parts.length === 1 ? filter : { $and: parts.filter((part) => Object.keys(part).length > 0) };
  }

  /** What a question finds, whole documents that belong to the caller. Throws where it is too much. */
  async function find(filter: Doc, { sort = [], skip = 0, limit: wanted = 0, range }: Find = {}): Promise<Doc[]> {
    const most = wanted > 0 ? skip + wanted : limit + 1;
    const found = deps.real().find(behind(filter), range ?? {});
    if (sort.length > 0) found.sort(sort);
    const theirs = await found.limit(Math.min(most, limit + 1)).toArray();
    const ours = matching(filter);
    if (theirs.length + ours.length > limit) throw deps.tooMany();
    const all = [...theirs, ...ours.map(copy)];
    return (range === undefined ? sorted(all, sort) : inRange(all, range).map(withKey)).slice(
      skip,
      wanted > 0 ? skip + wanted : undefined,
    );
  }

  /** What is written here and matches; most questions are for one id. */
  function matching(filter: Doc): Doc[] {
    if (isClean()) return [];
    const one = typeof filter._id === 'string' ? written.get(keyOf(filter._id)) : undefined;
    if (typeof filter._id === 'string' && (one === undefined || one.after === null)) return [];
    const query = new mingo.Query(filter);
    return (one?.after ? [one.after] : present()).filter((document) => query.test(document));
  }

  async function count(filter: Doc): Promise<number> {
    const theirs = await deps.real().countDocuments(behind(filter));
    return theirs + matching(filter).length;
  }

  /** The database itself sums up where nothing of the collection is written; else what the first stages match is summed up here. */
  async function aggregate(pipeline: Doc[]): Promise<Doc[]> {
    const joining = pipeline.flatMap((stage) => Object.keys(stage)).find((stage) => OF_OTHERS.has(stage));
    if (joining !== undefined) throw new BrokenInvariant(`an overlay has no ${joining}`);
    if (isClean()) {
      const stages = hidden === undefined ? pipeline : [{ $match: hidden }, ...pipeline];
      return deps.real().aggregate(stages).toArray();
    }
    const others = pipeline.findIndex((stage) => stage.$match === undefined);
    const first = pipeline.slice(0, others === -1 ? pipeline.length : others).map(({ $match }) => $match);
    return mingo.aggregate(await find(first.length === 0 ? {} : { $and: first }), pipeline);
  }

  /** Writes a document, or that there is none. `before` is what `find` gave of it, or null. */
  function write(id: unknown, before: Doc | null, after: Doc | null): void {
    const key = keyOf(id);
    const known = written.get(key);
    if (known === undefined) written.set(key, { order: deps.nextWrite(), id, before, after });
    else known.after = after;
  }

  /** Throws as the database does for a document whose id or unique key another has; `before`: as it was until now, or null. */
  async function refuseDuplicate(document: Doc, before: Doc | null): Promise<void> {
    const isNew = before === null;
    const keys = deps.unique().filter(({ fields, when }) => {
      const test = new mingo.Query(when);
      const isKept = before !== null && test.test(before) && fields.every((field) => isSameAt(field, before, document));
      return !isKept && test.test(document);
    });
    const filters = keys.map(({ fields }) =>
      Object.fromEntries(fields.map((field) => [field, valueAt(document, field)])),
    );
    const others = isNew ? {} : { _id: { $ne: document._id } };
    const asked = [
      ...(isNew ? [{ _id: document._id }] : []),
      ...filters.map((filter, index) => ({ ...keys[index]?.when, ...filter })),
    ];
    for (const filter of asked) {
      const [taken] = await find({ $and: [filter, others] }, { limit: 1 });
      if (taken !== undefined) {
        throw new mongo.MongoServerError({
          message: 'E11000 duplicate key',
          code: 11_000,
          errmsg: 'E11000 duplicate key',
        });
      }
    }
  }

  const changes = (): LayerChange[] =>
    [...written.values()].filter(({ before, after }) => !(before === null && after === null) && !same(before, after));

  return { find, count, aggregate, write, refuseDuplicate, changes };
}

/** Values of the driver, as dates and bytes, keep what they are. */
export function copy(document: Doc): Doc {
  return mongo.BSON.deserialize(mongo.BSON.serialize(document, { ignoreUndefined: true }), { promoteBuffers: false });
}

function same(one: Doc | null, other: Doc | null): boolean {
  if (one === null || other === null) return one === other;
  return mongo.BSON.EJSON.stringify(one) === mongo.BSON.EJSON.stringify(other);
}

function keyOf(id: unknown): string {
  return mongo.BSON.EJSON.stringify({ id });
}

function sorted(documents: Doc[], sort: [string, 1 | -1][]): Doc[] {
  return sort.length === 0 ? documents : mingo.aggregate(documents, [{ $sort: Object.fromEntries(sort) }]);
}

/** Where the key of an index stands that a question asks for beside the document. */
export const INDEX_KEY = Symbol('key of the index');

function withKey({ document, key }: { document: Doc; key: Doc }): Doc {
  return Object.assign(document, { [INDEX_KEY]: key });
}

function isSameAt(field: string, one: Doc, other: Doc): boolean {
  return mongo.BSON.EJSON.stringify([valueAt(one, field)]) === mongo.BSON.EJSON.stringify([valueAt(other, field)]);
}

/** Stages that read or write another collection, of which the database knows only what is stored. */
const OF_OTHERS = new Set(['$lookup', '$graphLookup', '$unionWith', '$merge', '$out', '$facet']);

function valueAt(document: Doc, path: string): unknown {
  return path.split('.').reduce<unknown>((value, part) => (value as Doc | null | undefined)?.[part], document) ?? null;
}
