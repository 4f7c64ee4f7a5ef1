import { piecesOf } from '../../src/notices/messages/marks.ts';
import { type Message, shorten } from '../../src/notices/messages/message.ts';
import { PART_LENGTH } from '../messageParts.ts';

/** A text with its ids as code and its rules one touch away. One piece never crowds out all others. */
export function markdownOf(text: string, { rulesPage }: Pick<Message, 'rulesPage'>): string {
  return piecesOf(shorten(text, PART_LENGTH))
    .map(({ text: words, code, rule }) => {
      if (code) return `\`${words.replaceAll('`', "'")}\``;
      if (rule !== undefined && rulesPage !== undefined) return `[${escapeMarkdown(words)}](<${rulesPage}#${rule}>)`;
      return escapeMarkdown(words);
    })
    .join('');
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
