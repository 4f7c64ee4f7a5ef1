import { BLUE, BLURPLE, LEFT, LINE, MUTED, PLAIN, RIGHT, ROOM, SMALL, stylesOf, WIDTH } from './discordTheme.ts';
import { type Box, baselineOf, type Mark, moved, type Part, stacked, textMarks, within } from './drawing.ts';
import { type Style, style } from './fonts.ts';
import { blocksOf, spansOfMarkdown } from './markup.ts';
import type { Reading } from './record.ts';
import { cutToLine, type Line, wrap } from './text.ts';

const EMBED: Style = style(14, 400, '#dbdee1');
const LABEL = style(14, 500, '#ffffff');

/** All of a message that stands below its head, one below the other. */
export function bodyPart(reading: Reading): Part {
  return stacked([
    contentPart(reading),
    ...reading.files.map(filePart),
    ...reading.embeds.map(embedPart),
    buttonsPart(reading),
    ...(reading.ephemeral ? [ephemeralPart()] : []),
  ]);
}

function contentPart({ marked }: Reading): Part {
  return textPart(marked, { x: LEFT, width: ROOM, lineHeight: LINE, plain: PLAIN });
}

type Column = { x: number; width: number; lineHeight: number; plain: Style };

/** Marked text, its blocks of code in boxes of their own. */
function textPart(marked: string, column: Column): Part {
  return stacked(
    blocksOf(marked).map(({ text, isCode }) =>
      isCode
        ? codePart(text, column)
        : linesPart(wrap(spansOfMarkdown(text, stylesOf(column.plain)), column.width), column),
    ),
  );
}

function codePart(text: string, { x, width }: Column): Part {
  const lines = linesPart(wrap([{ text, style: CODE }], width - 16), { x: x + 8, lineHeight: 18, plain: CODE });
  const box: Box = { x, y: 6, width, height: lines.height + 14 };
  return {
    marks: [
      { kind: 'box', box, corners: [4, 4, 4, 4], fill: '#1e1f22', border: '#3f4147' },
      ...within(box, moved(lines.marks, 13)),
    ],
    height: box.height + 8,
  };
}

const CODE: Style = { size: 14, weight: 400, colour: '#dbdee1', mono: true };

function linesPart(lines: Line[], { x, lineHeight, plain }: Omit<Column, 'width'>): Part {
  const height = lines.length * lineHeight;
  const box: Box = { x, y: 0, width: WIDTH - x - RIGHT, height };
  return {
    marks: lines.flatMap((line, index) =>
      textMarks(line, x, baselineOf(index * lineHeight, lineHeight, plain.size), box),
    ),
    height,
  };
}

function filePart({ name, bytes }: Reading['files'][number]): Part {
  const box: Box = { x: LEFT, y: 8, width: Math.min(400, ROOM), height: 60 };
  const link = cutToLine([{ text: name, style: style(16, 400, BLUE) }], box.width - 110);
  const size = cutToLine([{ text: `${bytes.length} bytes`, style: SMALL }], box.width - 110);
  return {
    marks: [
      { kind: 'box', box, corners: [8, 8, 8, 8], fill: '#2b2d31', border: '#3f4147' },
      { kind: 'shape', path: 'M0 0 H15 L24 9 V32 H0 Z', x: LEFT + 16, y: 22, fill: '#d3d6fd' },
      { kind: 'shape', path: 'M15 0 L24 9 H15 Z', x: LEFT + 16, y: 22, fill: '#939bf9' },
      { kind: 'shape', path: 'M5 15 H19 M5 20 H19 M5 25 H14', x: LEFT + 16, y: 22, stroke: BLURPLE, strokeWidth: 2 },
      ...textMarks(link, LEFT + 54, 35, box),
      ...textMarks(size, LEFT + 54, 54, box),
      { ...ARROW, x: LEFT + box.width - 30, y: 38 },
    ],
    height: box.height + 8,
  };
}

/** Downloads a file. */
const ARROW = {
  kind: 'shape',
  path: 'M0 -9 V4 M-5 -1 L0 4 L5 -1 M-8 9 H8',
  stroke: '#b5bac1',
  strokeWidth: 2,
} as const;

