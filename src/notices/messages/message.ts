/**
 * A message to a person, free of any channel: each bot renders it in its own way. Paragraphs are plain sentences; facts
 * and tables are for reference.
 */
export type Message = {
  title?: string;
  paragraphs: string[];
  facts?: [label: string, value: string][];
  table?: { header: string[]; rows: string[][] };
  footer?: string;
  attachment?: Attachment;
  buttons: Button[][];
};

/** A file that goes with a message. */
export type Attachment = { name: string; contentType: string; content: string | Uint8Array };

/** Pressing it is the same as typing the command. English labels begin with the command's name. */
export type Button = { label: string; command: string };

/** How a person reads: times in their zone, money in the platform's currency. */
export type DisplayContext = { timeZone: string; currency: string };

/** A text for people cut to a length, with a sign that something is missing. Never cuts a character in two. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, Math.max(0, length - 1));
  const last = cut.charCodeAt(cut.length - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return `${isHalf ? cut.slice(0, -1) : cut}…`;
}

/** `1 payment`, `3 payments`. */
export function countOf(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** Reasons come with or without a full stop. */
export function endSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
