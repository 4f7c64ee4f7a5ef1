import { MIMEType } from 'node:util';

const JSON_TYPE = 'application/json';

/**
 * Whether a content type is JSON in UTF-8: with whatever parameters, of which `charset` alone means something (RFC 8259
 * knows none, but senders name one), and with semicolons that nothing follows.
 */
export function isJson(contentType: string | null | undefined): boolean {
  // What nearly all senders write needs no parsing.
  if (contentType === JSON_TYPE) return true;
  try {
    const { essence, params } = new MIMEType(contentType ?? '');
    return essence === JSON_TYPE && /^utf-?8$/i.test(params.get('charset') ?? 'utf-8');
  } catch {
    // No media type at all.
    return false;
  }
}
