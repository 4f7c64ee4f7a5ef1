/**
 * The place that the next order of a marketer can run in, or null while all are taken (rules 4.4). Places are numbered
 * from 0, and the lowest free one is taken: so of two who see the same state only one can have it. A capacity that was
 * lowered stops nothing, but nothing starts before fewer run than it allows.
 */
export function freeSlot(taken: number[], capacity: number): number | null {
  if (taken.length >= capacity) return null;
  const used = new Set(taken);
  for (let slot = 0; ; slot += 1) if (!used.has(slot)) return slot;
}
