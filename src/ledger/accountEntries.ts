import { takePage } from '../database/readPage.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Entry } from './entry.ts';
import { ACCOUNT_INDEX, type createLedgerStore } from './store.ts';
import { sumsWritten } from './sums.ts';

type Store = ReturnType<typeof createLedgerStore>;

/** An entry of an account, with what the account had once it was written. */
export type AccountEntry = { entry: Entry; balanceAfter: MinorUnits };

/** Where a page ended: its last entry, and what the account had before that was written. */
type Place = { at: Date; id: string; balance: MinorUnits };

/**
 * The entries of an account, the last written first, each with the balance that it left. An entry counts from when it is written,
 * as in the balance itself, whenever it takes effect. The balance goes from page to page in the cursor: the pages of one walk agree,
 * whatever is written meanwhile. Each page reads its own entries, and the first also what the balance reads. Throws a RangeError for
 * a cursor that is none.
 */
export async function accountEntries(
  store: Store,
  checkpoints: Pick<Checkpoints, 'read'>,
  { account, limit, after }: PageRequest & { account: string },
): Promise<Page<AccountEntry>> {
  if (after !== undefined) {
    const place = placeOf(after);
    return withBalances(account, await pageOf(store, account, limit, place), place.balance);
  }
  for (;;) {
    const page = await pageOf(store, account, limit);
    const [newest] = page.items;
    if (newest === undefined) return { items: [], next: null };
    const { balance, through } = await balanceThrough(store, checkpoints, account, newest.insertedAt);
    // What was written between the reads, and bears a time that the balance is of, may be in it and not in the page.
    const again = await pageOf(store, account, limit);
    const counted = again.items.filter(({ insertedAt }) => insertedAt <= through);
    const isSame =
      counted.length > 0 && page.items.slice(0, counted.length).every(({ _id }, index) => counted[index]?._id === _id);
    if (isSame) return withBalances(account, page, balance);
  }
}

/** What an account had at an instant of `insertedAt`, or at its checkpoint where that is later. */
async function balanceThrough(store: Store, checkpoints: Pick<Checkpoints, 'read'>, account: string, at: Date) {
  const known = (await checkpoints.read([account])).get(account);
  const from = known?.through ?? new Date(0);
  const through = from > at ? from : at;
  const [sum] = await sumsWritten(store, [account], { after: from, through });
  return { balance: (known?.balance ?? 0) + (sum?.total ?? 0), through };
}

function pageOf(store: Store, account: string, limit: number, place?: Place): Promise<Page<Entry>> {
  return takePage(newestFirst(store, account, limit, place), limit, ({ _id }) => _id);
}

/** The index has no ids: entries that were written in one millisecond are put in order here. */
async function* newestFirst(store: Store, account: string, limit: number, place?: Place): AsyncGenerator<Entry> {
  const found = store.entries
    .find({ 'postings.account': account, ...(place === undefined ? {} : { insertedAt: { $lte: place.at } }) })
    .hint(ACCOUNT_INDEX)
    .sort({ insertedAt: -1 })
    .batchSize(limit + 2);
  let together: Entry[] = [];
  for await (const entry of found) {
    if (together[0] !== undefined && together[0].insertedAt.getTime() !== entry.insertedAt.getTime()) {
      yield* inOrder(together, place);
      together = [];
    }
    together.push(entry);
  }
  yield* inOrder(together, place);
}

function inOrder(together: Entry[], place?: Place): Entry[] {
  const isAhead = ({ insertedAt, _id }: Entry) =>
    place === undefined || insertedAt < place.at || (insertedAt.getTime() === place.at.getTime() && _id < place.id);
  return together.filter(isAhead).sort((a, b) => (a._id < b._id ? 1 : -1));
}

function withBalances(account: string, { items, next }: Page<Entry>, newest: MinorUnits): Page<AccountEntry> {
  let balance = newest;
  const shown = items.map((entry) => {
    const balanceAfter = balance;
    balance -= entry.postings.find((posting) => posting.account === account)?.amount ?? 0;
    return { entry, balanceAfter };
  });
  const last = items.at(-1);
  if (next === null || last === undefined) return { items: shown, next: null };
  return { items: shown, next: `${last.insertedAt.getTime()}/${balance}/${last._id}` };
}

/** Whether a cursor is one of such a list, and not of another or of nothing. */
export function isAccountCursor(cursor: string): boolean {
  return CURSOR.test(cursor);
}

const CURSOR = /^(\d{1,15})\/(-?\d{1,16})\/(.+)$/;

function placeOf(cursor: string): Place {
  const [, at, balance, id] = CURSOR.exec(cursor) ?? [];
  if (id === undefined) throw new RangeError('the cursor is none of this list');
  return { at: new Date(Number(at)), balance: Number(balance), id };
}
