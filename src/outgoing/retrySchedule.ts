const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How long to wait after the first, second, ... failed try: 27 hours in all (docs/integration.md). */
export const DELAYS_MS: readonly number[] = [
  5 * SECOND_MS,
  55 * SECOND_MS,
  4 * MINUTE_MS,
  10 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  1 * HOUR_MS,
  2 * HOUR_MS,
  3 * HOUR_MS,
  4 * HOUR_MS,
  4.5 * HOUR_MS,
  5.25 * HOUR_MS,
  6.25 * HOUR_MS,
];

/** The share of a delay that is added or taken away at most: small enough that delays grow all the same. */
const JITTER = 0.05;
/** `Retry-After` is honoured up to here. */
const LONGEST_ASKED_MS = HOUR_MS;

/**
 * Milliseconds until the next try after `failures` failed ones, or null when there is none and the message is parked.
 * `jitter` is a random number in [0, 1); `askedMs` is what the receiver asked for, 0 when it did not.
 */
export function delayAfter(failures: number, jitter: number, askedMs = 0): number | null {
  const nominal = DELAYS_MS[failures - 1];
  if (nominal === undefined) return null;
  const delay = Math.round(nominal * (1 - JITTER + 2 * JITTER * jitter));
  return Math.max(delay, honoured(askedMs));
}

/** Of a wait that the receiver asked for, what is honoured. */
export function honoured(askedMs: number): number {
  return Math.min(askedMs, LONGEST_ASKED_MS);
}
