import type { mongo } from 'mongoose';
import { isDuplicateKey } from '../kernel/errors.ts';
import { writtenNow } from '../seals/source.ts';

/** A fact to record: the event that told it, when it arrived, and what it says. */
export type RecordedFact<D> = { eventId: string; arrivedAt: Date; data: D };

/**
 * Inserts facts under the sender's ids. The same fact again is nothing; the same id for another content is refused.
 * Answers the refused by event id, with the reason.
 */
export async function recordFacts<D extends object>(
  collection: unknown,
  thing: string,
  facts: RecordedFact<D>[],
  split: (data: D) => [id: string, content: object],
): Promise<Map<string, string>> {
  const written = writtenNow();
  const told = facts.map(({ eventId, arrivedAt, data }) => {
    const [id, content] = split(data);
    return { eventId, id, content, document: { _id: id, ...content, arrivedAt, eventId, ...written } };
  });
  const stored = await insertOrFind(
    collection,
    told.map(({ document }) => document),
  );
  const wrong = told.filter(({ id, content }) => {
    const known = stored.get(id);
    return known !== undefined && !saysTheSame(known, content);
  });
  return new Map(wrong.map(({ eventId, id }) => [eventId, conflictOf(thing, id)]));
}

/** Inserts documents; when some were there before, answers what is stored of all of them, by id. */
export async function insertOrFind(
  collection: unknown,
  documents: { _id: string }[],
): Promise<Map<string, mongo.Document>> {
  // The content's fields follow from the fact's type, which is what the collection holds.
  const target = collection as mongo.Collection<{ _id: string }>;
  if (documents.length === 0) return new Map();
  try {
    await target.insertMany(documents, { ordered: false });
    return new Map();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const found = await target.find({ _id: { $in: documents.map(({ _id }) => _id) } }).toArray();
  return new Map(found.map((document) => [document._id, document]));
}

export function conflictOf(thing: string, id: string): string {
  return `${thing} ${id} was told before, with other content`;
}

/**
 * Whether a stored fact means what is told now. The platform's currency, which every event may name, says nothing, and a
 * field that says what holds without it is the same as none.
 */
export function saysTheSame(stored: object, told: object): boolean {
  return meaningOf(stored) === meaningOf(told);
}

function meaningOf(fact: object): string {
  const fields = Object.entries(fact)
    .filter(
      ([name, value]) => !NOT_CONTENT.has(name) && value !== undefined && value !== null && !isImplied(name, value),
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(fields.map(([name, value]) => [name, isGroup(value) ? meaningOf(value) : value]));
}

function isImplied(name: string, value: unknown): boolean {
  if (name === 'programId') return value === 'default';
  return value === false || (isGroup(value) && meaningOf(value) === '[]');
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Date);
}

/** What is stored with a fact and is not part of it; `hash` stands in documents of earlier versions. */
const NOT_CONTENT = new Set([
  '_id',
  'eventId',
  'arrivedAt',
  'insertedAt',
  'hash',
  'final',
  'currency',
  'timestamp',
  'trialArrivedAt',
]);
