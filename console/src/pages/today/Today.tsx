import { Link } from 'wouter-preact';

import { useConsole } from '../../context.ts';
import { useAnswer } from '../../queries.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { Status } from '../../ui/Status.tsx';
import { To, ToAccount } from '../../ui/To.tsx';
import { amounts, type Column } from '../../ui/table.ts';
import { Failed, Loading } from '../../ui/Wait.tsx';
import { type Item, KINDS, listAddress } from './kinds.ts';

/** So many are named beside a kind; its list has them all. */
const NAMED = 3;

/** A manager's first page: what needs somebody, by kind. */
export default function Today() {
  const { say, format, session } = useConsole();
  const { data, error, refetch } = useAnswer('GET /v1/today', {});
  const columns = useColumns();
  const waiting = data?.items.filter(({ count }) => count > 0) ?? [];
  const quiet = data?.items.filter(({ count }) => count === 0) ?? [];
  return (
    <Page
      title={say('today.title')}
      lead={data === undefined ? undefined : say('today.lead', { at: format.instant(data.at), zone: session.timeZone })}
    >
      {error !== null && <Failed error={error} again={refetch} />}
      {data === undefined ? (
        error === null && <Loading />
      ) : (
        <>
          <Section title={say('today.waits')}>
            <DataTable
              caption={say('today.waits')}
              file="today"
              columns={columns}
              rows={waiting}
              idOf={({ kind }) => kind}
              nameOf={({ kind }) => say(KINDS[kind].label)}
              empty={say('today.nothing')}
            />
          </Section>
          {quiet.length > 0 && (
            <Section title={say('today.quiet')}>
              <ul class="words">
                {quiet.map(({ kind }) => (
                  <li key={kind}>
                    <Status tone="good">{say(KINDS[kind].label)}</Status>
                  </li>
                ))}
              </ul>
            </Section>
          )}
        </>
      )}
    </Page>
  );
}

function useColumns(): Column<Item>[] {
  const { say, format } = useConsole();
  return [
    {
      key: 'kind',
      header: say('today.kind'),
      isName: true,
      file: ({ kind }) => say(KINDS[kind].label),
      cell: (item) => {
        const address = listAddress(item);
        const words = say(KINDS[item.kind].label);
        return address !== undefined ? <Link href={address}>{words}</Link> : words;
      },
    },
    {
      key: 'count',
      header: say('today.count'),
      isNumber: true,
      sortBy: ({ count }) => count,
      cell: ({ count }) => format.count(count),
    },
    amounts({ key: 'amount', header: say('today.amount'), of: ({ amount }) => amount }, format),
    {
      key: 'oldest',
      header: say('today.oldest'),
      sortBy: ({ oldest }) => oldest,
      file: ({ oldest }) => oldest,
      cell: ({ kind, oldest }) =>
        oldest === null ? '' : say(KINDS[kind].isAhead ? 'today.next' : 'today.since', { at: format.instant(oldest) }),
    },
    {
      key: 'first',
      header: say('today.first'),
      file: ({ first }) => first.join(' '),
      cell: ({ kind, first, names, count }) => {
        const { thing } = KINDS[kind];
        const shown = first.slice(0, NAMED);
        return (
          <ul class="ids">
            {shown.map((id) => (
              <li key={id}>
                {thing === undefined ? (
                  id
                ) : thing === 'account' ? (
                  <ToAccount id={id} name={names?.[id] ?? id} />
                ) : (
                  <To thing={thing} id={id} />
                )}
              </li>
            ))}
            {count > shown.length && <li class="hint">{say('today.more', { count: count - shown.length })}</li>}
          </ul>
        );
      },
    },
  ];
}
