import { withoutMarks } from '../../src/notices/messages/marks.ts';
import type { Attachment, Message } from '../../src/notices/messages/message.ts';
import type { StoredCallback } from '../callbackStore.ts';
import { MORE } from '../messageParts.ts';
import { type Keyboard, render, shownLength } from './render.ts';

/** One call: a text, or a file with a text below it. */
export type Part =
  | { kind: 'text'; text: string; keyboard: Keyboard }
  | { kind: 'photo' | 'document'; file: Attachment; text: string; keyboard: Keyboard };

/** Characters of a caption, as Telegram counts them: after parsing. */
export const CAPTION_LIMIT = 1_024;

/** What Telegram takes as a picture; anything else is a file that people open. */
const PHOTO = { bytes: 10 * 1_024 * 1_024, widthAndHeight: 10_000, ratio: 20 };
const PHOTO_TYPES = new Set(['image/png', 'image/jpeg', 'image/webp']);

/**
 * Pure: the calls that make a message, in their order. A file has the message as its caption; where that is too long, the file
 * comes first, with the title alone, and the message after it.
 */
export function partsOf(message: Message): { parts: [Part, ...Part[]]; callbacks: StoredCallback[] } {
  const { attachment: file } = message;
  if (file === undefined) {
    const { text, keyboard, callbacks } = render(message);
    return { parts: [{ kind: 'text', text, keyboard }], callbacks };
  }
  const kind = isPhoto(file) ? 'photo' : 'document';
  const whole = render(inWords(message, file));
  if (shownLength(whole.text) <= CAPTION_LIMIT) {
    const { text, keyboard, callbacks } = whole;
    return { parts: [{ kind, file, text: captioned(text), keyboard }], callbacks };
  }
  const { text, keyboard, callbacks } = render(message);
  const heading = render(inWords(headingOf(message), file), CAPTION_LIMIT);
  const first: Part = { kind, file, text: captioned(heading.text), keyboard: [] };
  return { parts: [first, { kind: 'text', text, keyboard }], callbacks };
}

/** With the words for who cannot see the picture, where nothing in the message says them. */
function inWords(message: Message, { alt = '' }: Attachment): Message {
  const { title = '', paragraphs, facts = [], footer = '' } = message;
  const said = [title, ...paragraphs, ...facts.flat(), footer].map(withoutMarks);
  const isSaid = alt.trim() === '' || said.some((text) => text.includes(alt.trim()));
  return isSaid ? message : { ...message, paragraphs: [...paragraphs, alt] };
}

function headingOf({ state, title }: Message): Message {
  return {
    ...(state === undefined ? {} : { state }),
    ...(title === undefined ? {} : { title }),
    paragraphs: [],
    buttons: [],
  };
}

/** A text is never empty; a caption may be. */
function captioned(text: string): string {
  return text === MORE ? '' : text;
}

function isPhoto({ contentType, content }: Attachment): boolean {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  if (!PHOTO_TYPES.has(contentType) || bytes.length > PHOTO.bytes) return false;
  if (contentType !== 'image/png') return true;
  const { width, height } = sizeOfPng(bytes);
  const [shorter, longer] = [Math.min(width, height), Math.max(width, height)];
  return shorter > 0 && width + height <= PHOTO.widthAndHeight && longer / shorter <= PHOTO.ratio;
}

/** In pixels, as the first chunk says them; nothing of what is no PNG. */
function sizeOfPng(bytes: Uint8Array): { width: number; height: number } {
  if (bytes.length < 24) return { width: 0, height: 0 };
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}
