import type { TextArguments } from './keys.ts';

/**
 * What says the texts of a section, as `standing.reasons`, or one by its key: the speech of the service does, and the console, which has the same texts. So
 * one function can speak in both.
 */
export type SayOf<Name extends string> = AllOf<{
  [K in keyof TextArguments as K extends Name | `${Name}.${string}` ? K : never]: Says<K, TextArguments[K]>;
}>;

type Says<Key, Values> = keyof Values extends never ? (key: Key) => string : (key: Key, values: Values) => string;

/** A function that takes whatever one of these does. */
type AllOf<Functions> = { [K in keyof Functions]: (one: Functions[K]) => void }[keyof Functions] extends (
  all: infer All,
) => void
  ? All
  : never;
