/**
 * Work whose answer is shared: whoever asks while it is under way, or within `freshMs` of its end, gets the same answer,
 * so that it runs at most once in that time however many ask. A failure is shared like an answer. `now` gives real
 * milliseconds.
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
