import type { z } from 'zod';

/** A rule that binds several fields of one event. `path` is the field that an offence is reported at. */
export type FieldRule<Data> = { path: string; message: string; holds(data: Data): boolean };

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
