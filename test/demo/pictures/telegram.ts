import {
  avatarMarks,
  type Box,
  baselineOf,
  type Corners,
  type Drawing,
  type Mark,
  moved,
  textMarks,
} from './drawing.ts';
import { type Style, style } from './fonts.ts';
import { type Styles, spansOfHtml } from './markup.ts';
import type { Reading } from './record.ts';
import { cutToLine, type Line, wrap } from './text.ts';

const WIDTH = 480;
const HEADER = 58;
const SIDE = 12;
const BUBBLE = { widest: 416, padX: 12, padTop: 7, padBottom: 8, round: 16, tight: 5 };
const LINE = 21;
const BUTTON = { height: 40, gap: 4, padX: 10 };
const BETWEEN = 10;

const PLAIN: Style = { size: 16, weight: 400, colour: '#000000' };
const STYLES: Styles = { plain: PLAIN, bold: { ...PLAIN, weight: 700 }, link: { ...PLAIN, colour: '#1f7ad1' } };
const TIME = { bot: style(12, 400, '#8d939a'), person: style(12, 400, '#4faa42') };
const LABEL = style(15, 600, '#ffffff');
const DAY = style(13, 600, '#ffffff');

/**
 * A private chat with the bot as Telegram shows it on a phone, its messages in the order in which they came. Throws for
 * what would be left out.
 */
export function drawTelegram(bot: string, readings: Reading[]): Drawing {
  const marks: Mark[] = [];
  let y = HEADER + BETWEEN;
  let day = '';
  for (const reading of readings) {
    if (reading.files.length > 0) throw new Error('the pictures do not know files in Telegram');
    if (dayOf(reading.at) !== day) {
      day = dayOf(reading.at);
      marks.push(...dayMarks(day, y));
      y += 26 + BETWEEN;
    }
    const message = messageMarks(reading);
    marks.push(...moved(message.marks, y));
    y += message.height + BETWEEN;
  }
  return { width: WIDTH, height: y + 4, background: 'wallpaper', marks: [...marks, ...headerMarks(bot)] };
}

function headerMarks(bot: string): Mark[] {
  const bar: Box = { x: 0, y: 0, width: WIDTH, height: HEADER };
  const name = cutToLine([{ text: bot, style: style(17, 600, '#000000') }], WIDTH - 140);
  const kind = cutToLine([{ text: 'bot', style: style(13, 400, '#8e8e93') }], WIDTH - 140);
  const letter = cutToLine([{ text: bot.slice(0, 1).toUpperCase(), style: style(18, 600, '#ffffff') }], 38);
  return [
    { kind: 'box', box: bar, corners: [0, 0, 0, 0], fill: '#f7f7f7' },
    { kind: 'box', box: { ...bar, y: HEADER - 0.5, height: 0.5 }, corners: [0, 0, 0, 0], fill: '#b9b9bc' },
    { kind: 'shape', path: 'M9 -8.5 L0.5 0 L9 8.5', x: 16, y: HEADER / 2, stroke: '#007aff', strokeWidth: 2.6 },
    ...textMarks(name, (WIDTH - name.width) / 2, 26, bar),
    ...textMarks(kind, (WIDTH - kind.width) / 2, 44, bar),
    ...avatarMarks(letter, '#41a6ec', { x: WIDTH - 38 - SIDE, y: 10 }, 38),
  ];
}

function dayMarks(day: string, y: number): Mark[] {
  const line = cutToLine([{ text: day, style: DAY }], WIDTH - 2 * SIDE - 20);
  const box = { x: (WIDTH - line.width) / 2 - 10, y, width: line.width + 20, height: 26 };
  return [
    { kind: 'box', box, corners: [13, 13, 13, 13], fill: 'rgba(70, 105, 70, 0.55)' },
    ...textMarks(line, box.x + 10, baselineOf(y, 26, DAY.size), box),
  ];
}

/** A message from the top of its bubble to the end of its buttons. */
function messageMarks(reading: Reading): { marks: Mark[]; height: number } {
  const { lines, width, height } = measured(reading);
  const isMine = reading.from === 'person';
  const box: Box = { x: isMine ? WIDTH - SIDE - width : SIDE, y: 0, width, height };
  const { round, tight } = BUBBLE;
  const hasButtons = reading.buttons.length > 0;
  const corners: Corners = hasButtons ? [round, round, tight, tight] : [round, round, round, round];
  const text = lines.flatMap((line, index) =>
    textMarks(line, box.x + BUBBLE.padX, baselineOf(BUBBLE.padTop + index * LINE, LINE, PLAIN.size), box),
  );
  const colour = isMine ? '#e1ffc7' : '#ffffff';
  const keyboard = hasButtons ? keyboardMarks(reading, box) : { marks: [], height: 0 };
  return {
    marks: [
      ...(hasButtons ? [] : [tailMark(isMine, box, colour)]),
      { kind: 'box', box, corners, fill: colour, shadow: true },
      ...(hasButtons ? [] : [tailMark(isMine, box, colour)]),
      ...text,
      ...timeMarks(reading, box),
      ...keyboard.marks,
    ],
    height: height + keyboard.height,
  };
}

