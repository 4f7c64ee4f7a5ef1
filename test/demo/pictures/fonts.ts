import { createCanvas, GlobalFonts } from '@napi-rs/canvas';

import { fontBytes, fontOf } from '../../../src/documents/fonts.ts';

/** How a piece of text looks; `size` in points of the picture. `mono`: each letter as wide as the next. */
export type Style = { size: number; weight: 400 | 500 | 600 | 700; colour: string; mono?: boolean };

export function style(size: number, weight: Style['weight'], colour: string): Style {
  return { size, weight, colour };
}

/**
 * The fonts that a text needs, as a canvas takes them, registered at first use. Only fonts of the installed packages
 * are used, so that a picture is the same on every machine; throws for a character that none of them has.
 */
export function cssFont(text: string, { size, weight, mono = false }: Style): string {
  const families = new Set([...text].map((character) => familyOf(mono ? UNIFONT : fontFor(character), weight)));
  return `${weight} ${size}px ${[...families].map((family) => `"${family}"`).join(', ')}`;
}

/** How wide a text is, in one line. */
export function widthOf(text: string, style: Style): number {
  if (isShades(text)) return [...text].length * shadeWidth(style);
  ruler.font = cssFont(text, style);
  return ruler.measureText(text).width;
}

/** Whether a text is of the shaded blocks that progress is shown with. No font here has them: they are drawn. */
export function isShades(text: string): boolean {
  return text !== '' && [...text].every((character) => character in SHADES);
}

/** How dark each shaded block is. */
export const SHADES: Record<string, number> = { '░': 0.22, '▒': 0.5, '▓': 0.8, '█': 1 };

/** The width of one shaded block. */
export function shadeWidth({ size }: Style): number {
  return Math.round(size * 0.62);
}

const ruler = createCanvas(1, 1).getContext('2d');
const registered = new Set<string>();
const fonts = new Map<string, string>();

const UNIFONT = 'unifont';

/** Noto Sans comes in weights, GNU Unifont in one. */
function familyOf(font: string, weight: Style['weight']): string {
  const name = font === UNIFONT ? font : font.replace(/-400$/, `-${weight}`);
  const family = `Chat ${font}`;
  if (!registered.has(name)) GlobalFonts.register(Buffer.from(fontBytes(name)), family);
  registered.add(name);
  return family;
}

function fontFor(character: string): string {
  const font = fonts.get(character) ?? fontOf(character, 'regular');
  if (font === null) throw new RangeError(`no font has ${character}`);
  fonts.set(character, font);
  return font;
}
