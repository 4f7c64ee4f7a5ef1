import * as mingo from 'mingo';
import { mongo } from 'mongoose';

import { BrokenInvariant } from '../../kernel/errors.ts';
import { type Answers, keyOf } from './answers.ts';
import { comparing, comparingIn } from './comparing.ts';
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
  answers: Answers;
  nextWrite: () => number;
  tooMany: () => Error;
}) {
  const { hidden, limit, answers } = deps;
  /** By id; `after` null: it would be deleted. */
  const written = new Map<string, LayerChange>();

  const isClean = () => written.size === 0;

  /** What a question finds, whole documents that belong to nobody: who changes one copies it. Throws where it is too much. */
  async function find(filter: Doc, asked: Find = {}): Promise<Doc[]> {
    const { sort = [], skip = 0, limit: wanted = 0, range } = asked;
    const ids = range === undefined ? idsOf(filter) : null;
    const all = ids === null ? await findAny(filter, asked) : await findById(filter, ids);
    if (all.length > limit) throw deps.tooMany();
    return (range === undefined ? sorted(all, sort) : inRange(all, range).map(withKey)).slice(
      skip,
      wanted > 0 ? skip + wanted : undefined,
    );
  }

  /** What is known by its id is asked for once, whatever else is asked of it each time. */
  async function findById(filter: Doc, ids: readonly string[]): Promise<Doc[]> {
    const theirs = await answers.withIds(ids.filter((id) => !written.has(keyOf(id))));
    const ours = ids.flatMap((id) => written.get(keyOf(id))?.after ?? []);
    return [...theirs, ...ours].filter(asking(filter));
  }

  async function findAny(filter: Doc, { sort, skip = 0, limit: wanted = 0, range }: Find): Promise<Doc[]> {
    const isFound = asking(filter);
    const isReplaced = ({ before }: LayerChange) => before !== null && isFound(before);
    // In the place of each that was written, and which the database still finds, there may be another one.
    const most = wanted > 0 ? skip + wanted + [...written.values()].filter(isReplaced).length : limit + 1;
    const theirs = await answers.find(filter, { sort, range }, most);
    if (theirs.length > limit) throw deps.tooMany();
    const ours = [...written.values()].flatMap(({ after }) => (after === null || !isFound(after) ? [] : [after]));
    return [...theirs.filter(({ _id }) => !written.has(keyOf(_id))), ...ours];
  }

  async function count(filter: Doc): Promise<number> {
    const ids = [...written.values()].map(({ id }) => id);
    const others = ids.length === 0 ? filter : { $and: [filter, { _id: { $nin: ids } }] };
    const theirs = await deps.real().countDocuments(answers.unhidden(others));
    const isFound = asking(filter);
    return theirs + [...written.values()].filter(({ after }) => after !== null && isFound(after)).length;
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
    const found = await find(first.length === 0 ? {} : { $and: first });
    const rest = pipeline.slice(first.length);
    // Whoever only looks at documents may have those that are kept; what comes of it may share parts of them.
    const looksOnly = rest.every((stage) => Object.keys(stage).every((name) => LOOKING.has(name)));
    return (mingo.aggregate(looksOnly ? found : found.map(copy), comparing(rest)) as Doc[]).map(copy);
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

/** Of which ids what a question finds must be, sorted as the database would read them; null where they are not named. */
function idsOf({ _id, $and }: Doc): string[] | null {
  if (typeof _id === 'string') return [_id];
  const listed: unknown = _id?.$in;
  if (Array.isArray(listed) && listed.every((id) => typeof id === 'string')) return [...new Set(listed)].sort();
  for (const part of Array.isArray($and) ? $and : []) {
    const ids = idsOf(part);
    if (ids !== null) return ids;
  }
  return null;
}

/** Whether a document is what a question is for. Most are not by a single field, which is seen at a glance. */
function asking(filter: Doc): (document: Doc) => boolean {
  const wanted = Object.entries(filter).filter(([field, value]) => isPlain(value) && !/^\$|\./.test(field));
  const query = new mingo.Query(comparingIn(filter));
  return (document) =>
    !wanted.some(([field, value]) => isPlain(document[field]) && document[field] !== value) && query.test(document);
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean';
}

function sorted(documents: Doc[], sort: [string, 1 | -1][]): Doc[] {
  return sort.length === 0 ? documents : mingo.aggregate(documents, [{ $sort: Object.fromEntries(sort) }]);
}

/** Where the key of an index stands that a question asks for beside the document. */
export const INDEX_KEY = Symbol('key of the index');

function withKey({ document, key }: { document: Doc; key: Doc }): Doc {
  return { ...document, [INDEX_KEY]: key };
}

function isSameAt(field: string, one: Doc, other: Doc): boolean {
  return mongo.BSON.EJSON.stringify([valueAt(one, field)]) === mongo.BSON.EJSON.stringify([valueAt(other, field)]);
}

/** Stages that read or write another collection, of which the database knows only what is stored. */
const OF_OTHERS = new Set(['$lookup', '$graphLookup', '$unionWith', '$merge', '$out', '$facet']);

/** Stages that make documents of others, and leave those as they are. */
const LOOKING = new Set(['$match', '$project', '$unwind', '$group', '$sort', '$skip', '$limit', '$count']);

function valueAt(document: Doc, path: string): unknown {
  return path.split('.').reduce<unknown>((value, part) => (value as Doc | null | undefined)?.[part], document) ?? null;
}
