/** Waits for some milliseconds, or until `stopping` says so. */
export function pause(ms: number, stopping?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      stopping?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    stopping?.addEventListener('abort', end);
    if (stopping?.aborted) end();
  });
}

/** Waits for work, and no longer than some milliseconds; leaves no timer behind. Rejects as the work does. */
export async function upTo(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, over]).finally(() => clearTimeout(timer));
}

/** The answer of some work; rejects with `tooLate` when it takes longer than some milliseconds. Leaves no timer behind. */
export async function within<T>(ms: number, work: Promise<T>, tooLate: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(tooLate)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
