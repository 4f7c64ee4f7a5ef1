import type { z } from 'zod';

type Issue = { code?: string | undefined; path?: readonly PropertyKey[] | undefined };

/**
 * A rule that binds several fields of one event. `path` is the field that an offence is reported at. `reads`: the fields that it goes
 * by; as long as these are valid it is told beside what is wrong with others, and without, only where nothing else is wrong.
 */
export type FieldRule<Data> = { path: string; message: string; reads?: readonly string[]; holds(data: Data): boolean };

/**
 * A type of event that the platform sends: its fields, what becomes of it (Markdown, with links as from docs/), the rules
 * that bind several fields, and the data of one that is valid.
 */
export type EventIn<Fields extends z.ZodRawShape = z.ZodRawShape> = {
  effect: string;
  fields: Fields;
  rules?: FieldRule<z.output<z.ZodObject<Fields>>>[];
  /** Whether its `currency` says something of its own, where it is a field of it. */
  hasOwnCurrency?(data: z.output<z.ZodObject<Fields>>): boolean;
  example: z.input<z.ZodObject<Fields>>;
};

/** Names the fields for the compiler, so that types of facts come from them. */
export function eventIn<Fields extends z.ZodRawShape>(event: EventIn<Fields>): EventIn<Fields> {
  return event;
}

/** A schema with the rules that bind several of its fields. */
export function withRules<Schema extends z.ZodType>(
  schema: Schema,
  rules: readonly FieldRule<z.output<Schema>>[],
): Schema {
  return rules.reduce((all, { path, message, reads, holds }) => {
    const when = reads === undefined ? {} : { when: (read: Read) => isReadable(read, reads) };
    return all.refine(holds, { path: [path], message, ...when });
  }, schema);
}

type Read = { value: unknown; issues: readonly Issue[] };

function isReadable({ value, issues }: Read, fields: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return issues.every(({ code, path: [first] = [] }) =>
    first === undefined ? code === 'unrecognized_keys' : !fields.includes(String(first)),
  );
}
