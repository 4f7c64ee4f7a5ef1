import type { Ledger } from './ledger/journal.ts';

/** Mends what it can prove to be wrong, and answers a line for each thing that it mended; done again it finds nothing. */
type Repair = () => Promise<string[]>;

/**
 * What `verify --repair` mends before it compares: only what can be derived again from what is sealed, or compared with
 * its events, and can be thrown away. It never touches an entry, an event, an act or a decision. A repair is added to the
 * list; `verify` has to name by itself what it mends.
 */
export function createRepairs({ ledger }: { ledger: Pick<Ledger, 'dropWrongCheckpoints'> }): Repair {
  const repairs: Repair[] = [ledger.dropWrongCheckpoints];

  return async function repair() {
    const lines: string[] = [];
    for (const mend of repairs) lines.push(...(await mend()));
    return lines;
  };
}
