import type PDFDocument from 'pdfkit';

import { BrokenInvariant } from '../kernel/errors.ts';
import { type FontName, fontBytes, type Weight } from './fonts.ts';
import { shapeText } from './shaping.ts';
import { type Run, readable, runsOf } from './textRuns.ts';

/** How a text is written; `size` in points. */
export type Style = { size: number; weight: Weight; color: string };
export type Align = 'left' | 'right';

/** Writes lines of text in whatever scripts they are in, and says how wide they are and where they break. */
export function createTextLayout(document: InstanceType<typeof PDFDocument>) {
  const registered = new Set<FontName>();
  /** Which way the run goes that is being written: the PDF library hands its fonts the text alone. */
  let isRightToLeft = false;

  function use(font: FontName, size: number): void {
    if (!registered.has(font)) {
      // The types know files and buffers; the library takes any array of bytes.
      document.registerFont(font, fontBytes(font) as unknown as Buffer);
      registered.add(font);
      document.font(font);
      layOutWith(document, (text) => shapeText(text, font, isRightToLeft));
    }
    document.font(font).fontSize(size);
  }

  /** In points. */
  function widthOf(text: string, { size, weight }: Style): number {
    return runsOf(readable(text), weight).reduce((width, run) => width + runWidth(run, size), 0);
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
    for (const run of runsOf(readable(text), style.weight)) {
      use(run.font, style.size);
      isRightToLeft = run.isRightToLeft;
      // Whoever copies or searches syllables gets their characters, and not the order of their glyphs.
      const isSyllabic = SYLLABIC.test(run.text);
      if (isSyllabic) document.markContent('Span', { actual: run.text });
      document.fillColor(style.color).text(run.text, x, at.y, WHOLE_RUN);
      if (isSyllabic) document.endMarkedContent();
      x += runWidth(run, style.size);
    }
  }

  return { widthOf, linesOf, write };
}

function runWidth({ font, text, isRightToLeft }: Run, size: number): number {
  const { advanceWidth, unitsPerEm } = shapeText(text, font, isRightToLeft);
  return (advanceWidth / unitsPerEm) * size;
}

/** Naming features, none of them, makes the PDF library lay a text out as a whole and not word by word. */
const WHOLE_RUN: PDFKit.Mixins.TextOptions = { lineBreak: false, baseline: 'alphabetic', features: [] };

/** Has the font that is in use lay out texts with `shape`. The PDF library has no public way for this. */
function layOutWith(document: InstanceType<typeof PDFDocument>, shape: (text: string) => ReturnType<typeof shapeText>) {
  const font = (document as unknown as { _font?: { font?: EmbeddedFont } })._font?.font;
  if (typeof font?.layout !== 'function')
    throw new BrokenInvariant('the PDF library has no font to lay texts out with');
  font.layout = (text) => {
    const { glyphs, advanceWidth } = shape(text);
    return {
      glyphs: glyphs.map((glyph) =>
        font.getGlyph(
          glyph.id,
          [...glyph.text].map((one) => one.codePointAt(0) ?? 0),
        ),
      ),
      // Copies: the library turns them into its own units in place.
      positions: glyphs.map(({ xAdvance, yAdvance, xOffset, yOffset }) => ({ xAdvance, yAdvance, xOffset, yOffset })),
      advanceWidth,
    };
  };
}

type EmbeddedFont = {
  getGlyph(id: number, codePoints: number[]): unknown;
  layout(text: string): { glyphs: unknown[]; positions: object[]; advanceWidth: number };
};

/** The scripts of India and the lands around it, whose glyphs stand for syllables and in another order. */
const SYLLABIC = /[\u0900-\u0eff\u1000-\u109f\u1780-\u17ff]/;
/** After a space, a separator of ids, or a hyphen inside a word. */
const BREAKS = /(?<=[ :~_/])|(?<=[\p{L}\d]-)(?=[\p{L}\d])/u;
const SEGMENTER = new Intl.Segmenter('en', { granularity: 'grapheme' });
