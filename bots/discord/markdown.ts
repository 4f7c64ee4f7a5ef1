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
