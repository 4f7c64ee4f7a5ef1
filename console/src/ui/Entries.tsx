import type { ItemOf } from '../api.ts';
import { useConsole } from '../context.ts';
import { ListSection } from './ListSection.tsx';
import { amounts } from './table.ts';

type Entry = ItemOf<'GET /v1/ledger/entries'>;
type Props = { title: string; account: string };

/** What moved a balance of a person: theirs alone of each entry. */
export function Entries({ title, account }: Props) {
  const { say, format } = useConsole();
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
          cell: ({ entryId }) =>
            say('own.entryOf', {
              kind: say(`own.entries.${kindOf(entryId)}`),
              id: entryId.slice(entryId.indexOf(':') + 1),
            }),
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

/** What an entry is of, by the first part of its id. */
function kindOf(entryId: string): (typeof KINDS)[number] {
  const first = entryId.slice(0, entryId.indexOf(':'));
  return KINDS.find((kind) => kind === first) ?? 'other';
}

const KINDS = ['topup', 'invoice', 'order', 'commission', 'payout', 'adjustment', 'other'] as const;
