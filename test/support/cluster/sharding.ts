import type { Command } from './command.ts';
import type { CodeName } from './faults.ts';
import { type Body, plain } from './wire.ts';

/** The fields of each collection's shard key; null: it is not sharded. */
export type ShardKeys = ReadonlyMap<string, readonly string[] | null>;

/**
 * Why a router refuses a command, or could not keep what it promises, by MongoDB's manual ("Operational Restrictions in Sharded
 * Clusters"): a write of one document fixes the shard key or `_id`; an upsert and findAndModify fix the shard key; a shard key is not
 * changed; a unique index begins with it. A collection that nobody has decided on is refused, too.
 */
export function shardingRefusal(
  keys: ShardKeys,
  command: Command,
): { codeName: CodeName; message: string } | undefined {
  const { collection, database, name, isChange } = command;
  if (!isChange || collection === undefined || database === 'admin') return undefined;
  const key = keys.get(collection);
  const wrong =
    key === null
      ? []
      : key === undefined
        ? ['nobody has said how it is sharded']
        : wrongWith(name, plain(command), key);
  if (wrong.length === 0) return undefined;
  const codeName = name === 'createIndexes' ? 'CannotCreateIndex' : 'ShardKeyNotFound';
  return { codeName, message: `${collection}: ${wrong.join('; ')}` };
}

type Write = { q?: Body; u?: Body | Body[]; multi?: boolean; limit?: number; upsert?: boolean };
type Index = { key: Body; unique?: boolean };

function wrongWith(name: string, command: Body, key: readonly string[]): string[] {
  switch (name) {
    case 'update':
      return (command.updates as Write[]).flatMap((write) => wrongWithWrite(write, write.multi !== true, key));
    case 'delete':
      return (command.deletes as Write[]).flatMap((write) => wrongWithWrite(write, write.limit === 1, key));
    case 'findAndModify':
      return fixes(command.query as Body, key) ? [] : [`findAndModify without the shard key: ${shape(command.query)}`];
    case 'createIndexes':
      return (command.indexes as Index[]).flatMap((index) => wrongWithIndex(index, key));
    default:
      return [];
  }
}

function wrongWithWrite({ q, u, upsert }: Write, isOfOne: boolean, key: readonly string[]): string[] {
  const changed = changedBy(u).filter((field) => key.includes(field) && field !== '_id');
  if (changed.length > 0) return [`a write of the shard key: ${changed}`];
  if (upsert === true) return fixes(q, key) ? [] : [`an upsert without the shard key: ${shape(q)}`];
  if (!isOfOne || fixes(q, key) || fixes(q, ['_id'])) return [];
  return [`a write of one document without shard key and _id: ${shape(q)}`];
}

export function wrongWithIndex({ key: fields, unique }: Index, key: readonly string[]): string[] {
  const names = Object.keys(fields);
  if (unique !== true || key.every((field, index) => names[index] === field)) return [];
  return [`the unique index ${JSON.stringify(fields)} does not begin with the shard key ${key}`];
}

function changedBy(update: Write['u']): string[] {
  if (update === undefined || Array.isArray(update)) return [];
  return ['$set', '$unset', '$inc', '$rename'].flatMap((operator) => Object.keys((update[operator] as Body) ?? {}));
}

/** Whether a filter says one value for each of these. */
function fixes(filter: Body | undefined, fields: readonly string[]): boolean {
  return fields.every((field) => isFixed(filter, field));
}

function isFixed(filter: Body | undefined, field: string): boolean {
  if (filter === undefined) return false;
  if (field in filter) return isOneValue(filter[field]);
  return ((filter.$and as Body[] | undefined) ?? []).some((part) => isFixed(part, field));
}

function isOneValue(value: unknown): boolean {
  if (value === null || typeof value !== 'object' || value instanceof Date || '_bsontype' in value) return true;
  const [first] = Object.keys(value);
  return first === undefined || !first.startsWith('$') || '$eq' in value;
}

function shape(filter: unknown): string {
  return JSON.stringify(Object.keys(filter ?? {}));
}
