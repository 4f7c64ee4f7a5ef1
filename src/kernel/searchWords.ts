/** People search by how something sounds: without case, accents and marks. */
export function foldText(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/**
 * The words by whose beginnings a person or a business is found: of the name and of the id, and the id itself. Stored,
 * so that an index answers; a migration belongs to every change.
 */
export function searchWordsOf(name: string, id: string): string[] {
  const words = `${foldText(name)} ${foldText(id)}`.split(/[^\p{L}\p{N}]+/u);
  return [...new Set([...words, id.toLowerCase()])]
    .filter((word) => word !== '')
    .map(bounded)
    .slice(0, WORDS);
}

/** What was typed, as beginnings of words. */
export function typedWordsOf(typed: string): string[] {
  return foldText(typed)
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(bounded)
    .slice(0, WORDS);
}

function bounded(word: string): string {
  return word.slice(0, WORD_LENGTH);
}

const WORDS = 20;
const WORD_LENGTH = 64;
