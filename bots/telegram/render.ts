import { piecesOf } from '../../src/notices/messages/marks.ts';
import { type Button, inOneLineEach, type Message, SIGNS, shorten } from '../../src/notices/messages/message.ts';
import { rowsWithHeadings } from '../../src/notices/messages/tables.ts';
import { buttonData, type StoredCallback } from '../callbackStore.ts';
import { fitParts, joinLines, MORE, PART_LENGTH } from '../messageParts.ts';

/** Each button sends data to us, opens a page, or opens one in Telegram, which tells it who pressed. */
type KeyboardButton =
  | { text: string; callback_data: string }
  | { text: string; url: string }
  | { text: string; web_app: { url: string } };
export type Keyboard = KeyboardButton[][];

/** A message as Telegram takes it. `callbacks` are the commands that its buttons name by hash, to be stored first. */
export type Rendered = {
  text: string;
  keyboard: Keyboard;
  callbacks: StoredCallback[];
};

/** Telegram's limits: characters of a text, bytes of a button's data, buttons of a keyboard. */
export const TEXT_LIMIT = 4_096;
const DATA_LIMIT_BYTES = 64;
const BUTTON_LIMIT = 100;
const LABEL_LENGTH = 60;

/** Pure: the same message is always the same text, of at most `limit` characters as they are shown, and keyboard. */
export function render(message: Message, limit = TEXT_LIMIT): Rendered {
  const shown = inOneLineEach(message);
  const callbacks: StoredCallback[] = [];
  let left = BUTTON_LIMIT;
  const keyboard = shown.buttons
    .map((row) =>
      row.slice(0, Math.max(0, left)).map((button) => {
        left -= 1;
        return keyOf(button, callbacks);
      }),
    )
    .filter((row) => row.length > 0);
  const text = fitParts(piecesToShow(shown), limit, shownLength);
  // A text is never empty.
  return { text: text === '' ? MORE : text, keyboard, callbacks };
}

function keyOf({ label, command, url, app }: Button, callbacks: StoredCallback[]): KeyboardButton {
  const text = shorten(label, LABEL_LENGTH) || MORE;
  if (app !== undefined) return { text, web_app: { url: app } };
  return command === undefined ? { text, url } : { text, callback_data: dataOf(command, callbacks) };
}

function dataOf(command: string, callbacks: StoredCallback[]): string {
  return buttonData(command, Buffer.byteLength(command) <= DATA_LIMIT_BYTES, callbacks);
}

function piecesToShow({ state, title, paragraphs, table, facts, footer, rulesPage }: Message): string[] {
  const html = (text: string) => htmlOf(text, rulesPage);
  const sign = state === undefined ? '' : `${SIGNS[state]} `;
  const heading = title === undefined || title === '' ? [] : [`${sign}${bold(html(title))}`];
  const rows = (table === undefined ? [] : rowsWithHeadings(table)).flatMap(({ row, heading }) => [
    ...(heading === undefined ? [] : [bold(html(heading))]),
    `• ${row.map(html).join(' · ')}`,
  ]);
  const list = (facts ?? []).map(([label, value]) => `${html(label)}${separator(label)} ${html(value)}`);
  return [
    ...heading,
    ...paragraphs.map(html),
    ...joinLines(rows),
    ...joinLines(list),
    ...(footer === undefined ? [] : [html(footer)]),
  ].filter((part) => part.trim() !== '');
}

/** A command explains itself with a dash, any other label with a colon. */
function separator(label: string): string {
  return label.startsWith('/') ? ' –' : ':';
}

/** As Telegram counts: after parsing, so that a tag is nothing and `&amp;` one. */
export function shownLength(html: string): number {
  return html.replaceAll(/<[^>]*>/g, '').replaceAll(/&\w+;/g, '&').length;
}

/** A text with its ids to be copied by a touch and its rules one touch away. One piece never crowds out all others. */
function htmlOf(text: string, rulesPage: string | undefined): string {
  return piecesOf(shorten(text, PART_LENGTH))
    .map(({ text: words, code, rule }) => {
      if (code) return `<code>${entities(words)}</code>`;
      if (rule !== undefined && rulesPage !== undefined) return `<a href="${rulesPage}#${rule}">${entities(words)}</a>`;
      return escaped(words);
    })
    .join('');
}

/** The three characters that mean something in Telegram's HTML. */
function entities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Words, of which nothing becomes a link by itself. */
function escaped(text: string): string {
  return entities(text)
    .split(QUOTE)
    .map((part, index) => (index % 2 === 0 ? part.replaceAll(ADDRESS, '<code>$&</code>') : quote(part)))
    .join('');
}

function quote(part: string): string {
  const [, inner = '', end = ''] = /^“([^”]*)(”?)$/.exec(part) ?? [];
  return LINKABLE.test(inner) ? `“<code>${inner}</code>${end}` : part;
}

/** What somebody else wrote, as `quoted` sets it apart; its end may have been cut off. */
const QUOTE = /(“[^“”]*(?:”|$))/;
/** Telegram makes links of addresses, mentions, tags and commands by itself, but not in code. */
const LINKABLE = /[@#$/]|[\p{L}\p{N}]\.[\p{L}\p{N}]/u;
/** An id, or a word that was typed, that Telegram would take for an address: `2026-W10:ava.me`. */
const ADDRESS = /[^\s“”<>&;,()]*[\p{L}\p{N}_-]\.\p{L}{2}[^\s“”<>&;,()]*(?<![.:!?])/gu;

/** Telegram allows no code within bold. */
function bold(html: string): string {
  return html
    .split(/(<code>[^<]*<\/code>)/)
    .map((part, index) => (index % 2 === 0 && part !== '' ? `<b>${part}</b>` : part))
    .join('');
}
