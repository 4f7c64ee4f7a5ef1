const TAGS = new Set(['b', 'strong', 'i', 'em', 'u', 's', 'code', 'pre', 'a', 'blockquote', 'tg-spoiler']);
const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** What Telegram's HTML mode makes of a text: what people see, or why it is refused. */
export function plainText(html: string): { text: string } | { error: string } {
  const open: string[] = [];
  let text = '';
  const tokens = /<(\/?)([a-zA-Z-]*)([^<>]*)>|<|&([a-z]+|#\d+|#x[0-9a-fA-F]+);|[^<&]+|&/gs;
  for (const [token, slash, tag, rest, entity] of html.matchAll(tokens)) {
    if (token === '<') return { error: 'unclosed start tag' };
    if (tag !== undefined) {
      if (!TAGS.has(tag)) return { error: `unsupported start tag "${tag}"` };
      if (slash === '/') {
        if (open.pop() !== tag) return { error: `unexpected end tag "${tag}"` };
      } else if (rest !== undefined && rest.trim() !== '' && tag !== 'a' && tag !== 'code') {
        return { error: `unexpected attribute in "${tag}"` };
      } else open.push(tag);
    } else if (entity !== undefined) text += characterOf(entity, token);
    else text += token;
  }
  return open.length === 0 ? { text } : { error: `can't find end tag corresponding to start tag "${open.at(-1)}"` };
}

function characterOf(entity: string, token: string): string {
  if (entity.startsWith('#x')) return String.fromCodePoint(Number.parseInt(entity.slice(2), 16));
  if (entity.startsWith('#')) return String.fromCodePoint(Number(entity.slice(1)));
  return ENTITIES[entity] ?? token;
}
