/** At most so many faults are named; where there is one there are often thousands. */
const SHOWN = 20;

/** What the person who typed the command has to put right, a line for each fault; nothing was written. */
export class BadInput extends Error {
  override name = 'BadInput';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('; '));
    this.faults = faults;
  }
}

/** Gathers faults, so that all of them are told at once. */
export function createFaults() {
  const faults: string[] = [];
  let unshown = 0;

  function add(fault: string): void {
    if (faults.length < SHOWN) faults.push(fault);
    else unshown += 1;
  }

  /** Throws BadInput when there are any. */
  function check(): void {
    if (faults.length === 0) return;
    throw new BadInput(unshown === 0 ? faults : [...faults, `and ${unshown} more like these`]);
  }

  return { add, check };
}

export type Faults = ReturnType<typeof createFaults>;
