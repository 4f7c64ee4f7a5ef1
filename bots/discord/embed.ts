import type { APIEmbed } from 'discord.js';

import { withoutMarks } from '../../src/notices/messages/marks.ts';
import { type Message, type State, shorten } from '../../src/notices/messages/message.ts';
import { rowsWithHeadings } from '../../src/notices/messages/tables.ts';
import { fitParts, joinLines, PART_LENGTH } from '../messageParts.ts';
import { markdownOf } from './markdown.ts';

/** Discord's limits, in characters; all parts of an embed together may not exceed `all`. */
const LIMITS = { description: 4_096, fields: 25, name: 256, value: 1_024, all: 6_000 };
/** Wider tables break on most screens. */
const TABLE_WIDTH = 64;
/** Facts so short stand beside each other. */
const SHORT = { name: 32, value: 40 };

/** The bar at an embed's side. */
const COLOURS: { [S in State]: number } = {
  done: 0x2ecc71,
  open: 0xf1c40f,
  overdue: 0xe67e22,
  stopped: 0xe74c3c,
  info: 0x3498db,
};

/**
 * Pure: what people look up in a message, below its sentences; undefined where there is nothing. Facts are fields where all of
 * them fit, else lines of the description, of which the last may be left out. `more` are sentences that found no room above.
 */
export function embedOf(message: Message, more: string[]): APIEmbed | undefined {
  const { state } = message;
  const footer = footerOf(message);
  const fields = fieldsOf(message);
  const withFields = [...more, ...tableParts(message)];
  const room = LIMITS.all - lengthOf(fields ?? []) - (footer?.text.length ?? 0);
  const isRoomy = withFields.join('\n\n').length <= Math.min(LIMITS.description, room);
  const shown = isRoomy ? fields : undefined;
  const parts = shown === undefined ? [...withFields, ...factParts(message)] : withFields;
  const description = fitParts(parts, LIMITS.description);
  if (description === '' && shown === undefined && footer === undefined) return undefined;
  return {
    ...(state === undefined ? {} : { color: COLOURS[state] }),
    ...(description === '' ? {} : { description }),
    ...(shown === undefined ? {} : { fields: shown }),
    ...(footer === undefined ? {} : { footer }),
  };
}

type Field = NonNullable<APIEmbed['fields']>[number];

/** Undefined where the facts are none, or do not fit; a list of commands is read from top to bottom. */
function fieldsOf(message: Message): Field[] | undefined {
  const { facts = [] } = message;
  if (facts.length === 0 || facts.length > LIMITS.fields) return undefined;
  const fields = facts.map(([label, text]): Field => {
    const [name, value] = [markdownOf(withoutMarks(label), message), markdownOf(text, message)];
    return { name, value, inline: name.length <= SHORT.name && value.length <= SHORT.value };
  });
  const fit = fields.every(
    ({ name, value }) => isLength(name, LIMITS.name) && isLength(value, LIMITS.value) && !name.startsWith('/'),
  );
  return fit ? fields : undefined;
}

function isLength(text: string, most: number): boolean {
  return text.trim() !== '' && text.length <= most;
}

function lengthOf(fields: Field[]): number {
  return fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
}

function footerOf({ footer }: Message): { text: string } | undefined {
  if (footer === undefined || footer.trim() === '') return undefined;
  return { text: shorten(withoutMarks(footer), PART_LENGTH) };
}

/** Columns where they fit and the cells are plain, else a line for each row. */
function tableParts(message: Message): string[] {
  const { table } = message;
  if (table === undefined || table.rows.length === 0) return [];
  const shown = rowsWithHeadings(table);
  const rows = table.rows.map((row) => row.map(withoutMarks));
  const hasHeader = table.header.length > 0;
  const cells = aligned(hasHeader ? [table.header, ...rows] : rows, table.numbers);
  const [head, body] = hasHeader ? [cells.slice(0, 1), cells.slice(1)] : [[], cells];
  const lines = [
    ...head,
    ...body.flatMap((line, index) => [...(shown[index]?.heading === undefined ? [] : [shown[index].heading]), line]),
  ];
  const isPlain = lines.every((line) => line.length <= TABLE_WIDTH && !/[`\n\r]/.test(line));
  if (isPlain) return joinLines(lines).map((part) => `\`\`\`\n${part}\n\`\`\``);
  return joinLines(
    shown.flatMap(({ row, heading }) => [
      ...(heading === undefined ? [] : [`**${markdownOf(heading, message)}**`]),
      `• ${row.map((cell) => markdownOf(cell, message)).join(' · ')}`,
    ]),
  );
}

/** Columns side by side; those of `numbers` end at the same place. */
function aligned(rows: string[][], numbers: readonly number[] = []): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        numbers.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

function factParts(message: Message): string[] {
  const markdown = (text: string) => markdownOf(text, message);
  return joinLines(
    (message.facts ?? []).map(
      ([label, value]) => `**${markdown(label)}**${label.startsWith('/') ? ' –' : ':'} ${markdown(value)}`,
    ),
  );
}
