import * as mingo from 'mingo';
import type { mongo } from 'mongoose';

type Doc = mongo.Document;

/** An order as a list of fields. */
export function pairsOf(sort: mongo.Sort): [string, 1 | -1][] {
  const pairs = Array.isArray(sort) ? sort : Object.entries(sort);
  return pairs as [string, 1 | -1][];
}

/** A document with the fields that are asked for. */
export function projected(document: Doc, projection: Doc | undefined): Doc {
  if (projection === undefined || Object.keys(projection).length === 0) return document;
  return (mingo.find([document], {}, projection).all() as Doc[])[0] ?? {};
}
