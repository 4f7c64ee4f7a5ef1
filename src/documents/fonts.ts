import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { unpackWoff } from './woff.ts';

/**
 * The fonts of documents and pictures, from the packages that are installed with the service: none of the system is
 * needed. Noto Sans, cut by script, for what it has; GNU Unifont, plain and complete, for every other script, so that no
 * name is unreadable.
 */
export type Weight = 'regular' | 'bold';

/** Names one font: `noto-sans/latin-400`, or `unifont`, which has one weight. */
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

/**
 * The font that has a character; null for what none has. Marks and joiners, which several scripts share, belong to what
 * they follow: they come from the font of the character `before` where that has them.
 */
export function fontOf(character: string, weight: Weight, before?: FontName): FontName | null {
  const code = character.codePointAt(0) ?? 0;
  const has = (script: Script) => script.ranges.some(([from, to]) => from <= code && code <= to);
  const nameOf = (script: Script) => `${script.name}-${weight === 'bold' ? 700 : 400}`;
  const ofBefore = (script: Script) => nameOf(script) === before && has(script);
  const own = before !== undefined && FOLLOWS.test(character) ? scripts().find(ofBefore) : undefined;
  const script = own ?? scripts().find(has);
  if (script !== undefined) return nameOf(script);
  return code <= LAST_OF_UNIFONT ? UNIFONT : null;
}

/** Stands for a character that no font has. */
export const REPLACEMENT = '\ufffd';

const UNIFONT = 'unifont';
const LAST_OF_UNIFONT = 0xffff;
/** Marks, and the two that join or part letters. */
const FOLLOWS = /^[\p{M}\u200c\u200d]$/u;
/** In the order in which they are asked; characters that several have come from the first. */
const SUBSETS: Record<string, string[]> = {
  'noto-sans': ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext', 'vietnamese', 'devanagari'],
  'noto-sans-hebrew': ['hebrew'],
  'noto-sans-arabic': ['arabic'],
  'noto-sans-bengali': ['bengali'],
  'noto-sans-gujarati': ['gujarati'],
  'noto-sans-gurmukhi': ['gurmukhi'],
  'noto-sans-kannada': ['kannada'],
  'noto-sans-khmer': ['khmer'],
  'noto-sans-lao': ['lao'],
  'noto-sans-malayalam': ['malayalam'],
  'noto-sans-myanmar': ['myanmar'],
  'noto-sans-oriya': ['oriya'],
  'noto-sans-sinhala': ['sinhala'],
  'noto-sans-tamil': ['tamil'],
  'noto-sans-telugu': ['telugu'],
  'noto-sans-thai': ['thai'],
};

type Script = { name: string; ranges: [number, number][] };

const loaded = new Map<FontName, Uint8Array>();
let known: Script[] | undefined;

function scripts(): Script[] {
  known ??= Object.entries(SUBSETS).flatMap(([family, subsets]) => {
    // A package says which characters each of its files has: `"greek": "U+0370-0377,U+1FED"`.
    const told: Record<string, string> = require(`@fontsource/${family}/unicode.json`);
    return subsets.map((name) => ({ name: `${family}/${name}`, ranges: (told[name] ?? '').split(',').map(rangeOf) }));
  });
  return known;
}

function rangeOf(text: string): [number, number] {
  const [from = '', to = from] = text.replace('U+', '').split('-');
  return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
}

function fileOf(font: FontName): string {
  if (font === UNIFONT) return require.resolve('@fontsource/unifont/files/unifont-latin-400-normal.woff');
  const [family = '', subset = ''] = font.split('/');
  return require.resolve(`@fontsource/${family}/files/${family}-${subset}-normal.woff`);
}
