import { innerPiece, onePiece, quoted, shorten } from '../../kernel/text.ts';
import { type DisplayContext, speechOf } from '../../texts/speech.ts';
import { mapPieces } from './marks.ts';

export { onePiece, quoted, shorten };

/**
 * A message to a person, free of any channel: each bot renders it in its own way. Paragraphs are plain sentences; facts
 * and tables are for reference.
 */
export type Message = {
  /** How things stand with what the title says; shown as one sign before it. */
  state?: State;
  /** What happened, with its amount. */
  title?: string;
  paragraphs: string[];
  facts?: [label: string, value: string][];
  table?: Table;
  footer?: string;
  attachment?: Attachment;
  /** The page of the rules, where the deployment has one: what `ruleLink` marked leads there. */
  rulesPage?: string;
  buttons: Button[][];
  /** The buttons are the commands of the person's role: a channel that shows these below the text field leaves them out. */
  menu?: true;
  /** What it holds opens something as its reader: a channel that can keep a message from being forwarded does. */
  isSecret?: true;
};

/** Rows of cells below their headers; columns are told apart where there is room for them. */
export type Table = {
  header: string[];
  rows: string[][];
  /** The columns that hold amounts or counts: their digits stand below each other. */
  numbers?: readonly number[];
  /** What the rows from one on have in common, such as their month; shown above that row. */
  headings?: readonly { from: number; text: string }[];
};

/**
 * A notice has at most so many lines, its title, rows and facts among them, and a part of an answer as many rows and facts; the
 * rest is a touch away (docs/chat.md#messages).
 */
export const LINES = 8;

/** Paid or done, waiting for somebody or something, late, paused or blocked or ended, or just so. */
export type State = 'done' | 'open' | 'overdue' | 'stopped' | 'info';

/** The sign of a state, the same in every language. */
export const SIGNS: { [S in State]: string } = { done: '✅', open: '⏳', overdue: '⚠️', stopped: '⛔', info: 'ℹ️' };

/** A file that goes with a message. A picture (`image/…`) is shown, and `alt` says it in words. */
export type Attachment = { name: string; contentType: string; content: string | Uint8Array; alt?: string };

/**
 * Pressing it is the same as typing the command (English labels begin with the command's name), opens a page, or opens a page
 * within the channel, which tells it who the person is: channels that cannot leave that one out. `weight`: the one that most will
 * press, or one that cannot be taken back.
 */
export type Button = CommandButton | LinkButton | AppButton;
export type CommandButton = { label: string; command: string; weight?: 'main' | 'danger'; url?: never; app?: never };
export type LinkButton = { label: string; url: string; weight?: never; command?: never; app?: never };
/** Its address begins with https://. */
export type AppButton = { label: string; app: string; weight?: never; command?: never; url?: never };

/**
 * The message as a channel may show it: every piece of it is one line, whatever went into it. Both bots render this and
 * nothing else, so that no message can forget it.
 */
export function inOneLineEach(message: Message): Message {
  const { state, title, paragraphs, facts, table, footer, buttons, attachment, rulesPage, isSecret } = message;
  return {
    ...(state === undefined ? {} : { state }),
    ...(title === undefined ? {} : { title: markedPiece(title) }),
    paragraphs: paragraphs.map(markedPiece),
    ...(facts === undefined ? {} : { facts: facts.map(([label, value]) => [markedPiece(label), markedPiece(value)]) }),
    ...(table === undefined ? {} : { table: tableInOneLineEach(table) }),
    ...(footer === undefined ? {} : { footer: markedPiece(footer) }),
    ...(attachment === undefined ? {} : { attachment: { ...attachment, name: onePiece(attachment.name) } }),
    ...(rulesPage === undefined ? {} : { rulesPage }),
    ...(isSecret === undefined ? {} : { isSecret }),
    buttons: buttons.map((row) => row.map((button) => ({ ...button, label: onePiece(button.label) }))),
  };
}

function tableInOneLineEach({ header, rows, headings, ...rest }: Table): Table {
  return {
    ...rest,
    header: header.map(onePiece),
    rows: rows.map((row) => row.map(markedPiece)),
    ...(headings === undefined ? {} : { headings: headings.map(({ from, text }) => ({ from, text: onePiece(text) })) }),
  };
}

function markedPiece(text: string): string {
  return mapPieces(text, innerPiece).trim();
}

/** `1 payment`, `3 payments`. */
export function countOf(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** How many lines a message has, before any of them wraps. */
export function linesOf({ title, paragraphs, facts = [], table, footer = '' }: Message): number {
  const heading = table === undefined || table.header.length === 0 ? 0 : 1;
  const rows = table?.rows.length ?? 0;
  return (title === undefined ? 0 : 1) + paragraphs.length + facts.length + heading + rows + (footer === '' ? 0 : 1);
}

/** A name as managers read it, with the id that commands take. */
export function nameAndId(name: string, id: string): string {
  return name === id ? id : `${name} (${id})`;
}

/** Our own sentences come with or without a full stop. */
export function endSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** What somebody wrote, as the end of a sentence of ours. */
export function quotedEnd(text: string, length?: number): string {
  const said = quoted(text, length);
  return /[.!?…]\u2069?”$/.test(said) ? said : `${said}.`;
}

/** ` Reason: “too many already”.`, to be put after a sentence, or nothing. */
export function becauseOf(reason: string | null | undefined, display: DisplayContext): string {
  if (reason === null || reason === undefined || reason.trim() === '') return '';
  return ` ${speechOf(display).say('common.because', { reason: quotedEnd(reason) })}`;
}
