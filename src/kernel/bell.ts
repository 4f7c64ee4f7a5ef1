/** Wakes whoever waits: `wait` returns at the next `ring`, or after `ms` of real time. */
export function createBell() {
  const sleepers = new Set<() => void>();

  function wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        sleepers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      sleepers.add(done);
    });
  }

  function ring(): void {
    for (const wake of [...sleepers]) wake();
  }

  return { wait, ring };
}
