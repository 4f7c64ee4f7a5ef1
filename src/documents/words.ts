import { isolate } from './isolate.ts';

/** An account with its name, if it has one. */
export function accountName(name: string, accountId: string): string {
  return name === '' || name === accountId ? accountId : `${isolate(name)} (${accountId})`;
}

/** The file name of a document of something with an id. */
export function fileName(kind: 'invoice' | 'payout', id: string, extension: 'pdf' | 'csv'): string {
  return `${kind}-${id.replaceAll(/[^A-Za-z0-9_.-]/g, '-')}.${extension}`;
}
