import type { Style } from './fonts.ts';
import type { Reading } from './record.ts';
import type { Span } from './text.ts';

/** How marked text looks in a chat. */
export type Styles = { plain: Style; bold: Style; link: Style };

/** Text in Telegram's HTML, as the bot sends it, with what Telegram makes a link by itself. */
export function spansOfHtml(html: string, { plain, bold, link }: Styles): Span[] {
  const spans: Span[] = [];
  let style = plain;
  for (const [token, tag] of html.matchAll(/<([^>]*)>|[^<]+/g)) {
    if (tag === undefined) spans.push(...linked(unescaped(token), style, link));
    else if (tag === 'b') style = bold;
    else if (tag === 'code' || tag.startsWith('a href=')) style = { ...link, weight: style.weight };
    else if (['/b', '/code', '/a'].includes(tag)) style = plain;
    else throw new Error(`<${tag}> is markup that the pictures do not know`);
  }
  return spans;
}

/** Addresses, and commands that can be tapped. */
function linked(text: string, style: Style, link: Style): Span[] {
  return text
    .split(/(https?:\/\/\S+|(?<![\w/])\/[a-z_]+)/)
    .map((part, index) => ({ text: part, style: index % 2 === 1 ? { ...link, weight: style.weight } : style }))
    .filter((span) => span.text !== '');
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

/**
 * Text in Discord's Markdown, as the bot sends it, between its blocks of code: bold, ids as code, words that lead somewhere, and
 * signs that a backslash keeps from meaning something.
 */
export function spansOfMarkdown(marked: string, { plain, bold, link }: Styles): Span[] {
  const spans: Span[] = [];
  let style = plain;
  for (const [token, escaped, code, words] of marked.matchAll(MARKDOWN)) {
    if (token === '**') style = style === plain ? bold : plain;
    else if (code !== undefined) spans.push({ text: code, style });
    else if (words !== undefined) spans.push({ text: words.replaceAll(/\\(.)/g, '$1'), style: link });
    else spans.push({ text: escaped ?? token, style });
  }
  return spans;
}

const MARKDOWN = /\\([!-/:-@[-`{-~])|\*\*|(?<!\\)`([^`]+)`|\[((?:[^\]\\]|\\.)+)\]\(<[^>]*>\)|[^\\*`[]+|[\\*`[]/g;

/** Text in Discord's Markdown cut where blocks of code begin and end: every second part is one. */
export function blocksOf(marked: string): { text: string; isCode: boolean }[] {
  return marked
    .split('```')
    .map((part, index) => ({ text: part.replace(/^\n+|\n+$/g, ''), isCode: index % 2 === 1 }))
    .filter(({ text }) => text !== '');
}

/** What a message says, without its markup. */
export function plainOf({ place, marked }: Pick<Reading, 'place' | 'marked'>): string {
  const spans = place === 'telegram' ? spansOfHtml(marked, UNSTYLED) : spansOfMarkdown(marked, UNSTYLED);
  return spans.map(({ text }) => text).join('');
}

const LETTERS: Style = { size: 1, weight: 400, colour: '#000000' };
const UNSTYLED: Styles = { plain: LETTERS, bold: { ...LETTERS }, link: LETTERS };
