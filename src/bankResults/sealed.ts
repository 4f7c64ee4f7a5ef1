import { type SealSource, sealSource } from '../seals/source.ts';
import type { BankResultStore } from './store.ts';

/** Of a file that was taken is sealed what it hashes to, and what it was decided to do; what became of that comes later. */
export function sealedResults({ results }: Pick<BankResultStore, 'results'>): SealSource {
  return sealSource({
    name: 'payout_results',
    collection: results,
    fields: ['cycle', 'hash', 'format', 'decision', 'at', 'by', 'lines', 'settle', 'fail', 'return', 'differences'],
    content: ({ cycle, hash, format, decision, at, by, lines, settle, fail, return: returned, differences }) => ({
      ...{ cycle, hash, format, decision, at, by, lines, settle, fail, return: returned, differences },
    }),
  });
}
