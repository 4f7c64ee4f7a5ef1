import type { Suggestion } from './command.ts';

/** As many as a channel shows at once. */
export const SUGGESTIONS_SHOWN = 25;
/** How many of each kind are searched for what was typed. */
export const SUGGESTIONS_SEARCHED = 200;

/** Suggestions for what was `found`: each id once, only those that contain what was typed, as many as are shown. */
export function suggestionsOf<T>(
  found: T[],
  typed: string,
  idOf: (one: T) => string,
  describe: (one: T) => string,
): Suggestion[] {
  const byId = new Map(found.map((one) => [idOf(one), one]));
  return [...byId]
    .filter(([id]) => containsTyped(id, typed))
    .slice(0, SUGGESTIONS_SHOWN)
    .map(([id, one]) => ({ name: `${id} · ${describe(one)}`, value: id }));
}

export function containsTyped(text: string, typed: string): boolean {
  return text.toLowerCase().includes(typed.toLowerCase());
}
