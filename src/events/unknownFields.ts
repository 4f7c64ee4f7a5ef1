import { z } from 'zod';
import { nearestOf } from '../kernel/nearest.ts';
import { createRemembered } from '../kernel/remembered.ts';

/** Something in an event that has no effect, and where it is. `suggestion`: the known path or type that may be meant. */
export type Warning = { path: string; message: string; suggestion?: string };

/** What to tell a sender: the first few, and how many there are besides. */
export type Warnings = { warnings: Warning[]; more: number };

/** So many are told: a sender that has one wrong has it wrong in every event. */
const MOST = 10;
/** So long may a name be that is told back, in characters. */
const LONGEST_NAME = 64;

/** The names that an object may have, each with those of what it holds in turn, or null where that has no names of ours. */
export type Known = ReadonlyMap<string, Known | null>;

/** The names that a schema knows. Throws for one that is no object. */
export function knownFields(schema: z.ZodObject): Known {
  return new Map(Object.entries(schema.shape).map(([name, field]) => [name, namesIn(field as z.ZodType)]));
}

function namesIn(field: z.ZodType): Known | null {
  if (field instanceof z.ZodObject) return knownFields(field);
  if (field instanceof z.ZodOptional || field instanceof z.ZodNullable) return namesIn(field.unwrap() as z.ZodType);
  if (field instanceof z.ZodArray) return namesIn(field.element as z.ZodType);
  return null;
}

/**
 * The fields of a value that are not known, at every depth, with a suggestion where a known one that is not given is near.
 * `what` names what has these fields. Null where all of them are known, which costs a look at each name and no more.
 */
export function unknownFields(value: object, known: Known, what: string): Warnings | null {
  const unknown: string[] = [];
  const count = collect(value, known, '', unknown);
  if (count === 0) return null;
  const free = knownPaths(known).flatMap((path) => (isGiven(value, path) ? [] : path.join('.')));
  return { warnings: unknown.map((path) => warningOf(path, free, what)), more: count - unknown.length };
}

/** How many there are; the first of them are added to `paths`. */
function collect(value: unknown, known: Known, prefix: string, paths: string[]): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) {
    return value.reduce((count, one, index) => count + collect(one, known, `${prefix}${index}.`, paths), 0);
  }
  let count = 0;
  for (const name of Object.keys(value)) {
    const inner = known.get(name);
    if (inner === undefined) {
      count += 1;
      if (paths.length < MOST) paths.push(`${prefix}${shown(name)}`);
    } else if (inner !== null) {
      // It was read from JSON, and has what it names.
      count += collect((value as Record<string, unknown>)[name], inner, `${prefix}${name}.`, paths);
    }
  }
  return count;
}

function shown(name: string): string {
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME)}…`;
}

function warningOf(path: string, free: string[], what: string): Warning {
  const message = `is no field of ${what}: it is stored, and has no effect`;
  const suggestion = suggestionFor(path, free);
  return suggestion === undefined
    ? { path, message }
    : { path, message: `${message}; did you mean ${suggestion}?`, suggestion };
}

/**
 * A sender's events have the same fields, so what was found for one is found again for the next. By the path and what is free;
 * 1 000 of them, because a name is the sender's word.
 */
const found = createRemembered<string, { path: string | undefined }>(1_000);

function suggestionFor(path: string, free: string[]): string | undefined {
  const key = `${path} ${free}`;
  let suggestion = found.get(key);
  if (suggestion === undefined) {
    suggestion = { path: nearestPath(path, free) };
    found.set(key, suggestion);
  }
  return suggestion.path;
}

/** By the last name alone, as a field may be right but for its place; of those that are as near, one at the same place. */
function nearestPath(path: string, free: string[]): string | undefined {
  const place = placeOf(path);
  const candidates = [...free.filter((one) => placeOf(one) === place), ...free.filter((one) => placeOf(one) !== place)];
  const nearest = nearestOf(lastOf(path), candidates.map(lastOf));
  return candidates.find((one) => lastOf(one) === nearest);
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function placeOf(path: string): string {
  return path.slice(0, path.lastIndexOf('.') + 1);
}

/** Every path that may be given, name by name, without those into lists. */
function pathsOf(known: Known, prefix: string[] = []): string[][] {
  return [...known].flatMap(([name, inner]) => {
    const path = [...prefix, name];
    return inner === null ? [path] : pathsOf(inner, path);
  });
}

const paths = new WeakMap<Known, string[][]>();

/** They are the same for every event of a type. */
function knownPaths(known: Known): string[][] {
  const before = paths.get(known);
  if (before !== undefined) return before;
  const made = pathsOf(known);
  paths.set(known, made);
  return made;
}

function isGiven(value: object, path: string[]): boolean {
  let at: unknown = value;
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return false;
    at = Reflect.get(at, name);
  }
  return true;
}
