/**
 * Work whose answer is shared: whoever asks while it is under way, or within `freshMs` of its end, gets the same answer,
 * so that it runs at most once in that time however many ask. A failure is shared like an answer. `now` gives
 * milliseconds that never go back: an answer would stay for as long as a clock was set back by.
 */
export function shareFor<T>(freshMs: number, now: () => number, work: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let staleAt = Number.POSITIVE_INFINITY;

  return function ask(): Promise<T> {
    if (answer !== undefined && now() < staleAt) return answer;
    staleAt = Number.POSITIVE_INFINITY;
    const asked = work();
    const ended = (): void => {
      staleAt = now() + freshMs;
    };
    asked.then(ended, ended);
    answer = asked;
    return asked;
  };
}

/** Work of which only one piece is under way at a time: whoever asks meanwhile gets the answer of that one. */
export function oneAtATime<T>(work: () => Promise<T>): () => Promise<T> {
  return shareFor(0, () => performance.now(), work);
}
