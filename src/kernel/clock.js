/** The real clock; built in main.ts alone. */
export const realClock = { now: () => new Date() };
/**
 * Real time in milliseconds, for what concerns machines and not the business: leases, time-outs, rate limits, signature
 * tolerance. The test clock does not move it.
 */
export function realMilliseconds() {
  return Date.now();
}
