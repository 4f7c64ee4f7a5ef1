import type { ItemOf } from '../api.ts';
import { useConsole } from '../context.ts';
import type { Formats } from '../format.ts';
import type { Role } from '../session.ts';
import { ListSection } from './ListSection.tsx';
import { type Thing, To } from './To.tsx';
import { amounts } from './table.ts';

type Entry = ItemOf<'GET /v1/ledger/entries'>;
type Props = { title: string; account: string };

/** What moved a balance of a person: theirs alone of each entry. */
export function Entries({ title, account }: Props) {
  const { session, say, format } = useConsole();
  const amountIn = ({ postings }: Entry) =>
    postings.reduce((sum, posting) => (posting.account === account ? sum + posting.amount : sum), 0);
  return (
    <ListSection
      title={title}
      operation="GET /v1/ledger/entries"
      input={{ query: { account } }}
      idOf={({ entryId }) => entryId}
      empty={say('own.noEntries')}
      file={`entries-${account.replace(':', '-')}`}
      columns={[
        {
          key: 'what',
          header: say('own.what'),
          isName: true,
          cell: ({ cause, entryId }) => {
            if (cause === null) return say('own.entryOf', { kind: say('own.entries.other'), id: entryId });
            const words = say('own.entryOf', { kind: say(`own.entries.${cause.kind}`), id: nameOf(cause, format) });
            const page = PAGES[session.account.role]?.find((thing) => thing === cause.kind);
            return page === undefined ? (
              words
            ) : (
              <To thing={page} id={cause.id}>
                {words}
              </To>
            );
          },
        },
        {
          key: 'at',
          header: say('own.at'),
          sortBy: ({ effectiveAt }) => effectiveAt,
          cell: ({ effectiveAt }) => format.instant(effectiveAt),
        },
        amounts({ key: 'amount', header: say('own.amount'), of: amountIn }, format),
      ]}
    />
  );
}

type Cause = NonNullable<Entry['cause']>;

/** What people call it: an invoice by its week, a payout by its payday. */
function nameOf({ kind, id }: Cause, format: Formats): string {
  const [first = id] = id.split(':');
  if (kind === 'invoice') return format.week(first);
  return kind === 'payout' ? format.date(first) : id;
}

/** What has a page of its own for whom. */
const PAGES: Partial<Record<Role, readonly Thing[]>> = {
  model: ['invoice', 'order'],
  marketer: ['order', 'payout'],
  affiliate: ['commission', 'payout'],
};
