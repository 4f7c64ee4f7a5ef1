import { type Entry, type EntryDraft, merged } from './entry.ts';

/** What of an entry is compared beside its postings: when it takes effect is not always known from its cause. */
type Compared = Pick<EntryDraft, 'book' | 'postings'> & { [K in keyof EntryDraft]?: EntryDraft[K] | undefined };

/** A line for each thing in which an entry is not as its cause says, in words: which account gets how much, and when. */
export function entryDifferences(entry: Entry, expected: Compared): string[] {
  const where = `ledger_entries/${entry._id}`;
  const [written, due] = [amountsOf(entry), amountsOf({ postings: merged(expected.postings) })];
  const accounts = [...new Set([...written.keys(), ...due.keys()])].sort();
  const { book, outcome, reverses, eventId, effectiveAt } = expected;
  const fields: [string, string | undefined, string | undefined][] = [
    ['book', entry.book, book],
    ...('outcome' in expected ? [named('outcome', entry.outcome, outcome)] : []),
    ...('reverses' in expected ? [named('reverses', entry.reverses, reverses)] : []),
    ...('eventId' in expected ? [named('eventId', entry.eventId, eventId)] : []),
    ...(effectiveAt === undefined
      ? []
      : [named('effectiveAt', entry.effectiveAt.toISOString(), effectiveAt.toISOString())]),
  ];
  return [
    ...accounts
      .filter((account) => written.get(account) !== due.get(account))
      .map((account) => `${where}: ${account} gets ${written.get(account) ?? 0}, not ${due.get(account) ?? 0}`),
    ...fields
      .filter(([, is, should]) => is !== should)
      .map(([field, is, should]) => `${where}: ${field} is ${is ?? 'none'}, not ${should ?? 'none'}`),
  ];
}

function named(
  field: string,
  is: string | undefined,
  should: string | undefined,
): [string, string | undefined, string | undefined] {
  return [field, is, should];
}

function amountsOf({ postings }: Pick<Entry, 'postings'>): Map<string, number> {
  return new Map(postings.map(({ account, amount }) => [account, amount]));
}
