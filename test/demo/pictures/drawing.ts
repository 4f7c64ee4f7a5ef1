import type { Style } from './fonts.ts';
import type { Line } from './text.ts';

/** A picture as what to draw, in order, in points from the top left. */
export type Drawing = { width: number; height: number; background: Background; marks: Mark[] };

/** One colour, or Telegram's wallpaper. */
export type Background = { colour: string } | 'wallpaper';

export type Box = { x: number; y: number; width: number; height: number };

/** The corners of a box from the top left, clockwise. */
export type Corners = [number, number, number, number];

export type Mark =
  /** Text on a line; `y` is where its letters stand. It may not leave `within`. */
  | { kind: 'text'; text: string; style: Style; x: number; y: number; width: number; within: Box }
  | { kind: 'box'; box: Box; corners: Corners; fill: string; border?: string; shadow?: boolean }
  /** The outline of a shape as SVG writes it, moved to a place. */
  | { kind: 'shape'; path: string; x: number; y: number; fill?: string; stroke?: string; strokeWidth?: number };

/** Where the letters of a line stand, in the middle of its height as browsers and phones have it. */
export function baselineOf(top: number, lineHeight: number, size: number): number {
  return Math.round((top + lineHeight / 2 + size * 0.36) * 2) / 2;
}

/** The runs of a line in their places. */
export function textMarks(line: Line, x: number, y: number, within: Box): Mark[] {
  return line.runs.map((run) => ({ ...run, kind: 'text', x: x + run.x, y, within }));
}

/** The same marks, further down. */
export function moved(marks: Mark[], dy: number): Mark[] {
  return marks.map((mark) => {
    if (mark.kind === 'box') return { ...mark, box: lowered(mark.box, dy) };
    if (mark.kind === 'text') return { ...mark, y: mark.y + dy, within: lowered(mark.within, dy) };
    return { ...mark, y: mark.y + dy };
  });
}

function lowered(box: Box, dy: number): Box {
  return { ...box, y: box.y + dy };
}

/** Marks from the top of what they make together, and how high that is. */
export type Part = { marks: Mark[]; height: number };

/** One below the other. */
export function stacked(parts: Part[]): Part {
  let height = 0;
  const marks = parts.flatMap((part) => {
    const placed = moved(part.marks, height);
    height += part.height;
    return placed;
  });
  return { marks, height };
}

/** Text that belongs in a box. */
export function within(box: Box, marks: Mark[]): Mark[] {
  return marks.map((mark) => (mark.kind === 'text' ? { ...mark, within: box } : mark));
}

/** What stands for somebody who has no picture: a letter in a circle. */
export function avatarMarks(letter: Line, fill: string, { x, y }: { x: number; y: number }, size: number): Mark[] {
  const box = { x, y, width: size, height: size };
  const letterSize = letter.runs[0]?.style.size ?? 0;
  return [
    { kind: 'box', box, corners: [size / 2, size / 2, size / 2, size / 2], fill },
    ...textMarks(letter, x + (size - letter.width) / 2, baselineOf(y, size, letterSize), box),
  ];
}
