/** The service's clock: the instant at which the service decides. */
export type Clock = { now(): Date };

/**
 * A clock that can be held still: the test clock stands between moves, and catching up after a stop happens at the
 * instants at which things were due. Unpinned it is the real time.
 */
export type ServiceClock = Clock & { pin(at: Date): void; unpin(): void };

export function createServiceClock(): ServiceClock {
  let pinned: Date | undefined;
  return {
    now: () => (pinned === undefined ? new Date() : new Date(pinned)),
    pin: (at) => {
      pinned = at;
    },
    unpin: () => {
      pinned = undefined;
    },
  };
}

/**
 * Real time in milliseconds, for what concerns machines and not the business: leases, time-outs, rate limits, signature
 * tolerance. Pinning the service's clock does not touch it.
 */
export function realMilliseconds(): number {
  return Date.now();
}
