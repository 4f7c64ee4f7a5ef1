import { randomToken } from '../kernel/ids.ts';

const BYTES = 32;
const FORM = /^[A-Za-z0-9_-]{43}$/;

/** 256 random bits, as an address and a header can hold them. */
export function newToken(): string {
  return randomToken(BYTES);
}

/** Whether a text has the form of one: what has not costs no read. */
export function isToken(text: string): boolean {
  return FORM.test(text);
}

/**
 * Whether something is over: by the service's clock, which a test may hold still, or by the real one, which goes on while the service
 * catches up on what was due earlier.
 */
export function isOver(
  { expiresAt, storedAt }: { expiresAt: Date; storedAt: Date },
  ms: number,
  now: Date,
  real: number,
) {
  return now >= expiresAt || real >= storedAt.getTime() + ms;
}
