import { oneLine, shorten } from '../kernel/text.ts';
import { type DisplayContext, speechOf } from '../texts/speech.ts';
import { isolate } from './isolate.ts';

const NAME_LENGTH = 200;
const TEXT_LENGTH = 500;

/** An account with its name, if it has one. */
export function accountName(name: string, accountId: string): string {
  const shown = shorten(oneLine(name), NAME_LENGTH);
  return shown === '' || shown === accountId ? accountId : `${isolate(shown)} (${accountId})`;
}

/** What somebody wrote, as a reason or a reference, within a line of ours. */
export function saidByOthers(text: string): string {
  return isolate(shorten(oneLine(text), TEXT_LENGTH));
}

/** What the amounts and times of a document are in. */
export function amountsAndTimes(display: DisplayContext): string {
  const { currency, timeZone } = display;
  return speechOf(display).say('documents.amountsAndTimes', { currency, timeZone });
}

/** The file name of a document of something with an id. */
export function fileName(
  kind: 'invoice' | 'credit-note' | 'payout' | 'receipt',
  id: string,
  extension: 'pdf' | 'csv' | 'json',
): string {
  return `${kind}-${id.replaceAll(/[^A-Za-z0-9_.-]/g, '-')}.${extension}`;
}
