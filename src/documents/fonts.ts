import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { unpackWoff } from './woff.ts';

/**
 * The fonts of documents and pictures, from the packages that are installed with the service: none of the system is
 * needed. Noto Sans, cut by script, for what it has; GNU Unifont, plain and complete, for every other script, so that no
 * name is unreadable.
 */
export type Weight = 'regular' | 'bold';

/** Names one font: `latin-400`, or `unifont`, which has one weight. */
export type FontName = string;

const require = createRequire(import.meta.url);

/** The bytes of a font. Reads each file once. */
export function fontBytes(font: FontName): Uint8Array {
  const known = loaded.get(font);
  if (known !== undefined) return known;
  const bytes = unpackWoff(readFileSync(fileOf(font)));
  loaded.set(font, bytes);
  return bytes;
}

/** The font that has a character; null for what none has. */
export function fontOf(character: string, weight: Weight): FontName | null {
  const code = character.codePointAt(0) ?? 0;
  const script = scripts().find(({ ranges }) => ranges.some(([from, to]) => from <= code && code <= to));
  if (script !== undefined) return `${script.name}-${weight === 'bold' ? 700 : 400}`;
  return code <= LAST_OF_UNIFONT ? UNIFONT : null;
}

/** Stands for a character that no font has. */
export const REPLACEMENT = '\ufffd';

/** The font of plain letters, digits and signs. */
export const LATIN: Record<Weight, FontName> = { regular: 'latin-400', bold: 'latin-700' };

const UNIFONT = 'unifont';
const LAST_OF_UNIFONT = 0xffff;
/** In the order in which they are asked; characters that several have come from the first. */
const SCRIPTS = ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext', 'vietnamese', 'devanagari'];

type Script = { name: string; ranges: [number, number][] };

const loaded = new Map<FontName, Uint8Array>();
let known: Script[] | undefined;

function scripts(): Script[] {
  if (known === undefined) {
    // The package says which characters each of its files has: `"greek": "U+0370-0377,U+1FED"`.
    const told: Record<string, string> = require('@fontsource/noto-sans/unicode.json');
    known = SCRIPTS.map((name) => ({ name, ranges: (told[name] ?? '').split(',').map(rangeOf) }));
  }
  return known;
}

function rangeOf(text: string): [number, number] {
  const [from = '', to = from] = text.replace('U+', '').split('-');
  return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
}

function fileOf(font: FontName): string {
  if (font === UNIFONT) return require.resolve('@fontsource/unifont/files/unifont-latin-400-normal.woff');
  return require.resolve(`@fontsource/noto-sans/files/noto-sans-${font}-normal.woff`);
}
