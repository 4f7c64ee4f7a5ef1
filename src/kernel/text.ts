/**
 * Text from outside (names, reasons, references, errors) as it may stand in a message, a document or a log: one line, free of
 * characters that nobody sees or that reorder others. What is stored stays as it was sent.
 */

/** Everything that breaks a line or leaves a gap. */
const GAPS = /[\p{White_Space}\u2800]+/gu;

/**
 * What nobody sees: controls, format characters (among them bidi marks, embeddings, overrides and isolates, zero-width
 * spaces, tags), private use, unassigned and half characters, fillers that pass for letters, and variation selectors but the
 * two that emoji need. Joiners are looked at apart.
 */
const UNSEEN =
  /(?![\u200c\u200d])\p{C}|\u034f|[\u115f\u1160\u3164\uffa0]|\u17b4|\u17b5|[\ufe00-\ufe0d]|[\u{e0100}-\u{e01ef}]/gu;

/** Scripts in which a joiner or non-joiner inside a word is spelling: Persian, Hindi, Sinhala and their kin. */
const JOINING = [
  ...['Arabic', 'Syriac', 'Mongolian', 'Nko', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil'],
  ...['Telugu', 'Kannada', 'Malayalam', 'Sinhala', 'Khmer', 'Myanmar', 'Tibetan'],
]
  .map((script) => `\\p{Script=${script}}`)
  .join('');
const EMOJI_BEFORE = '\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f';

/** A joiner that is neither spelling nor part of an emoji. */
const STRAY_JOINERS = new RegExp(
  `(?<![${JOINING}])\\u200c|\\u200c(?![${JOINING}])` +
    `|(?<![${JOINING}${EMOJI_BEFORE}])\\u200d|(?<=[${EMOJI_BEFORE}])\\u200d(?!\\p{Extended_Pictographic})` +
    `|(?<=[${JOINING}])\\u200d(?![${JOINING}])`,
  'gu',
);

/** A selector that has nothing to select for, and more marks on one letter than any script writes. */
const STRAY_SELECTORS = /(?<![\p{Emoji}])[\ufe0e\ufe0f]/gu;
const MARKS = 4;
const HEAPED_MARKS = new RegExp(`(\\p{M}{${MARKS}})\\p{M}+`, 'gu');

/** The text in one line without what nobody sees; empty when nothing of it can be seen. */
export function oneLine(text: string): string {
  return text
    .replace(GAPS, ' ')
    .replace(UNSEEN, '')
    .replace(STRAY_JOINERS, '')
    .replace(STRAY_SELECTORS, '')
    .replace(HEAPED_MARKS, '$1')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** Lines for a terminal: what nobody sees is taken out of each, above all what moves the cursor; the columns stay. */
export function printable(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replaceAll('\t', ' ').replace(UNSEEN, ''))
    .join('\n');
}

/**
 * A text cut to a length in UTF-16 units, with a sign that something is missing. Never cuts a character in two, and closes a
 * name that is set apart and isolated, so that it cannot turn what stands behind it.
 */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = beginning(text, length - 1);
  if (!OPEN_ISOLATE.test(cut)) return `${cut}…`;
  const shorter = beginning(text, length - 1 - ISOLATE_END.length);
  return OPEN_ISOLATE.test(shorter) ? `${shorter}…${ISOLATE_END}` : `${shorter}…`;
}

/** How a name ends that is set apart and isolated. */
const ISOLATE_END = '\u2069”';
const OPEN_ISOLATE = /“\u2068[^”]*$/;

function beginning(text: string, length: number): string {
  const cut = text.slice(0, Math.max(0, length));
  const last = cut.charCodeAt(cut.length - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return isHalf ? cut.slice(0, -1) : cut;
}

/** How long a name may be where it is shown. */
const NAME_LENGTH = 60;
const PLAIN_WORDS = 4;

/**
 * A name within our own sentences. One that could pass for words of ours, a link, a command or a mention, or that runs from
 * right to left, is set apart by quotes; one that nobody could see is replaced by the id.
 */
export function shownName(name: string, id: string): string {
  const seen = shorten(oneLine(name), NAME_LENGTH);
  if (!/[\p{L}\p{N}\p{S}\p{P}]/u.test(seen)) return id;
  return isPlainName(seen) ? seen : setApart(seen);
}

function isPlainName(name: string): boolean {
  const looksLikeAddress = /\.[\p{L}\p{N}]/u.test(name);
  return (
    /^(?:[\p{L}\p{M}\p{N}\p{Emoji_Presentation} .'’&_+-]|\u200c|\u200d)+$/u.test(name) &&
    !looksLikeAddress &&
    !/[.] /.test(name) &&
    !RIGHT_TO_LEFT.test(name) &&
    name.split(' ').length <= PLAIN_WORDS
  );
}

/** What somebody wrote, within a sentence of ours: always set apart. */
export function quoted(text: string, length = 500): string {
  return setApart(shorten(oneLine(text), length));
}

const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Samaritan}\p{Script=Mandaic}]/u;

/** In quotes that the text itself cannot close, and isolated, so that it cannot turn what stands around it. */
function setApart(text: string): string {
  const inner = text.replace(/[“”„‟]/g, "'");
  return RIGHT_TO_LEFT.test(inner) ? `“\u2068${inner}\u2069”` : `“${inner}”`;
}

/**
 * A piece of a message in one line, whatever went into it. Our own isolation of a quote stays, and nothing that could end
 * or reopen it does.
 */
export function onePiece(text: string): string {
  return innerPiece(text).trim();
}

/** The same of a piece that others follow: a gap at either end stays. */
export function innerPiece(text: string): string {
  return text
    .split(/(“\u2068[^“”\u2066-\u2069]*\u2069”)/u)
    .map((part, index) => (index % 2 === 0 ? keepEnds(part) : `“\u2068${oneLine(part.slice(2, -2))}\u2069”`))
    .join('');
}

function keepEnds(part: string): string {
  const inner = oneLine(part);
  if (inner === '') return /\s/.test(part) ? ' ' : '';
  return `${/^\s/.test(part) ? ' ' : ''}${inner}${/\s$/.test(part) ? ' ' : ''}`;
}
