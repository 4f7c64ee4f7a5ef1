/**
 * A model's promise to pay an overdue invoice, as it bears on standing. It binds from `madeAt`, and ends at the payment, at
 * `until`, or when a manager refuses it.
 */
export type PromiseFact = { madeAt: Date; until: Date; refusedAt: Date | null };

/** What became of a promise, each at its own instant. `lapsed`: its invoice ended in another way than by payment. */
export type PromiseState = { status: 'running' } | { status: 'kept' | 'broken' | 'refused' | 'lapsed'; endedAt: Date };

/** How an invoice stands, for its promises: when it was paid, or ended in another way. */
type Ended = { completedAt: Date | null; endedAt?: Date | null };

/**
 * What became of a promise by `now`: kept by a payment before `until`, broken at `until`, whoever looked and when. A payment
 * after it was refused keeps nothing.
 */
export function promiseState(
  { until, refusedAt }: PromiseFact,
  { completedAt, endedAt }: Ended,
  now: Date,
): PromiseState {
  const ends: Exclude<PromiseState, { status: 'running' }>[] = [
    ...(completedAt !== null && completedAt < until ? [{ status: 'kept' as const, endedAt: completedAt }] : []),
    ...(endedAt && endedAt < until ? [{ status: 'lapsed' as const, endedAt }] : []),
    ...(refusedAt !== null && refusedAt < until ? [{ status: 'refused' as const, endedAt: refusedAt }] : []),
    { status: 'broken', endedAt: until },
  ];
  const first = ends.reduce((earliest, end) => (end.endedAt < earliest.endedAt ? end : earliest));
  return first.endedAt <= now ? first : { status: 'running' };
}

/** Until when pausing and blocking for an invoice wait at `now`, because of a promise that is being kept; null without one. */
export function promisedUntil(
  { promises = [], ...invoice }: Ended & { promises?: PromiseFact[] },
  now: Date,
): Date | null {
  const running = promises.find(
    (promise) => promise.madeAt <= now && promiseState(promise, invoice, now).status === 'running',
  );
  return running?.until ?? null;
}
