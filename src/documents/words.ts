import { oneLine, shorten } from '../kernel/text.ts';
import { isolate } from './isolate.ts';

const NAME_LENGTH = 200;

/** An account with its name, if it has one. */
export function accountName(name: string, accountId: string): string {
  const shown = shorten(oneLine(name), NAME_LENGTH);
  return shown === '' || shown === accountId ? accountId : `${isolate(shown)} (${accountId})`;
}

/** The file name of a document of something with an id. */
export function fileName(kind: 'invoice' | 'payout', id: string, extension: 'pdf' | 'csv'): string {
  return `${kind}-${id.replaceAll(/[^A-Za-z0-9_.-]/g, '-')}.${extension}`;
}
