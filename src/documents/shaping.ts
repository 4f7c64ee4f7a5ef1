import { Blob, Buffer, ClusterLevel, Direction, Face, Font, shape } from 'harfbuzzjs';

import { type FontName, fontBytes } from './fonts.ts';
import { mirrored } from './textRuns.ts';

/** One glyph of a shaped text: what it stands for, and where it goes, in units of the font. */
export type Glyph = { id: number; text: string; xAdvance: number; yAdvance: number; xOffset: number; yOffset: number };

/** Glyphs from left to right, whichever way the text runs. */
export type Shaped = { glyphs: Glyph[]; advanceWidth: number; unitsPerEm: number };

/**
 * The glyphs of a text that is of one font and one direction, as HarfBuzz shapes it: Arabic letters joined, Indic
 * syllables built, marks in their places. The library of the PDFs has a shaper of its own, which throws on some names.
 */
export function shapeText(text: string, font: FontName, isRightToLeft: boolean): Shaped {
  const key = `${isRightToLeft ? '<' : '>'}${font} ${text}`;
  const known = shaped.get(key);
  if (known !== undefined) return known;
  const result = shapeNow(text, font, isRightToLeft);
  if (shaped.size >= REMEMBERED) shaped.clear();
  shaped.set(key, result);
  return result;
}

function shapeNow(text: string, name: FontName, isRightToLeft: boolean): Shaped {
  const font = fontNamed(name);
  buffer.clearContents();
  buffer.setClusterLevel(ClusterLevel.CHARACTERS);
  buffer.addText(text);
  buffer.guessSegmentProperties();
  buffer.setDirection(isRightToLeft ? Direction.RTL : Direction.LTR);
  shape(font, buffer);
  const infos = buffer.getGlyphInfos();
  const positions = buffer.getGlyphPositions();
  // What is written from right to left has the glyph of `)` for a `(`: the glyph is to be read as what it looks like.
  const read = isRightToLeft ? mirrored(text) : text;
  const textOf = textByCluster(read, new Set(infos.map(({ cluster }) => cluster)));
  const glyphs = infos.map(({ codepoint, cluster }, index): Glyph => {
    const { xAdvance = 0, yAdvance = 0, xOffset = 0, yOffset = 0 } = positions[index] ?? {};
    return { id: codepoint, text: textOf(cluster), xAdvance, yAdvance, xOffset, yOffset };
  });
  const advanceWidth = glyphs.reduce((width, { xAdvance }) => width + xAdvance, 0);
  return { glyphs, advanceWidth, unitsPerEm: font.face.upem };
}

/** What a glyph stands for: the characters of its cluster, once; a second glyph of a cluster adds nothing to read. */
function textByCluster(text: string, clusters: Set<number>): (cluster: number) => string {
  const starts = [...clusters].sort((a, b) => a - b);
  const told = new Set<number>();
  return (cluster) => {
    if (told.has(cluster)) return NOTHING;
    told.add(cluster);
    return text.slice(cluster, starts[starts.indexOf(cluster) + 1]);
  };
}

/** A reader of the file needs something to read for each glyph. */
const NOTHING = '\u200b';
/** Cells repeat within a document, and each text is asked for twice: for its width, and to be written. */
const REMEMBERED = 2_000;

const shaped = new Map<string, Shaped>();
const fonts = new Map<FontName, Font>();
const buffer = new Buffer();

function fontNamed(name: FontName): Font {
  let font = fonts.get(name);
  if (font === undefined) {
    font = new Font(new Face(new Blob(fontBytes(name))));
    fonts.set(name, font);
  }
  return font;
}
