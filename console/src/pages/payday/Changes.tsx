import type { ItemOf } from '../../api.ts';
import { type Console, useConsole } from '../../context.ts';
import { useList } from '../../queries.ts';
import { CsvButton } from '../../ui/CsvButton.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { ListTable } from '../../ui/ListTable.tsx';
import { Section } from '../../ui/Page.tsx';
import { personColumn } from '../../ui/personColumn.tsx';
import { Status, type Tone } from '../../ui/Status.tsx';
import { amounts, type Column } from '../../ui/table.ts';
import { Failed, Loading } from '../../ui/Wait.tsx';

type Change = ItemOf<'GET /v1/payout-cycles/{date}/changes'>;

const TONES: Record<Change['change'], Tone> = { new: 'plain', gone: 'ended', more: 'good', less: 'waiting' };
const KINDS = ['new', 'gone', 'more', 'less', 'same'] as const;

/** What of it is shown at first. The page asks for it at once, because it takes as long as the payday itself. */
export function useChanges(date: string) {
  return useList('GET /v1/payout-cycles/{date}/changes', { path: { date }, query: { limit: 20 } });
}

/** Who is paid otherwise than with the payday before, the biggest difference first. */
export function Changes({ date }: { date: string }) {
  const tools = useConsole();
  const { say, format } = tools;
  const list = useChanges(date);
  const { first } = list;
  return (
    <Section title={say('change.title')} actions={<CsvButton list={list} name={`changes-${date}`} />}>
      {list.error !== null && <Failed error={list.error} again={list.again} />}
      {first === undefined && list.error === null && <Loading />}
      {first !== undefined && (
        <>
          <p>
            {first.before === null ? say('change.noBefore') : say('change.before', { day: format.date(first.before) })}
          </p>
          <Facts
            facts={KINDS.filter((kind) => first.totals[kind].count > 0).map((kind) => ({
              label: say(`change.${kind}`),
              value: `${signed(first.totals[kind].difference, format)} · ${format.count(first.totals[kind].count)}`,
              isNumber: true,
            }))}
          />
          <ListTable
            list={list}
            caption={say('change.title')}
            columns={columnsOf(tools)}
            idOf={({ accountId }) => accountId}
            nameOf={({ name }) => name}
            empty={say('change.none')}
            sortName="changes"
          />
        </>
      )}
    </Section>
  );
}

function columnsOf({ say, format }: Console): Column<Change>[] {
  return [
    personColumn({
      ...{ key: 'account', header: say('payout.account'), isName: true },
      of: ({ accountId: id, name }) => ({ id, name }),
    }),
    {
      key: 'change',
      header: say('change.kind'),
      sortBy: ({ change }) => change,
      cell: ({ change }) => <Status tone={TONES[change]}>{say(`change.${change}`)}</Status>,
    },
    amounts({ key: 'before', header: say('change.was'), of: ({ before }) => before }, format),
    amounts({ key: 'amount', header: say('change.is'), of: ({ amount }) => amount }, format),
    {
      key: 'difference',
      header: say('change.difference'),
      isNumber: true,
      sortBy: ({ difference }) => Math.abs(difference),
      cell: ({ difference }) => signed(difference, format),
    },
  ];
}

function signed(minor: number, { money }: Console['format']): string {
  return minor > 0 ? `+${money(minor)}` : money(minor);
}
