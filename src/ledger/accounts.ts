import { mongo } from 'mongoose';

import { ACCOUNT_INDEX, type createLedgerStore } from './store.ts';

/** So many keys of the index are read in one step. */
const KEYS_PER_STEP = 100;

type Key = { 'postings.account': string };

/**
 * The accounts that anything was ever posted to whose names begin like `prefix`, as `marketer:`, in the order of their
 * names; those after `after`, which is the rest of a name. Steps along the index from name to name, so that accounts with very many entries cost no more than others.
 */
export async function* accountsBeginning(
  store: Pick<ReturnType<typeof createLedgerStore>, 'entries'>,
  prefix: string,
  after = '',
): AsyncGenerator<string> {
  const end = { 'postings.account': `${prefix}\uffff`, insertedAt: MIN_KEY };
  for (let from = { 'postings.account': `${prefix}${after}`, insertedAt: after === '' ? MIN_KEY : MAX_KEY }; ; ) {
    const keys = await store.entries
      .find<Key>({}, { hint: ACCOUNT_INDEX, min: from, max: end, returnKey: true, limit: KEYS_PER_STEP })
      .toArray();
    const names = new Set(keys.map((key) => key['postings.account']));
    yield* names;
    const last = keys.at(-1);
    if (last === undefined || keys.length < KEYS_PER_STEP) return;
    from = { 'postings.account': last['postings.account'], insertedAt: MAX_KEY };
  }
}

const MIN_KEY = new mongo.MinKey();
const MAX_KEY = new mongo.MaxKey();
