/** Where the next order of a marketer runs: in a numbered place, or in none where nothing limits how many run. */
export type Place = { slot: number | null };

/**
 * The place that the next order of a marketer can run in, or null while all are taken (rules 4.4). `running`: the places
 * of those that run, null for one that took none; `capacity` null: no limit. Places are numbered from 0, and the lowest
 * free one is taken: so of two who see the same state only one can have it. A capacity that was lowered stops nothing, but
 * nothing starts before fewer run than it allows.
 */
export function freePlace(running: (number | null)[], capacity: number | null): Place | null {
  if (capacity === null) return { slot: null };
  if (running.length >= capacity) return null;
  const taken = new Set(running);
  for (let slot = 0; ; slot += 1) if (!taken.has(slot)) return { slot };
}

/** How many orders of a marketer run at a time; null: no limit. An account from before it had to be 1 may say 0. */
export function capacityOf(account: { capacity?: number } | undefined, usual: number | null): number | null {
  const capacity = account?.capacity ?? usual;
  return capacity === null ? null : Math.max(1, capacity);
}

/** An order that waits: for a place, since its acceptance number `acceptanceNumber`, or for an answer. */
export type WaitingOrder =
  | { orderId: string; acceptanceNumber: number }
  | { orderId: string; acceptanceNumber: null; placedAt: Date };

/**
 * The positions in one marketer's queue, from 1 (rules 4.4): the accepted in order of acceptance, then the placed in order
 * of placement, equal ones by id.
 */
export function queuePositions(waiting: WaitingOrder[]): Map<string, number> {
  return new Map([...waiting].sort(byTurn).map(({ orderId }, index) => [orderId, index + 1]));
}

function byTurn(a: WaitingOrder, b: WaitingOrder): number {
  if (a.acceptanceNumber !== null && b.acceptanceNumber !== null) return a.acceptanceNumber - b.acceptanceNumber;
  if (a.acceptanceNumber !== null || b.acceptanceNumber !== null) return a.acceptanceNumber === null ? 1 : -1;
  return a.placedAt.getTime() - b.placedAt.getTime() || (a.orderId < b.orderId ? -1 : 1);
}
