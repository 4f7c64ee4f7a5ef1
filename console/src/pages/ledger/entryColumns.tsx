import type { ItemOf } from '../../api.ts';
import type { Console } from '../../context.ts';
import { type Thing, To, ToLedger } from '../../ui/To.tsx';
import { amounts, type Column } from '../../ui/table.ts';

export type Entry = ItemOf<'GET /v1/ledger/entries'>;

/** The columns of an account's entries. */
export function entryColumns(account: string, { say, format }: Pick<Console, 'say' | 'format'>): Column<Entry>[] {
  const amountOf = ({ postings }: Entry) => postings.find((posting) => posting.account === account)?.amount ?? 0;
  return [
    {
      key: 'cause',
      header: say('ledger.cause'),
      isName: true,
      sortBy: ({ cause }) => cause?.kind ?? '',
      cell: (entry) => <CauseLink entry={entry} say={say} />,
    },
    {
      key: 'written',
      header: say('ledger.written'),
      sortBy: ({ recordedAt }) => recordedAt,
      cell: ({ recordedAt }) => <time dateTime={recordedAt}>{format.instant(recordedAt)}</time>,
    },
    {
      key: 'effective',
      header: say('ledger.effective'),
      sortBy: ({ effectiveAt }) => effectiveAt,
      cell: ({ effectiveAt }) => <time dateTime={effectiveAt}>{format.instant(effectiveAt)}</time>,
    },
    {
      key: 'other',
      header: say('ledger.other'),
      cell: ({ postings }) =>
        postings
          .filter((posting) => posting.account !== account)
          .map((posting) => (
            <div key={posting.account}>
              <ToLedger {...posting} />
            </div>
          )),
    },
    amounts({ key: 'amount', header: say('ledger.amount'), of: amountOf }, format),
    {
      key: 'after',
      header: say('ledger.after'),
      isNumber: true,
      cell: ({ balanceAfter }) => (balanceAfter === undefined ? null : format.money(balanceAfter)),
    },
  ];
}

/** Where the page of what an entry is of stands. A top-up is known by its event, an adjustment by the trail of the account. */
const PAGES: Partial<Record<NonNullable<Entry['cause']>['kind'], Thing>> = {
  invoice: 'invoice',
  order: 'order',
  payout: 'payout',
  commission: 'commission',
};

function CauseLink({ entry, say }: { entry: Entry; say: Console['say'] }) {
  const { cause, entryId, reverses } = entry;
  if (cause === null) return <span>{entryId}</span>;
  const page = pageOf(entry, cause);
  const words = `${say(`ledger.causes.${cause.kind}`)} ${cause.id}`;
  return (
    <>
      {page !== undefined ? <To {...page}>{words}</To> : words}
      {reverses !== undefined && <div class="hint">{say('ledger.reverses', { entryId: reverses })}</div>}
    </>
  );
}

function pageOf({ eventId, postings }: Entry, { kind, id }: NonNullable<Entry['cause']>) {
  const thing = PAGES[kind];
  if (thing !== undefined) return { thing, id };
  if (kind === 'topup') return eventId === undefined ? undefined : { thing: 'event' as const, id: eventId };
  const owner = postings.flatMap(({ account }) => /^(?:model|marketer|affiliate):(.+)$/.exec(account)?.[1] ?? [])[0];
  return owner === undefined ? undefined : { thing: 'audit' as const, id: `account:${owner}` };
}