/** The bar has the embed's own colour, if it has one. Throws for parts of an embed that would be left out. */
function embedPart({ description, fields, footer, color, ...others }: Record<string, unknown>): Part {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new Error(`the pictures do not know an embed's ${unknown}`);
  const column = { x: LEFT + 16, width: ROOM - 4 - 12 - 16 };
  const text = stacked([
    textPart(textOf(description), { ...column, lineHeight: 20, plain: EMBED }),
    ...rowsOf((fields ?? []) as Field[]).map((row) => fieldsPart(row, column)),
  ]);
  const foot = textOf((footer as { text?: unknown } | undefined)?.text);
  const small = foot === '' ? [] : wrap([{ text: foot, style: SMALL }], column.width);
  const below = linesPart(small, { x: column.x, lineHeight: 16, plain: SMALL });
  const between = text.height > 0 && below.height > 0 ? 8 : 0;
  const box: Box = { x: LEFT, y: 8, width: ROOM, height: 12 + text.height + between + below.height + 14 };
  const bar = typeof color === 'number' ? `#${color.toString(16).padStart(6, '0')}` : '#1e1f22';
  return {
    marks: [
      { kind: 'box', box, corners: [4, 4, 4, 4], fill: bar },
      { kind: 'box', box: { ...box, x: LEFT + 4, width: ROOM - 4 }, corners: [0, 4, 4, 0], fill: '#2b2d31' },
      ...within(box, moved(text.marks, 20)),
      ...within(box, moved(below.marks, 20 + text.height + between)),
    ],
    height: box.height + 8,
  };
}

type Field = { name: string; value: string; inline?: boolean };

/** Short fields stand three in a row, any other has its own. */
function rowsOf(fields: Field[]): Field[][] {
  const rows: Field[][] = [];
  for (const field of fields) {
    const last = rows.at(-1);
    const joins = field.inline === true && last?.[0]?.inline === true && last.length < 3;
    if (joins) last.push(field);
    else rows.push([field]);
  }
  return rows;
}

function fieldsPart(row: Field[], { x, width }: { x: number; width: number }): Part {
  const each = row[0]?.inline === true ? Math.floor(width / 3) : width;
  const parts = row.map(({ name, value }, index) => {
    const column = { x: x + index * each, width: each - 8, lineHeight: 20 };
    return stacked([
      textPart(name, { ...column, plain: { ...EMBED, weight: 600, colour: '#f2f3f5' } }),
      textPart(value, { ...column, plain: EMBED }),
    ]);
  });
  return {
    marks: parts.flatMap(({ marks }) => moved(marks, 6)),
    height: 6 + Math.max(...parts.map(({ height }) => height)),
  };
}

/** Buttons as wide as their labels, on the next line where a row is full. */
function buttonsPart({ buttons, pressed }: Reading): Part {
  const marks: Mark[] = [];
  let y = 8;
  for (const row of buttons) {
    let x = LEFT;
    for (const label of row) {
      const line = cutToLine([{ text: label, style: LABEL }], ROOM - 32);
      const width = line.width + 32;
      if (x > LEFT && x + width > LEFT + ROOM) [x, y] = [LEFT, y + 40];
      marks.push(...buttonMarks(line, { x, y, width, height: 32 }, label === pressed));
      x += width + 8;
    }
    y += 40;
  }
  return { marks, height: buttons.length === 0 ? 0 : y };
}

function buttonMarks(line: Line, box: Box, isPressed: boolean): Mark[] {
  const pointer: Mark = {
    ...{ kind: 'shape', path: 'M0 0 V17.5 L4.2 13.6 L7 20 L10 18.7 L7.2 12.4 L12.6 12 Z' },
    ...{ x: box.x + box.width - 13, y: box.y + 18, fill: '#000000', stroke: '#ffffff', strokeWidth: 1.4 },
  };
  return [
    { kind: 'box', box, corners: [8, 8, 8, 8], fill: isPressed ? '#6d6f78' : '#4e5058' },
    ...textMarks(line, box.x + 16, baselineOf(box.y, box.height, LABEL.size), box),
    ...(isPressed ? [pointer] : []),
  ];
}

function ephemeralPart(): Part {
  const row: Box = { x: LEFT, y: 0, width: ROOM, height: 24 };
  const line = cutToLine(
    [
      { text: 'Only you can see this • ', style: SMALL },
      { text: 'Dismiss message', style: { ...SMALL, colour: BLUE } },
    ],
    ROOM - 22,
  );
  const eye = 'M0 0 C3 -5.5 13 -5.5 16 0 C13 5.5 3 5.5 0 0 Z M10.4 0 A2.4 2.4 0 1 1 10.4 -0.1';
  return {
    marks: [
      { kind: 'shape', path: eye, x: LEFT, y: 13, stroke: MUTED, strokeWidth: 1.5 },
      ...textMarks(line, LEFT + 22, baselineOf(3, 20, SMALL.size), row),
    ],
    height: 24,
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
