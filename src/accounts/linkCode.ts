import { randomInt } from 'node:crypto';

import { hashOf } from '../kernel/ids.ts';

/** How long a code can be used, in minutes of the service's clock (docs/api.md). */
export const LINK_CODE_MINUTES = 15;

/** How many codes one chat user may try in fifteen minutes of real time: ten tries at fifty bits do not guess one. */
export const LINK_ATTEMPTS = 10;

/** No I, L, O, 0 and 1: people read codes aloud and type them. */
const CHARACTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const LENGTH = 10;

/** A new code: ten characters, 49 random bits. */
export function newLinkCode(): string {
  return Array.from({ length: LENGTH }, () => CHARACTERS[randomInt(CHARACTERS.length)]).join('');
}

/** The hash that is stored of a code. Case, spaces and hyphens do not matter to the person who types it. */
export function linkCodeHash(code: string): string {
  return hashOf(`link-code:${bare(code)}`);
}

/**
 * What somebody typed, as it may be stored until it is worked on: a code that it would link with stands there by its hash
 * (`hashIn`), and one that stands alone not at all.
 */
export function withoutCode(text: string): string {
  const [, command, code] = /^\s*(\/(?:start|link)(?:@\w+)?)\s+(.*\S)\s*$/is.exec(text) ?? [];
  // The token of a question is no code.
  if (command !== undefined && code?.startsWith('!') === true) return text;
  if (command !== undefined && code !== undefined) return `${command} ${HASHED}${linkCodeHash(code)}`;
  return ALONE.test(bare(text)) ? '(a code)' : text;
}

/** The hash that `withoutCode` has put in place of a code; undefined for what is none. */
export function hashIn(word: string): string | undefined {
  return word.startsWith(HASHED) ? word.slice(HASHED.length) : undefined;
}

const HASHED = '=';
const ALONE = new RegExp(`^[${CHARACTERS}]{${LENGTH}}$`);

function bare(code: string): string {
  return code.toUpperCase().replaceAll(/[\s-]/g, '');
}
