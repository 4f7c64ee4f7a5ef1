import bidiFactory, { type Bidi } from 'bidi-js';

import { type FontName, fontOf, REPLACEMENT, type Weight } from './fonts.ts';
import { ISOLATES, RIGHT_TO_LEFT } from './isolate.ts';

/** A piece of a line that is of one font and runs one way. */
export type Run = { font: FontName; text: string; isRightToLeft: boolean };

/** A line in its runs, in the order in which they stand on paper, from left to right. */
export function runsOf(line: string, weight: Weight): Run[] {
  const levels = RIGHT_TO_LEFT.test(line) ? bidi.getEmbeddingLevels(line, 'ltr').levels : undefined;
  const runs: LevelRun[] = [];
  let at = 0;
  for (const character of line) {
    const level = levels?.[at] ?? 0;
    at += character.length;
    if (ISOLATES.test(character)) continue;
    const last = runs.at(-1);
    const own = fontOf(character, weight, last?.font);
    const text = own === null ? REPLACEMENT : character;
    const font = own ?? fontOf(REPLACEMENT, weight) ?? '';
    if (last?.font === font && last.level === level) last.text += text;
    else runs.push({ font, text, level, isRightToLeft: level % 2 === 1 });
  }
  return levels === undefined ? runs : inVisualOrder(runs);
}

/**
 * A text without what has no shape, such as line ends and marks that turn the direction of what follows. The joiners of
 * Arabic and Indic letters stay, and what `isolate` put around a text.
 */
export function readable(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(?<![\p{L}\p{M}])[\u200c\u200d]|[\u200c\u200d](?![\p{L}\p{M}])/gu, '')
    .replaceAll(/(?!\u200c|\u200d|\u2068|\u2069)[\p{Cc}\p{Cf}]/gu, '');
}

/** With the characters that have a mirror image, such as brackets, replaced by it. */
export function mirrored(text: string): string {
  return [...text].map((character) => bidi.getMirroredCharacter(character) ?? character).join('');
}

type LevelRun = Run & { level: number };

// Its types describe a module with a default; what is installed is the function itself.
const bidi = (bidiFactory as unknown as () => Bidi)();

/** From the highest level down, whatever is of that level or above is turned around (UAX 9, L2). */
function inVisualOrder(runs: LevelRun[]): LevelRun[] {
  const ordered = [...runs];
  for (let level = Math.max(0, ...runs.map((run) => run.level)); level > 0; level -= 1) {
    for (let start = 0; start < ordered.length; start += 1) {
      let end = start;
      while ((ordered[end]?.level ?? -1) >= level) end += 1;
      if (end - start > 1) ordered.splice(start, end - start, ...ordered.slice(start, end).reverse());
      start = Math.max(start, end);
    }
  }
  return ordered;
}
