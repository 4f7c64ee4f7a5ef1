import { bodyPart } from './discordBody.ts';
import { BACKGROUND, BLUE, BLURPLE, LEFT, LINE, ROOM, SMALL, stylesOf, WIDTH } from './discordTheme.ts';
import { avatarMarks, type Box, baselineOf, type Drawing, type Mark, moved, type Part, textMarks } from './drawing.ts';
import { style } from './fonts.ts';
import { spansOfMarkdown } from './markup.ts';
import type { Reading } from './record.ts';
import { cutToLine, type Line, type Span } from './text.ts';

const AVATAR = 40;
const NAME = style(16, 500, '#f2f3f5');
const REPLY = style(14, 400, '#b5bac1');

/**
 * The bot's messages to somebody in Discord as its dark theme shows them, in the order in which they came. Throws for
 * what would be left out.
 */
export function drawDiscord(bot: string, readings: Reading[]): Drawing {
  const marks: Mark[] = [];
  let y = 10;
  for (const reading of readings) {
    if (reading.from === 'person') throw new Error('the pictures do not know what people write in Discord');
    const message = messageMarks(bot, reading, readings);
    marks.push(...moved(message.marks, y));
    y += message.height + 6;
  }
  return { width: WIDTH, height: y + 4, background: { colour: BACKGROUND }, marks };
}

/** What it answers, who says it, the text, and below that files, embeds and buttons. */
function messageMarks(bot: string, reading: Reading, readings: Reading[]): Part {
  const body = bodyPart(reading);
  const answered = answeredMarks(bot, reading, readings);
  const top = answered.height + 8;
  const bodyTop = top + LINE + 2;
  const height = bodyTop + body.height + 8;
  const tint: Mark = {
    ...{ kind: 'box', box: { x: 0, y: 0, width: WIDTH, height }, corners: [0, 0, 0, 0] },
    fill: reading.ephemeral ? '#34373f' : BACKGROUND,
  };
  return {
    marks: [tint, ...moved(answered.marks, 8), ...moved(headMarks(bot, reading), top), ...moved(body.marks, bodyTop)],
    height,
  };
}

function headMarks(bot: string, { at }: Reading): Mark[] {
  const row = rowBox(LINE);
  const name = cutToLine([{ text: bot, style: NAME }], ROOM / 2);
  const tag = cutToLine([{ text: 'APP', style: style(11.5, 600, '#ffffff') }], 60);
  const time = cutToLine([{ text: `Today at ${at.slice(11, 16)}`, style: SMALL }], 140);
  const badge: Box = { x: LEFT + name.width + 6, y: 4, width: tag.width + 9, height: 16 };
  return [
    ...avatarMarks(letterOf(bot, 18), BLURPLE, { x: 14, y: 1 }, AVATAR),
    ...textMarks(name, LEFT, baselineOf(0, LINE, NAME.size), row),
    { kind: 'box', box: badge, corners: [4, 4, 4, 4], fill: BLURPLE },
    ...textMarks(tag, badge.x + 4.5, baselineOf(badge.y, badge.height, 11.5), badge),
    ...textMarks(time, badge.x + badge.width + 8, baselineOf(1, LINE, SMALL.size), row),
  ];
}

/** The line above a message: who used which command, or the message whose button was pressed. */
function answeredMarks(bot: string, { answers, person }: Reading, readings: Reading[]): Part {
  if (answers === null) return { marks: [], height: 0 };
  const isCommand = 'command' in answers;
  const who = isCommand ? person.name : bot;
  const spans: Span[] = isCommand
    ? [
        { text: who, style: { ...REPLY, weight: 500 } },
        { text: ' used ', style: REPLY },
        { text: `/${answers.command}`, style: { ...REPLY, weight: 500, colour: BLUE } },
      ]
    : [{ text: `${who}  `, style: { ...REPLY, weight: 500 } }, ...previewOf(answers.messageId, readings)];
  const row = rowBox(18);
  const line = cutToLine(spans, ROOM - 22);
  return {
    marks: [
      { kind: 'shape', path: 'M0 11 L0 5 Q0 0 5 0 L29 0', x: 34, y: 9, stroke: '#4e5058', strokeWidth: 2 },
      ...avatarMarks(letterOf(who, 9), isCommand ? '#eb459e' : BLURPLE, { x: LEFT, y: 1 }, 16),
      ...textMarks(line, LEFT + 22, baselineOf(0, 18, REPLY.size), row),
    ],
    height: 24,
  };
}

/** The beginning of another message of the picture, in one line. */
function previewOf(messageId: string, readings: Reading[]): Span[] {
  const reading = readings.find((one) => one.messageId === messageId);
  if (reading === undefined) throw new Error('the picture lacks the message whose button was pressed');
  return spansOfMarkdown(reading.marked, stylesOf(REPLY)).map((span) => ({
    ...span,
    text: span.text.replaceAll(/\s+/g, ' '),
  }));
}

function letterOf(name: string, size: number): Line {
  return cutToLine([{ text: name.slice(0, 1).toUpperCase(), style: style(size, 600, '#ffffff') }], AVATAR);
}

function rowBox(height: number): Box {
  return { x: LEFT, y: 0, width: ROOM, height };
}