/** The bubble is as wide as its text and its buttons need; the time goes on the last line if there is room. */
function measured({ marked, from, at, buttons }: Reading): { lines: Line[]; width: number; height: number } {
  const inner = BUBBLE.widest - 2 * BUBBLE.padX;
  const lines = wrap(spansOfHtml(marked, STYLES), inner);
  const stamp = timeLine(at, from).width + (from === 'person' ? TICKS : 0);
  const last = (lines.at(-1)?.width ?? 0) + 10 + stamp;
  const isBeside = last <= inner;
  const keyboard = Math.max(0, ...buttons.map(neededBy));
  const text = Math.max(...lines.map((line) => line.width), isBeside ? last : stamp) + 2 * BUBBLE.padX;
  return {
    lines,
    width: Math.ceil(Math.min(BUBBLE.widest, Math.max(text, keyboard))),
    height: BUBBLE.padTop + lines.length * LINE + (isBeside ? 0 : 16) + BUBBLE.padBottom,
  };
}

function neededBy(row: string[]): number {
  const widest = Math.max(...row.map((label) => labelLine(label, Number.POSITIVE_INFINITY).width));
  return row.length * (widest + 2 * BUTTON.padX) + (row.length - 1) * BUTTON.gap;
}

function timeMarks({ at, from }: Reading, box: Box): Mark[] {
  const line = timeLine(at, from);
  const right = box.x + box.width - BUBBLE.padX + 2;
  const y = box.height - 7;
  if (from === 'bot') return textMarks(line, right - line.width, y, box);
  const ticks: Mark = {
    ...{ kind: 'shape', path: 'M0 -4 L3 -1 L9 -8 M5.5 -1.8 L6.5 -1 L12.5 -8', x: right - 13, y },
    ...{ stroke: TIME.person.colour, strokeWidth: 1.3 },
  };
  return [...textMarks(line, right - TICKS - line.width, y, box), ticks];
}

const TICKS = 16;

function timeLine(at: string, from: Reading['from']): Line {
  return cutToLine([{ text: at.slice(11, 16), style: TIME[from] }], BUBBLE.widest);
}

/** The corner at the bottom that points to who speaks. */
function tailMark(isMine: boolean, { x, width, height }: Box, fill: string): Mark {
  const path = 'M0 -16 C0 -8 -1.5 -3 -6 -0.6 C-2 0.6 6 0.2 10 -3 L16 -16 Z';
  const mirrored = 'M0 -16 C0 -8 1.5 -3 6 -0.6 C2 0.6 -6 0.2 -10 -3 L-16 -16 Z';
  return { kind: 'shape', path: isMine ? mirrored : path, x: isMine ? x + width : x, y: height, fill };
}

/** Rows as wide as the bubble, their buttons alike. */
function keyboardMarks({ buttons, pressed }: Reading, bubble: Box): { marks: Mark[]; height: number } {
  const { height, gap } = BUTTON;
  const marks = buttons.flatMap((row, index) => {
    const width = (bubble.width - gap * (row.length - 1)) / row.length;
    const y = bubble.height + gap + index * (height + gap);
    const isLast = index === buttons.length - 1;
    return row.flatMap((label, column) => {
      const box = { x: bubble.x + column * (width + gap), y, width, height };
      const round = (isCorner: boolean): number => (isLast && isCorner ? BUBBLE.round : BUBBLE.tight);
      const corners: Corners = [5, 5, round(column === row.length - 1), round(column === 0)];
      return buttonMarks(label, box, corners, label === pressed);
    });
  });
  return { marks, height: buttons.length * (height + gap) };
}

function buttonMarks(label: string, box: Box, corners: Corners, isPressed: boolean): Mark[] {
  const line = labelLine(label, box.width - 2 * BUTTON.padX);
  const fill = isPressed ? 'rgba(40, 84, 44, 0.85)' : 'rgba(72, 112, 72, 0.62)';
  const x = box.x + (box.width - line.width) / 2;
  return [
    { kind: 'box', box, corners, fill },
    ...textMarks(line, x, baselineOf(box.y, box.height, LABEL.size), box),
    ...(isPressed
      ? fingerMarks(Math.min(x + line.width + 20, box.x + box.width - 16), box.y + box.height / 2 + 6)
      : []),
  ];
}

/** Where a finger touches. */
function fingerMarks(x: number, y: number): Mark[] {
  const circle = (size: number, fill: string, border?: string): Mark => ({
    ...{ kind: 'box', box: { x: x - size / 2, y: y - size / 2, width: size, height: size }, fill },
    ...{ corners: [size / 2, size / 2, size / 2, size / 2] },
    ...(border === undefined ? {} : { border }),
  });
  return [circle(38, 'rgba(255, 255, 255, 0.28)'), circle(26, 'rgba(255, 255, 255, 0.75)', 'rgba(0, 0, 0, 0.18)')];
}

function labelLine(label: string, maxWidth: number): Line {
  return cutToLine([{ text: label, style: LABEL }], maxWidth);
}

function dayOf(at: string): string {
  return new Date(at).toLocaleDateString('en-US', { day: 'numeric', month: 'long', timeZone: 'UTC' });
}
