import { RefusedError, UnavailableError } from '../../client/errors.ts';
import type { Console } from './context.ts';
import type { Say, TextKey } from './say.ts';

/** Why something was refused or failed, in the reader's words where there are any. */
export function whyOf(error: unknown, { say, isText }: Pick<Console, 'say' | 'isText'>): string {
  if (error instanceof RefusedError) {
    const key = `refusals.${error.code}`;
    // The texts of refusals take nothing; a test holds that.
    if (isText(key)) return sentence((say as (key: TextKey) => ReturnType<Say>)(key));
  }
  if (error instanceof UnavailableError) {
    const { status } = error;
    return status === null ? sentence(say('ended.unavailable')) : say('page.troubled', { status: String(status) });
  }
  return error instanceof Error ? error.message : String(error);
}

function sentence(words: string): string {
  const text = `${words.charAt(0).toLocaleUpperCase()}${words.slice(1)}`;
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/**
 * Whether what was asked for by its id does not exist, or is not theirs to see: the service says the same of both. An id that nothing can
 * have, such as one that is too long, is refused as such.
 */
export function isMissing(error: unknown): boolean {
  return error instanceof RefusedError && (error.status === 404 || error.status === 422);
}
