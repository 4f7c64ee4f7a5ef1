import type PDFDocument from 'pdfkit';

import { type FontName, fontBytes, fontOf, REPLACEMENT, type Weight } from './fonts.ts';

/** How a text is written; `size` in points. */
export type Style = { size: number; weight: Weight; color: string };
export type Align = 'left' | 'right';

/** Writes lines of text in whatever scripts they are in, and says how wide they are and where they break. */
export function createTextLayout(document: InstanceType<typeof PDFDocument>) {
  const registered = new Set<FontName>();
  const widths = new Map<string, number>();

  function use(font: FontName, size: number): void {
    if (!registered.has(font)) {
      // The types know files and buffers; the library takes any array of bytes.
      document.registerFont(font, fontBytes(font) as unknown as Buffer);
      registered.add(font);
    }
    document.font(font).fontSize(size);
  }

  function runWidth({ font, text }: Run, size: number): number {
    const key = `${font} ${size} ${text}`;
    const known = widths.get(key);
    if (known !== undefined) return known;
    use(font, size);
    const width = document.widthOfString(text);
    widths.set(key, width);
    return width;
  }

  /** In points. */
  function widthOf(text: string, { size, weight }: Style): number {
    return runsOf(text, weight).reduce((width, run) => width + runWidth(run, size), 0);
  }

  /** Breaks a text into lines of at most `width` points: at spaces, inside ids after a separator, else anywhere. */
  function linesOf(text: string, width: number, style: Style): string[] {
    const lines: string[] = [];
    let line = '';
    for (const word of readable(text).split(BREAKS)) {
      for (const piece of widthOf(word.trimEnd(), style) <= width ? [word] : piecesOf(word, width, style)) {
        if (line !== '' && widthOf((line + piece).trimEnd(), style) > width) {
          lines.push(line.trimEnd());
          line = '';
        }
        line += piece;
      }
    }
    return [...lines, line.trimEnd()];
  }

  function piecesOf(word: string, width: number, style: Style): string[] {
    const pieces: string[] = [];
    let piece = '';
    for (const { segment } of SEGMENTER.segment(word)) {
      if (piece !== '' && widthOf(piece + segment, style) > width) {
        pieces.push(piece);
        piece = '';
      }
      piece += segment;
    }
    return [...pieces, piece];
  }

  /** Writes one line; `x` is its left end, or its right end where it is aligned right, `y` its baseline. */
  function write(text: string, at: { x: number; y: number }, style: Style, align: Align = 'left'): void {
    let x = align === 'right' ? at.x - widthOf(text, style) : at.x;
    for (const run of runsOf(text, style.weight)) {
      use(run.font, style.size);
      document.fillColor(style.color).text(run.text, x, at.y, { lineBreak: false, baseline: 'alphabetic' });
      x += runWidth(run, style.size);
    }
  }

  return { widthOf, linesOf, write };
}

type Run = { font: FontName; text: string };

/** A text in pieces of one font each. */
function runsOf(text: string, weight: Weight): Run[] {
  const runs: Run[] = [];
  for (const character of readable(text)) {
    const own = fontOf(character, weight);
    const written = own === null ? REPLACEMENT : character;
    const font = own ?? fontOf(REPLACEMENT, weight) ?? '';
    const last = runs.at(-1);
    if (last?.font === font) last.text += written;
    else runs.push({ font, text: written });
  }
  return runs;
}

/** Without what has no shape, such as line ends and marks that turn the direction of what follows. */
function readable(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '');
}

/** After a space, a separator of ids, or a hyphen inside a word. */
const BREAKS = /(?<=[ :~_/])|(?<=[\p{L}\d]-)(?=[\p{L}\d])/u;
const SEGMENTER = new Intl.Segmenter('en', { granularity: 'grapheme' });
