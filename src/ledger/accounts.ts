import { mongo } from 'mongoose';

import type { Posting } from './entry.ts';
import { ACCOUNT_INDEX, type createLedgerStore } from './store.ts';

/** So many entries are read in one step. */
const ENTRIES_PER_STEP = 32;

type Found = { postings: Posting[]; key: { 'postings.account': string } };

/**
 * The accounts that anything was ever posted to whose names begin like `prefix`, as `marketer:`, in the order of their
 * names; those after `after`, which is the rest of a name. Steps along the index from name to name, so that accounts with
 * very many entries cost no more than others. One step meets each entry once, at the first of its accounts: so the
 * names are taken from the entry, and the index says how far the step came.
 */
export async function* accountsBeginning(
  store: Pick<ReturnType<typeof createLedgerStore>, 'entries'>,
  prefix: string,
  after = '',
): AsyncGenerator<string> {
  const end = `${prefix}\uffff`;
  let last = `${prefix}${after}`;
  for (let isAfter = after !== ''; ; isAfter = true) {
    const found = await store.entries
      .find<Found>(
        {},
        {
          hint: ACCOUNT_INDEX,
          min: { 'postings.account': last, insertedAt: isAfter ? MAX_KEY : MIN_KEY },
          max: { 'postings.account': end, insertedAt: MIN_KEY },
          projection: { _id: 0, 'postings.account': 1, key: { $meta: 'indexKey' } },
          limit: ENTRIES_PER_STEP,
        },
      )
      .toArray();
    const isOver = found.length < ENTRIES_PER_STEP;
    const through = isOver ? end : (found.at(-1)?.key['postings.account'] ?? end);
    const isPassed = (name: string) =>
      name.startsWith(prefix) && (isAfter ? name > last : name >= last) && name <= through;
    const names = found.flatMap(({ postings }) => postings.map(({ account }) => account)).filter(isPassed);
    yield* [...new Set(names)].sort();
    if (isOver) return;
    last = through;
  }
}

const MIN_KEY = new mongo.MinKey();
const MAX_KEY = new mongo.MaxKey();
