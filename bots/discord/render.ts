import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIButtonComponentWithURL,
  ButtonStyle,
  ComponentType,
  type RawFile,
} from 'discord.js';

import { piecesOf, withoutMarks } from '../../src/notices/messages/marks.ts';
import { type Button, inOneLineEach, type Message, SIGNS, shorten } from '../../src/notices/messages/message.ts';
import { rowsWithHeadings } from '../../src/notices/messages/tables.ts';
import { buttonData, type StoredCallback } from '../callbackStore.ts';
import { fitParts, joinLines, MORE, PART_LENGTH } from '../messageParts.ts';
import type { MessageBody } from './api.ts';

/** A message as Discord takes it. `callbacks` are the commands that its buttons name by hash, to be stored first. */
export type Rendered = { body: MessageBody; files: RawFile[]; callbacks: StoredCallback[] };

/** Discord's limits, in characters; an embed's parts together may not exceed 6,000. */
const LIMITS = { content: 2_000, description: 4_096, footer: 2_048, label: 80, customId: 100, rowsOfFive: 5 };
const TITLE_LENGTH = 256;
/** Wider tables break on most screens. */
const TABLE_WIDTH = 64;

/**
 * Pure: the same message is always the same content, embed and buttons. Sentences are content, so that a phone's push
 * message shows them; reference material is in the embed below.
 */
export function render(given: Message): Rendered {
  const message = inOneLineEach(given);
  const callbacks: StoredCallback[] = [];
  const { state, title, paragraphs, footer, attachment } = message;
  const sign = state === undefined ? '' : `${SIGNS[state]} `;
  const isTitled = title !== undefined && title.trim() !== '';
  const heading = isTitled ? [`${sign}**${markdownOf(shorten(title, TITLE_LENGTH), message)}**`] : [];
  const sentences = paragraphs.filter((text) => text.trim() !== '').map((text) => markdownOf(text, message));
  const lead = [...heading, ...sentences].join('\n\n');
  const isShort = lead.length <= LIMITS.content;
  const content = isShort ? lead : heading.join('');
  const description = fitParts(
    [...(isShort ? [] : sentences), ...tableParts(message), ...factParts(message)],
    LIMITS.description,
  );
  const embed = {
    ...(description === '' ? {} : { description }),
    ...(footer === undefined || footer.trim() === ''
      ? {}
      : { footer: { text: shorten(withoutMarks(footer), PART_LENGTH) } }),
  };
  const hasEmbed = Object.keys(embed).length > 0;
  return {
    body: {
      content: content === '' && !hasEmbed ? MORE : content,
      embeds: hasEmbed ? [embed] : [],
      components: rowsOf(message.buttons, callbacks),
      allowed_mentions: { parse: [] },
    },
    files: attachment === undefined ? [] : [fileOf(attachment)],
    callbacks,
  };
}

function fileOf({ name, contentType, content }: NonNullable<Message['attachment']>): RawFile {
  return { name, contentType, data: typeof content === 'string' ? content : Buffer.from(content) };
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

/** A text with its ids as code and its rules one touch away. One piece never crowds out all others. */
function markdownOf(text: string, { rulesPage }: Pick<Message, 'rulesPage'>): string {
  return piecesOf(shorten(text, PART_LENGTH))
    .map(({ text: words, code, rule }) => {
      if (code) return `\`${words.replaceAll('`', "'")}\``;
      if (rule !== undefined && rulesPage !== undefined) return `[${escapeMarkdown(words)}](<${rulesPage}#${rule}>)`;
      return escapeMarkdown(words);
    })
    .join('');
}

type Row = APIActionRowComponent<APIButtonComponentWithCustomId | APIButtonComponentWithURL>;

/** At most five rows of five. Rows stay as they are if they fit, else neighbours share one. One command or page, one button. */
function rowsOf(buttons: Button[][], callbacks: StoredCallback[]): Row[] {
  const seen = new Set<string>();
  const distinct = buttons
    .map((row) =>
      row.filter(({ command, url }) => {
        const leadsTo = (command ?? url).trim();
        const isNew = leadsTo !== '' && !seen.has(leadsTo);
        seen.add(leadsTo);
        return isNew;
      }),
    )
    .filter((row) => row.length > 0);
  return packed(distinct).map((row) => ({
    type: ComponentType.ActionRow,
    components: row.map((button) => ({
      type: ComponentType.Button as const,
      label: shorten(button.label.trim() === '' ? MORE : button.label, LIMITS.label),
      ...pressOf(button, callbacks),
    })),
  }));
}

const STYLES = { usual: ButtonStyle.Secondary, main: ButtonStyle.Primary, danger: ButtonStyle.Danger } as const;

function pressOf({ command, url, weight }: Button, callbacks: StoredCallback[]) {
  if (command === undefined) return { style: ButtonStyle.Link as const, url };
  const custom_id = buttonData(command, command.length <= LIMITS.customId, callbacks);
  return { style: STYLES[weight ?? 'usual'], custom_id };
}

function packed(rows: Button[][]): Button[][] {
  if (rows.length <= LIMITS.rowsOfFive && rows.every((row) => row.length <= 5)) return rows;
  const merged: Button[][] = [];
  for (const row of rows) {
    const last = merged.at(-1);
    if (last !== undefined && last.length + row.length <= 5) last.push(...row);
    else merged.push([...row]);
  }
  if (merged.length <= LIMITS.rowsOfFive && merged.every((row) => row.length <= 5)) return merged;
  const all = rows.flat();
  return Array.from({ length: LIMITS.rowsOfFive }, (_, index) => all.slice(index * 5, index * 5 + 5)).filter(
    (row) => row.length > 0,
  );
}

/**
 * Text that Discord shows as it is written: nothing of it is markup, a link behind other words, a mention or a
 * picture. A backslash before punctuation is never shown.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\*_~`|<>[\]()@]/g, '\\$&')
    .replace(/^(\s*)([#+-]|\d+(?=\.))/gm, (_, indent: string, mark: string) =>
      /\d/.test(mark) ? `${indent}${mark}\\` : `${indent}\\${mark}`,
    )
    .replace(/:(?=[\w+-]+:)/g, '\\:')
    .replace(/(https?|discord):\/\//gi, '$1\\://');
}
