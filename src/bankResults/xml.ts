import { XMLParser, XMLValidator } from 'fast-xml-parser';

import { UnreadableResult } from './result.ts';

/** An element: texts, elements or lists of them by name; an attribute's name begins with `@`, its own text is `#text`. */
export type Element = { [name: string]: unknown };

/** Elements of which a message can have several, whatever it has now. */
const SEVERAL = new Set([
  ...['OrgnlPmtInfAndSts', 'TxInfAndSts', 'StsRsnInf', 'AddtlInf', 'AddtlTxInf'],
  ...['Ntfctn', 'Ntry', 'NtryDtls', 'TxDtls', 'Ustrd'],
]);

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  isArray: (name) => SEVERAL.has(name),
});

/** The element of this name below the document's root. Throws UnreadableResult for what is no XML, or has a DTD. */
export function messageOf(text: string, name: string): Element | null {
  // An entity of one's own is in no message of a bank, and can be made to grow without bound.
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw unreadable('a DTD is not taken');
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new UnreadableResult([{ line: valid.err.line, message: `is no XML: ${valid.err.code}` }]);
  return element(element(element(parser.parse(text))?.Document)?.[name]);
}

function unreadable(message: string): UnreadableResult {
  return new UnreadableResult([{ line: null, message }]);
}

export function element(value: unknown): Element | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Element) : null;
}

export function elements(value: unknown): Element[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((one): Element[] => {
    const found = element(one);
    return found === null ? [] : [found];
  });
}

/** The text of an element, of its path from here; null where there is none. */
export function textAt(from: Element | null, ...path: string[]): string | null {
  let value: unknown = from;
  for (const name of path) value = element(Array.isArray(value) ? value[0] : value)?.[name];
  if (Array.isArray(value)) value = value[0];
  const text = element(value)?.['#text'] ?? value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : null;
}
