/**
 * People search by how something sounds: without case, accents and marks; and letters that are no other letter with a mark are what
 * people type who do not have them.
 */
export function foldText(text: string): string {
  const folded = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return folded.replaceAll(/[ßæœøłđðþıħŧŋ]/g, (letter) => TYPED_AS[letter] ?? letter);
}

const TYPED_AS: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ħ: 'h', ŧ: 't', ŋ: 'n' },
};

/**
 * The words by whose beginnings a person or a business is found: of the name and of the id, with and without what stands
 * between their letters (`o'brien`, `o`, `brien`), and the id itself. Stored, so that an index answers; a migration belongs to
 * every change.
 */
export function searchWordsOf(name: string, id: string): string[] {
  const folded = foldText(`${name} ${id}`);
  const words = folded.split(/[^\p{L}\p{N}]+/u);
  return [...new Set([id.toLowerCase(), ...words, ...folded.split(/\s+/).filter(hasLetters)])]
    .filter((word) => word !== '')
    .map(bounded)
    .slice(0, WORDS);
}

/** What was typed, as beginnings of words. Punctuation by itself is left out beside words, and alone begins nobody's. */
export function typedWordsOf(typed: string): string[] {
  const all = foldText(typed)
    .split(/\s+/)
    .filter((word) => word !== '');
  const words = all.filter(hasLetters);
  return (words.length > 0 ? words : all).map(bounded).slice(0, WORDS);
}

/** A word of punctuation alone is nobody's. */
function hasLetters(word: string): boolean {
  return /[\p{L}\p{N}]/u.test(word);
}

function bounded(word: string): string {
  return word.slice(0, WORD_LENGTH);
}

const WORDS = 20;
const WORD_LENGTH = 64;
