/**
 * A text from outside to be put into a line of ours: it runs its own way within, and what is around it stays where it is.
 */
export function isolate(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text.replaceAll(/[\u2066-\u2069]/g, '')}\u2069` : text;
}

/** What `isolate` puts around a text; nothing of it shows. */
export const ISOLATES = /[\u2068\u2069]/;

/** Letters that run from right to left: Hebrew, Arabic and their like. */
export const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
