import type { mongo } from 'mongoose';

import { realMilliseconds } from '../kernel/clock.ts';
import type { Content } from './leaf.ts';

/** What a document bears that is sealed: the real time when it was written. Those from before there were seals do not. */
export type Dated = { _id: string; insertedAt?: Date };

/** Stamps a document that is about to be inserted, and is sealed. */
export function writtenNow(): { insertedAt: Date } {
  return { insertedAt: new Date(realMilliseconds()) };
}

/** Finds what was written lately, in its order. */
export const SEALED_INDEX = [
  { insertedAt: 1 },
  { partialFilterExpression: { insertedAt: { $exists: true } } },
] as const;

/** A document as it is sealed. */
export type Sealed = { id: string; insertedAt: Date | null; content: Content };

/** Some fields of a document, and the real time when it was written. */
export type WrittenFields = { id: string; at: Date; fields: Record<string, unknown> };

/** A collection whose documents are sealed. */
export type SealSource = ReturnType<typeof sealSource>;

/**
 * Documents of a collection that are sealed: `content` picks, of the `fields` that are read, what never changes after the
 * insert. `groupBy`: the field by which they are counted. `faults`: what is wrong with some that are read whole, by id,
 * whatever their seal says.
 */
export function sealSource<T extends Dated>(options: {
  name: string;
  collection: mongo.Collection<T>;
  fields: readonly (keyof T & string)[];
  content: (document: T) => Content;
  groupBy?: keyof T & string;
  faults?: (ids: readonly string[]) => Promise<Map<string, string>>;
}) {
  const { name, content, groupBy } = options;
  // Every one of these fields is one of T's.
  const documents = options.collection as unknown as mongo.Collection<Dated>;
  const fields = projectionOf(['insertedAt', ...options.fields]);
  const faults = options.faults ?? (async () => new Map<string, string>());

  /** Those without a time of writing, in the order of their ids. */
  async function undated(after: string, limit: number): Promise<Sealed[]> {
    const found = documents.find(
      { insertedAt: { $exists: false }, _id: { $gt: after } },
      { projection: fields, sort: { _id: 1 }, limit },
    );
    return (await found.toArray()).map(sealed);
  }

  /** The first ones written later than `after`, with all that were written in the same millisecond as the last. */
  async function writtenAfter(after: Date, limit: number): Promise<Sealed[]> {
    const found = documents.find(
      { insertedAt: { $gt: after } },
      { projection: fields, sort: { insertedAt: 1 }, limit },
    );
    const first = await found.toArray();
    const last = first.at(-1)?.insertedAt;
    if (first.length < limit || last === undefined) return first.map(sealed);
    const together = await documents.find({ insertedAt: last }, { projection: fields }).toArray();
    const ids = new Set(first.map(({ _id }) => _id));
    return [...first, ...together.filter(({ _id }) => !ids.has(_id))].map(sealed);
  }

  /** Some fields of the first ones written later than `after`, in that order: for whoever wants to hear of them. */
  async function fieldsAfter(after: Date, names: readonly string[], limit: number): Promise<WrittenFields[]> {
    const found = documents.find(
      { insertedAt: { $gt: after } },
      { projection: projectionOf(['insertedAt', ...names]), sort: { insertedAt: 1 }, limit },
    );
    return (await found.toArray()).map(({ _id: id, insertedAt = after, ...rest }) => ({
      id,
      at: insertedAt,
      fields: rest,
    }));
  }

  async function hasWrittenAfter(after: Date): Promise<boolean> {
    return (await documents.findOne({ insertedAt: { $gt: after } }, { projection: { _id: 1 } })) !== null;
  }

  function countWithin({ after, until }: Span): Promise<number> {
    return documents.countDocuments({ insertedAt: { $gt: after, $lte: until } });
  }

  /** The ids of what was written within a span. */
  async function idsWithin({ after, until }: Span): Promise<string[]> {
    const within = { insertedAt: { $gt: after, $lte: until } };
    return (await documents.find(within, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id);
  }

  async function byIds(ids: readonly string[]): Promise<Sealed[]> {
    return (await documents.find({ _id: { $in: [...ids] } }, { projection: fields }).toArray()).map(sealed);
  }

  /** All that there are, without their content. */
  function all(): AsyncIterable<Dated> {
    return documents.find({}, { projection: { insertedAt: 1 } }).batchSize(10_000);
  }

  function sealed(document: Dated): Sealed {
    return {
      id: document._id,
      insertedAt: document.insertedAt ?? null,
      content: { ...content(document as T), insertedAt: document.insertedAt },
    };
  }

  /** By what a document is counted, where documents are. */
  const groupOf = groupBy === undefined ? null : ({ content: { [groupBy]: key } }: Sealed) => String(key);

  return {
    name,
    groupOf,
    undated,
    writtenAfter,
    fieldsAfter,
    hasWrittenAfter,
    countWithin,
    idsWithin,
    byIds,
    faults,
    all,
  };
}

/** After one instant of real time, up to and with another. */
export type Span = { after: Date; until: Date };

function projectionOf(fields: readonly string[]): Record<string, 1> {
  return Object.fromEntries(fields.map((field) => [field, 1]));
}
