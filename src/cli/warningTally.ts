import type { Warnings } from '../events/unknownFields.ts';

export type WarningTally = ReturnType<typeof createWarningTally>;

/** So many different ones are told; a file has any number. */
const MOST = 20;

/** Counts what many events were warned of, so that each is told once, with how often it came. */
export function createWarningTally() {
  const counts = new Map<string, number>();
  let more = 0;

  function add(warnings: Warnings | null): void {
    for (const { path, message } of warnings?.warnings ?? []) {
      const line = `${path} ${message}`;
      if (counts.has(line) || counts.size < MOST) counts.set(line, (counts.get(line) ?? 0) + 1);
      else more += 1;
    }
    more += warnings?.more ?? 0;
  }

  /** A line for each, in the order in which they were met. */
  function lines(): string[] {
    const told = [...counts].map(([line, count]) => `${line} (${count} ${count === 1 ? 'event' : 'events'})`);
    return more === 0 ? told : [...told, `${more} more such warnings`];
  }

  return { add, lines };
}
