import type { mongo } from 'mongoose';

/** The cursor of a page in the order of an instant, and of ids within one. */
export function datedCursor(at: Date, id: string): string {
  return `${at.toISOString()}~${id}`;
}

/** Those after a cursor, along an index of `field`, which is a date, and of ids; one of somebody's own making finds none. */
export function afterDated<T>(field: string, cursor: string): mongo.Filter<T> {
  // Which field it is says the caller; the types of a filter want to know it by its name.
  return conditionsAfter(field, cursor) as mongo.Filter<T>;
}

function conditionsAfter(field: string, cursor: string) {
  const [, instant = '', id = ''] = CURSOR.exec(cursor) ?? [];
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return { _id: { $in: [] } };
  // The first condition says where the index begins to be read.
  return { [field]: { $gte: at }, $or: [{ [field]: { $gt: at } }, { [field]: at, _id: { $gt: id } }] };
}

const CURSOR = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)~(.+)$/;
