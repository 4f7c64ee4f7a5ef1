import type { Cell } from '../../src/kernel/csv.ts';
import { decimalMoney } from '../../src/kernel/money.ts';
import type { ApiApp } from '../dependencies.ts';

/**
 * The columns of a list's table, from what the description says of its items: fields of an object in an item are columns
 * of their own, as `standing.tier`; plain values of a list stand in one cell, with spaces between them; lists of
 * anything else, and what has no fixed fields, are JSON as in the list. Amounts are decimals, and `currency` says of what.
 */

export type Column = { name: string; cellOf(item: object): Cell };

/** What of a JSON schema says which columns there are. */
type Schema = {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  enum?: unknown[];
  'x-kind'?: string;
} & Partial<Record<(typeof COMBINED)[number], Schema[]>>;

const COMBINED = ['allOf', 'anyOf', 'oneOf'] as const;

export type ItemSchema = { schema: Schema; schemas: Record<string, Schema> };

type Document = {
  paths?: Record<string, { get?: { responses?: Record<string, { content?: Record<string, { schema?: Schema }> }> } }>;
  components?: { schemas?: Record<string, Schema> };
};

/** The items of lists as the description has them, which is made once, for the first table that is asked for. */
export function createDescribed(app: ApiApp) {
  let document: Document | undefined;

  /** What the list at a path has for items. Throws when it is not described. */
  function itemOf(path: string): ItemSchema {
    document ??= app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '' } }) as Document;
    const schemas = document.components?.schemas ?? {};
    const answer = document.paths?.[path]?.get?.responses?.[200]?.content?.['application/json']?.schema;
    const schema = answer === undefined ? undefined : fieldsOf(answer, schemas)?.items?.items;
    if (schema === undefined) throw new RangeError(`the description has no list at ${path}`);
    return { schema, schemas };
  }

  return { itemOf };
}

export function columnsOf({ schema, schemas }: ItemSchema, currency: string): Column[] {
  const columns = columnsBelow(schema, [], { schemas, currency });
  const hasAmounts = columns.some(({ isAmount }) => isAmount);
  const hasOwn = columns.some(({ name }) => name === 'currency');
  return hasAmounts && !hasOwn ? [...columns, { name: 'currency', cellOf: () => ({ text: currency }) }] : columns;
}

export function rowOf(item: object, columns: Column[]): Cell[] {
  return columns.map(({ cellOf }) => cellOf(item));
}

type Context = { schemas: Record<string, Schema>; currency: string };

function columnsBelow(schema: Schema, path: string[], context: Context): (Column & { isAmount: boolean })[] {
  const fields = fieldsOf(schema, context.schemas);
  if (fields !== null) {
    return Object.entries(fields).flatMap(([name, field]) => columnsBelow(field, [...path, name], context));
  }
  const isAmount = kindOf(schema, context.schemas) === 'amount';
  const cell = isAmount ? (value: unknown) => amountCell(value, context.currency) : plainCell;
  return [{ name: path.join('.'), isAmount, cellOf: (item) => cell(valueAt(item, path)) }];
}

/** The fields of an object, or of whichever of several objects it may be; null where it is no object with fixed fields. */
function fieldsOf(schema: Schema, schemas: Record<string, Schema>): Record<string, Schema> | null {
  const parts = partsOf(schema, schemas).map((part) => part.properties ?? null);
  const known = parts.filter((fields) => fields !== null);
  if (known.length === 0 || known.length < parts.length) return null;
  return Object.assign({}, ...known);
}

/** What a schema is put together of, or may be instead, without null and without what only describes. */
function partsOf(schema: Schema, schemas: Record<string, Schema>): Schema[] {
  if (schema.$ref !== undefined) return partsOf(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, schemas);
  const within = COMBINED.flatMap((how) => schema[how] ?? []).flatMap((part) => partsOf(part, schemas));
  const { type, properties } = schema;
  const itself = type === undefined || type === 'null' ? [] : [schema];
  // An extension of an object has no fields of its own where all that it adds is a description.
  return properties === undefined && within.length > 0 ? within : [...within, ...itself];
}

function kindOf(schema: Schema, schemas: Record<string, Schema>): string | undefined {
  return schema['x-kind'] ?? partsOf(schema, schemas).find((part) => part['x-kind'] !== undefined)?.['x-kind'];
}

function valueAt(item: unknown, path: string[]): unknown {
  let value = item;
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function amountCell(value: unknown, currency: string): Cell {
  return typeof value === 'number' ? { number: decimalMoney(value, currency) } : plainCell(value);
}

function plainCell(value: unknown): Cell {
  if (value === undefined || value === null) return { text: '' };
  if (typeof value === 'number') return { number: String(value) };
  if (typeof value === 'string') return { text: value };
  if (Array.isArray(value) && value.every(isPlain)) return { text: value.join(' ') };
  return { text: typeof value === 'boolean' ? String(value) : JSON.stringify(value) };
}

function isPlain(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'string';
}
