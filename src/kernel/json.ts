import canonicalize from 'canonicalize';

/**
 * The canonical form of a JSON value (RFC 8785): the same text for all that mean the same, whatever the spaces, the order
 * of keys or the escapes. Throws for half of a surrogate pair, which no text in UTF-8 can hold.
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('there is no JSON for it');
  return text;
}
