import { realMilliseconds } from './clock.ts';

/** Growing numbers, by real time and never back, even when the machine's clock goes back. */
export function createSequence(): () => number {
  let last = 0;
  return () => {
    last = Math.max(last + 1, realMilliseconds() * 1_000);
    return last;
  };
}
