import type { mongo } from 'mongoose';

type Doc = mongo.Document;

const ORDERING = new Set(['$gt', '$gte', '$lt', '$lte']);
const EQUALLING = new Set(['$eq', '$ne']);

/**
 * An expression, or the stages of a pipeline, as mingo has to be asked: it finds no order between values of two types, and takes null for
 * what is missing. The database orders everything, what is missing before null, and that before the rest; so does `$cmp` of both.
 */
export function comparing<T>(expression: T): T {
  if (Array.isArray(expression)) return expression.map(comparing) as T;
  if (!isPlain(expression)) return expression;
  const parts = Object.entries(expression).map(([name, inner]): [string, unknown] => {
    if (name === '$literal') return [name, inner];
    if (name === '$match') return [name, comparingIn(inner as Doc)];
    return [name, isCompared(name, inner) ? [{ $cmp: inner.map(comparing) }, 0] : comparing(inner)];
  });
  return Object.fromEntries(parts) as T;
}

/** A filter, with its expressions asked so: its own conditions compare within a type, in both. */
export function comparingIn(filter: Doc): Doc {
  const parts = Object.entries(filter).map(([name, inner]): [string, unknown] => {
    if (name === '$expr') return [name, comparing(inner)];
    return [name, JOINING.has(name) && Array.isArray(inner) ? inner.map(comparingIn) : inner];
  });
  return Object.fromEntries(parts);
}

const JOINING = new Set(['$and', '$or', '$nor']);

function isCompared(name: string, inner: unknown): inner is [unknown, unknown] {
  if (!Array.isArray(inner) || inner.length !== 2) return false;
  return ORDERING.has(name) || (EQUALLING.has(name) && inner.some(isNull));
}

function isNull(value: unknown): boolean {
  return value === null || (isPlain(value) && value.$literal === null);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
