import { type SealSource, sealSource } from '../seals/source.ts';
import { type BooksStore, rowsOf } from './store.ts';
import { hashOfRows } from './trialBalance.ts';

/** Numbers of documents are sealed as they are: none is ever changed. */
export function sealedNumbers({ numbers }: Pick<BooksStore, 'numbers'>): SealSource {
  return sealSource({
    name: 'document_numbers',
    collection: numbers,
    fields: ['kind', 'series', 'year', 'number', 'issuedAt'],
    content: ({ kind, series, year, number, issuedAt }) => ({ kind, series, year, number, issuedAt }),
  });
}

/** A closed month is sealed with the hash of its accounts, which lie on pages. */
export function sealedMonths({ balances, pages }: Pick<BooksStore, 'balances' | 'pages'>): SealSource {
  async function faults(months: readonly string[]): Promise<Map<string, string>> {
    const wrong = new Map<string, string>();
    for (const month of await balances.find({ _id: { $in: [...months] } }).toArray()) {
      if (hashOfRows(await rowsOf({ pages }, month)) !== month.hash) {
        wrong.set(month._id, 'its accounts are not those that it was closed with');
      }
    }
    return wrong;
  }

  return sealSource({
    name: 'trial_balances',
    collection: balances,
    fields: ['closedAt', 'entries', 'accounts', 'classes', 'hash'],
    content: ({ closedAt, entries, accounts, classes, hash }) => ({ closedAt, entries, accounts, classes, hash }),
    faults,
  });
}
