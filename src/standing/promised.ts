/**
 * A model's promise to pay an overdue invoice, as it bears on standing. It binds from `madeAt`, and ends at the payment, at
 * `until`, or when a manager refuses it.
 */
export type PromiseFact = { madeAt: Date; until: Date; refusedAt: Date | null };

/** What became of a promise, each at its own instant. `lapsed`: its invoice ended in another way than by payment. */
export type PromiseState = { status: 'running' } | { status: 'kept' | 'broken' | 'refused' | 'lapsed'; endedAt: Date };

/** How an invoice stands, for its promises: when it was paid, when the money came where it came outside, or since when nothing is owed. */
type Ended = { completedAt: Date | null; paidAt?: Date; writtenOffAt?: Date; voidedAt?: Date };

/**
 * What became of a promise by `now`: kept by a payment before `until`, broken at `until`, whoever looked and when. A payment
 * after it was refused keeps nothing. One that came outside counts from when the money came.
 */
export function promiseState(promise: PromiseFact, invoice: Ended, now: Date): PromiseState {
  const { madeAt, until, refusedAt } = promise;
  const paidAt = invoice.completedAt === null ? null : (invoice.paidAt ?? invoice.completedAt);
  const ends = [
    ...endAt('kept', paidAt !== null && paidAt < madeAt ? madeAt : paidAt, until),
    ...endAt('lapsed', invoice.writtenOffAt ?? invoice.voidedAt ?? null, until),
    ...endAt('refused', refusedAt, until),
    { status: 'broken' as const, endedAt: until },
  ];
  const first = ends.reduce((earliest, end) => (end.endedAt < earliest.endedAt ? end : earliest));
  return first.endedAt <= now ? first : { status: 'running' };
}

type PromiseEnd = Exclude<PromiseState, { status: 'running' }>;

function endAt(status: PromiseEnd['status'], at: Date | null, until: Date): PromiseEnd[] {
  return at !== null && at < until ? [{ status, endedAt: at }] : [];
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
