/**
 * Says something that happens all the time at most once in so many milliseconds for each kind of it, with how often it has happened
 * since. `now` gives milliseconds.
 */
export function createOccasionally<Kind extends string>(everyMs: number, now: () => number) {
  const states = new Map<Kind, { count: number; saidAt: number }>();

  return function occasionally(kind: Kind, say: (count: number) => void): void {
    const state = states.get(kind) ?? { count: 0, saidAt: Number.NEGATIVE_INFINITY };
    states.set(kind, state);
    state.count += 1;
    if (now() - state.saidAt < everyMs) return;
    say(state.count);
    state.count = 0;
    state.saidAt = now();
  };
}
