/**
 * Pieces of a text that are more than words: an id that people copy, a rule that is read on its page. They are marked by
 * characters that no text from outside keeps (`oneLine` takes private use out), and each channel shows them in its own way.
 */

const CODE = '\ue000';
const RULE = '\ue001';
const ABOUT = '\ue002';
const END = '\ue003';
const MARKS = /[\ue000-\ue003]/g;
const MARKED = /(\ue000[^\ue000-\ue003]*\ue003|\ue001[^\ue000-\ue003]*\ue002[\d.]+\ue003)/;

/** A piece of a text: words, an id to be copied, or words that lead to a section of the rules. */
export type Piece = { text: string; code?: true; rule?: string };

/** An id as it may be copied from a message by a touch. */
export function copyable(id: string): string {
  return `${CODE}${withoutMarks(id)}${END}`;
}

/** Who somebody is, to managers: their name, and the id that commands take, to be copied. */
export function nameAndCopyableId(name: string, id: string): string {
  return name === id ? copyable(id) : `${name} (${copyable(id)})`;
}

/** Words that lead to a section of the deployment's rules page, `4.5`; plain words where there is no such page. */
export function ruleLink(words: string, section: string): string {
  return `${RULE}${withoutMarks(words)}${ABOUT}${section}${END}`;
}

/** The pieces of a text, in their order; marks that mark nothing are left out. */
export function piecesOf(text: string): Piece[] {
  return text.split(MARKED).flatMap((part): Piece[] => {
    const inner = part.slice(1, -1);
    if (part.startsWith(CODE) && part.endsWith(END)) return [{ text: inner, code: true }];
    if (part.startsWith(RULE) && part.endsWith(END)) {
      const [words = '', rule = ''] = inner.split(ABOUT);
      return [{ text: words, rule }];
    }
    const words = withoutMarks(part);
    return words === '' ? [] : [{ text: words }];
  });
}

/** The text as it is read where nothing can be marked: a document, a picture's words, the title of a chart. */
export function withoutMarks(text: string): string {
  return text.replace(new RegExp(`${ABOUT}[\\d.]+${END}`, 'g'), '').replace(MARKS, '');
}

/** The text with `change` made to the words of each piece; the marks stay. */
export function mapPieces(text: string, change: (words: string) => string): string {
  return text
    .split(/([\ue000-\ue003](?:[\d.]+(?=\ue003))?)/)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('');
}
