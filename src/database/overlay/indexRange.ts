import { mongo } from 'mongoose';

type Doc = mongo.Document;
type Key = Record<string, unknown>;

/** What a question says of an index that is to be read, and how far. */
export type Range = { hint: Key; min: Key; max: Key };

/**
 * The documents among these whose place in an index is in a range, in its order, each with its key there. An index has a document once for
 * each element of a list; a question meets it once, at the first of those in the range.
 */
export function inRange(documents: readonly Doc[], { hint, min, max }: Range): { document: Doc; key: Key }[] {
  const fields = Object.keys(hint);
  const order = (one: Key, other: Key) =>
    fields.reduce((sign, field) => (sign === 0 ? ordered(one[field], other[field]) : sign), 0);
  return documents
    .flatMap((document) => {
      const [first] = keysOf(document, fields)
        .filter((key) => order(key, min) >= 0 && order(key, max) < 0)
        .sort(order);
      return first === undefined ? [] : [{ document, key: first }];
    })
    .sort((one, other) => order(one.key, other.key));
}

function keysOf(document: Doc, fields: readonly string[]): Key[] {
  return fields.reduce<Key[]>(
    (keys, field) =>
      keys.flatMap((key) => valuesAt(document, field.split('.')).map((value) => ({ ...key, [field]: value }))),
    [{}],
  );
}

function valuesAt(value: unknown, [first, ...rest]: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((one) => valuesAt(one, first === undefined ? [] : [first, ...rest]));
  if (first === undefined) return [value];
  return valuesAt((value as Doc | null | undefined)?.[first], rest);
}

/** As the database orders texts and instants; numbers of the two kinds are not compared with others. */
function ordered(one: unknown, other: unknown): number {
  const [a, b] = [rankOf(one), rankOf(other)];
  if (a !== b || a === LEAST || a === MOST) return a - b;
  if (typeof one === 'string' && typeof other === 'string') return Buffer.compare(Buffer.from(one), Buffer.from(other));
  return Number(one) - Number(other);
}

const LEAST = 0;
const MOST = 9;

function rankOf(value: unknown): number {
  if (value instanceof mongo.MinKey) return LEAST;
  if (value instanceof mongo.MaxKey) return MOST;
  if (value === undefined || value === null) return 1;
  if (typeof value === 'number') return 2;
  if (typeof value === 'string') return 3;
  if (value instanceof Date) return 4;
  throw new TypeError(`an overlay does not order ${typeof value} in an index`);
}
