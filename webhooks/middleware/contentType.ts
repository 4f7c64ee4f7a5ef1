import { MIMEType } from 'node:util';

const JSON_TYPE = 'application/json';
/** None of them is registered; these are what senders call it. */
const NDJSON_TYPES: ReadonlySet<string> = new Set([
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonlines',
]);

/**
 * Whether a content type is JSON in UTF-8: with whatever parameters, of which `charset` alone means something (RFC 8259
 * knows none, but senders name one), and with semicolons that nothing follows.
 */
export function isJson(contentType: string | null | undefined): boolean {
  // What nearly all senders write needs no parsing.
  return contentType === JSON_TYPE || essenceInUtf8(contentType) === JSON_TYPE;
}

/** Whether a content type is JSON in UTF-8, a value a line. */
export function isNdjson(contentType: string | null | undefined): boolean {
  return NDJSON_TYPES.has(essenceInUtf8(contentType) ?? '');
}

function essenceInUtf8(contentType: string | null | undefined): string | undefined {
  try {
    const { essence, params } = new MIMEType(contentType ?? '');
    return /^utf-?8$/i.test(params.get('charset') ?? 'utf-8') ? essence : undefined;
  } catch {
    // No media type at all.
    return undefined;
  }
}
