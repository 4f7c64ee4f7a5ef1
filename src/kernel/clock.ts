/** The service's clock: the instant at which the service decides. The test clock stands still between moves. */
export type Clock = { now(): Date };

/** The real clock; built in main.ts alone. */
export const realClock: Clock = { now: () => new Date() };

/**
 * Real time in milliseconds, for what concerns machines and not the business: leases, time-outs, rate limits, signature
 * tolerance. The test clock does not move it.
 */
export function realMilliseconds(): number {
  return Date.now();
}
