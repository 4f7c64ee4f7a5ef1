import * as mingo from 'mingo';
import type { mongo } from 'mongoose';

import { BrokenInvariant } from '../../kernel/errors.ts';
import { copy, INDEX_KEY } from './layer.ts';

type Doc = mongo.Document;

/** An order as a list of fields. */
export function pairsOf(sort: mongo.Sort): [string, 1 | -1][] {
  const pairs = Array.isArray(sort) ? sort : Object.entries(sort);
  return pairs as [string, 1 | -1][];
}

/** A document of its own with the fields that are asked for. */
export function projected(document: Doc, projection: Doc = {}): Doc {
  const asked = Object.entries(projection);
  const keys = asked.filter(([, shown]) => shown?.$meta === 'indexKey').map(([field]) => field);
  const others = asked.filter(([field]) => !keys.includes(field));
  const shown = copy(shownOf(document, others));
  return { ...shown, ...Object.fromEntries(keys.map((field) => [field, (document as Keyed)[INDEX_KEY]])) };
}

function shownOf(document: Doc, asked: [string, unknown][]): Doc {
  if (asked.length === 0) return document;
  const names = asked.filter(([, shown]) => shown === 1 || shown === true).map(([field]) => field);
  // Most questions are for whole fields, and need no more than a look at each.
  const isPlain = asked.every(([field, shown]) => (field === '_id' || names.includes(field)) && isWhole(field, shown));
  if (!isPlain || names.every((name) => name === '_id')) {
    return (mingo.find([document], {}, Object.fromEntries(asked)).all() as Doc[])[0] ?? {};
  }
  const hasId = !asked.some(([field, shown]) => field === '_id' && (shown === 0 || shown === false));
  return Object.fromEntries(
    Object.entries(document).filter(([field]) => (field === '_id' ? hasId : names.includes(field))),
  );
}

function isWhole(field: string, shown: unknown): boolean {
  return !field.includes('.') && (typeof shown === 'number' || typeof shown === 'boolean');
}

type Keyed = Doc & { [INDEX_KEY]?: Doc };

const FIND_OPTIONS = new Set(['projection', 'sort', 'skip', 'limit', 'hint', 'min', 'max', 'batchSize', 'maxTimeMS']);

/** Throws for an option that would be left out of account. */
export function assertFindable(options: object): void {
  const unknown = Object.keys(options).find((option) => !FIND_OPTIONS.has(option));
  if (unknown !== undefined) throw new BrokenInvariant(`an overlay has no ${unknown}`);
}

/** Lets nobody use of an object what it does not have, as JavaScript would by `undefined`; `onFault` hears of it. */
export function strict<T extends object>(what: string, has: T, onFault: (error: unknown) => void): T {
  return new Proxy(has, {
    get(target, name, receiver) {
      // What is awaited or printed is asked for these.
      if (typeof name === 'string' && !(name in target) && name !== 'then' && name !== 'toJSON') {
        const fault = new BrokenInvariant(`${what} has no ${name}`);
        onFault(fault);
        throw fault;
      }
      return Reflect.get(target, name, receiver);
    },
  });
}
