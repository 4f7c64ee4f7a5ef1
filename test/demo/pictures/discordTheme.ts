import { type Style, style } from './fonts.ts';
import type { Styles } from './markup.ts';

/** The measures and colours of Discord's dark theme. */

export const WIDTH = 560;
export const LEFT = 68;
export const RIGHT = 16;
/** What there is for text, right of the avatars. */
export const ROOM = WIDTH - LEFT - RIGHT;
export const LINE = 22;

export const BACKGROUND = '#313338';
export const BLURPLE = '#5865f2';
export const BLUE = '#00a8fc';
export const MUTED = '#a3a8b0';

export const PLAIN: Style = style(16, 400, '#dbdee1');
export const SMALL: Style = style(12, 400, MUTED);

export function stylesOf(plain: Style): Styles {
  return { plain, bold: { ...plain, weight: 700 }, link: { ...plain, colour: BLUE } };
}
