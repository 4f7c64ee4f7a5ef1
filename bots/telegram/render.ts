import { type Message, shorten } from '../../src/notices/messages/message.ts';
import { buttonData, type StoredCallback } from '../callbackStore.ts';

/** A message as Telegram takes it. `longCommands` are those its buttons name by hash, to be stored before it is sent. */
export type Rendered = {
  text: string;
  keyboard: { text: string; callback_data: string }[][];
  callbacks: StoredCallback[];
};

/** Telegram's limits: characters of a text, bytes of a button's data, buttons of a keyboard. */
export const TEXT_LIMIT = 4_096;
const DATA_LIMIT_BYTES = 64;
const BUTTON_LIMIT = 100;
const LABEL_LENGTH = 60;
const PART_LENGTH = 1_500;

/** Pure: the same message is always the same text and keyboard. */
export function render(message: Message): Rendered {
  const callbacks: StoredCallback[] = [];
  let left = BUTTON_LIMIT;
  const keyboard = message.buttons
    .map((row) =>
      row.slice(0, Math.max(0, left)).map(({ label, command }) => {
        left -= 1;
        return { text: shorten(label, LABEL_LENGTH), callback_data: dataOf(command, callbacks) };
      }),
    )
    .filter((row) => row.length > 0);
  return { text: textOf(message), keyboard, callbacks };
}

function dataOf(command: string, callbacks: StoredCallback[]): string {
  return buttonData(command, Buffer.byteLength(command) <= DATA_LIMIT_BYTES, callbacks);
}

/** Whole parts as long as they fit: what comes first matters most. A text is never empty. */
function textOf(message: Message): string {
  let text = '';
  for (const part of partsOf(message)) {
    const longer = text === '' ? part : `${text}\n\n${part}`;
    if (longer.length > TEXT_LIMIT - MORE.length) return `${text}${MORE}`;
    text = longer;
  }
  return text === '' ? '…' : text;
}

const MORE = '\n\n…';

function partsOf({ title, paragraphs, table, facts, footer }: Message): string[] {
  const heading = title === undefined ? [] : [`<b>${escaped(title)}</b>`];
  const rows = (table?.rows ?? []).map((row) => `• ${row.map(escaped).join(' · ')}`);
  const list = (facts ?? []).map(([label, value]) => `${escaped(label)}${separator(label)} ${escaped(value)}`);
  return [
    ...heading,
    ...paragraphs.map(escaped),
    ...joined(rows),
    ...joined(list),
    ...(footer === undefined ? [] : [escaped(footer)]),
  ].filter((part) => part.trim() !== '');
}

/** A command explains itself with a dash, any other label with a colon. */
function separator(label: string): string {
  return label.startsWith('/') ? ' –' : ':';
}

/** Lines that belong together, in parts that can be left out at the end without losing all. */
function joined(lines: string[]): string[] {
  const parts: string[] = [];
  let part = '';
  for (const line of lines) {
    if (part !== '' && part.length + line.length + 1 > PART_LENGTH) {
      parts.push(part);
      part = '';
    }
    part = part === '' ? line : `${part}\n${line}`;
  }
  return part === '' ? parts : [...parts, part];
}

/** The three characters that mean something in Telegram's HTML; one piece never crowds out all others. */
function escaped(text: string): string {
  return shorten(text, PART_LENGTH).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
