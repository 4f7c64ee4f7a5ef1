import type { mongo } from 'mongoose';

import type { Content } from './leaf.ts';

/** What a document bears that is sealed: the real time when it was written. Those from before there were seals do not. */
export type Dated = { _id: string; insertedAt?: Date };

/** A document as it is sealed. `fault`: why it cannot be as it was when it was written, whatever its seal says. */
export type Sealed = { id: string; insertedAt: Date | null; content: Content; fault?: string };

/** A collection whose documents are sealed. */
export type SealSource = ReturnType<typeof sealSource>;

/**
 * Documents of a collection that are sealed: `content` picks, of the `fields` that are read, what never changes after the
 * insert. `proof` reads more of them where `verify` can then tell what is wrong with one; `none` where nothing is.
 */
export function sealSource<T extends Dated>(options: {
  name: string;
  collection: mongo.Collection<T>;
  fields: readonly (keyof T & string)[];
  content: (document: T) => Content;
  proof?: { fields: readonly (keyof T & string)[]; fault: (document: T) => string | undefined };
}) {
  const { name, content, proof } = options;
  // Every one of these fields is one of T's.
  const documents = options.collection as unknown as mongo.Collection<Dated>;
  const fields = projectionOf(['insertedAt', ...options.fields]);
  const proofFields = projectionOf(['insertedAt', ...options.fields, ...(proof?.fields ?? [])]);

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

  /** With what is wrong with them, where that can be told. */
  async function examined(ids: readonly string[]): Promise<Sealed[]> {
    return (await documents.find({ _id: { $in: [...ids] } }, { projection: proofFields }).toArray()).map(sealed);
  }

  /** All that there are, without their content. */
  function all(): AsyncIterable<Dated> {
    return documents.find({}, { projection: { insertedAt: 1 } }).batchSize(10_000);
  }

  function sealed(document: Dated): Sealed {
    const whole = document as T;
    const fault = proof?.fields.every((field) => whole[field] !== undefined) ? proof.fault(whole) : undefined;
    return {
      id: document._id,
      insertedAt: document.insertedAt ?? null,
      content: { ...content(whole), insertedAt: document.insertedAt },
      ...(fault === undefined ? {} : { fault }),
    };
  }

  return { name, undated, writtenAfter, hasWrittenAfter, countWithin, idsWithin, byIds, examined, all };
}

/** After one instant of real time, up to and with another. */
export type Span = { after: Date; until: Date };

function projectionOf(fields: readonly string[]): Record<string, 1> {
  return Object.fromEntries(fields.map((field) => [field, 1]));
}
