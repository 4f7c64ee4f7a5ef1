import { mongo } from 'mongoose';

import type { Range } from './indexRange.ts';

type Doc = mongo.Document;
type How = { sort?: [string, 1 | -1][] | undefined; range?: Range | undefined };

/** How many documents may still be kept of all that the database answers. */
export type Room = { left: number };

export type Answers = ReturnType<typeof createAnswers>;

/**
 * What the database says of one collection, without the documents that are hidden. It is asked a question once, and a document that any
 * answer has had is known by its id: whatever works through an overlay asks the same again and again. While there is room for what is
 * said; beyond that it is asked anew. Documents belong to all who ask: whoever hands one on copies it.
 */
export function createAnswers(deps: {
  real: () => mongo.Collection;
  hidden: Doc | undefined;
  /** As many documents, and one more, are read of one question at most. */
  limit: number;
  room: Room;
}) {
  const { real, limit, room } = deps;
  const byQuestion = new Map<string, { most: number; found: Promise<Doc[]> }>();
  const byId = new Map<string, Promise<Doc | null>>();

  /** At most `most` documents that a question finds, and never more than the limit and one. */
  async function find(filter: Doc, { sort = [], range }: How, most: number): Promise<Doc[]> {
    const asked = Math.min(most, limit + 1);
    const question = mongo.BSON.EJSON.stringify([plain(filter), sort, range ?? null]);
    const known = byQuestion.get(question);
    if (known !== undefined) {
      const found = await known.found;
      if (asked <= known.most || found.length < known.most) return found.slice(0, asked);
    }
    const found = read(filter, { sort, range }, asked);
    byQuestion.set(question, { most: asked, found });
    const documents = await found;
    if (!keep(documents.length)) byQuestion.delete(question);
    else for (const one of documents) if (!byId.has(keyOf(one._id))) byId.set(keyOf(one._id), Promise.resolve(one));
    return documents;
  }

  /** Those of these documents that there are, in this order. */
  async function withIds(ids: readonly string[]): Promise<Doc[]> {
    const lacking = ids.filter((id) => !byId.has(keyOf(id)));
    if (lacking.length > 0) {
      const reading = read({ _id: { $in: lacking } }, {}, lacking.length).then(
        (found) => new Map(found.map((one) => [one._id as unknown, one])),
      );
      for (const id of lacking)
        byId.set(
          keyOf(id),
          reading.then((found) => found.get(id) ?? null),
        );
    }
    const found = await Promise.all(ids.map((id) => byId.get(keyOf(id)) ?? null));
    if (!keep(lacking.length)) for (const id of lacking) byId.delete(keyOf(id));
    return found.filter((one) => one !== null);
  }

  async function read(filter: Doc, { sort = [], range }: How, most: number): Promise<Doc[]> {
    const cursor = real().find(unhidden(filter), range ?? {});
    if (sort.length > 0) cursor.sort(sort);
    return cursor.limit(most).toArray();
  }

  function unhidden(filter: Doc): Doc {
    return deps.hidden === undefined ? filter : { $and: [filter, deps.hidden] };
  }

  /** One that says nothing counts as one. */
  function keep(documents: number): boolean {
    const taken = Math.max(1, documents);
    if (taken > room.left) return false;
    room.left -= taken;
    return true;
  }

  return { find, withIds, unhidden };
}

/** The same question in one form, whoever asks it: without what says nothing, and its fields in order. */
function plain(filter: Doc): Doc {
  const parts = Array.isArray(filter.$and) && Object.keys(filter).length === 1 ? (filter.$and as Doc[]) : [filter];
  const telling = parts.filter((part) => Object.keys(part).length > 0);
  const [only] = telling;
  if (only === undefined) return {};
  if (telling.length > 1) return { $and: telling.map(plain) };
  return only === filter ? Object.fromEntries(Object.entries(only).sort(([a], [b]) => (a < b ? -1 : 1))) : plain(only);
}

/** The name of an id in a map. */
export function keyOf(id: unknown): string {
  return typeof id === 'string' ? `"${id}` : mongo.BSON.EJSON.stringify({ id });
}
