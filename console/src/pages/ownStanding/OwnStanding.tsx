import type { ItemOf } from '../../api.ts';
import { useCommand } from '../../commands.ts';
import { type Console, useConsole } from '../../context.ts';
import { useAnswer, useList } from '../../queries.ts';
import { AnswerDialog } from '../../ui/AnswerDialog.tsx';
import { Chart } from '../../ui/Chart.tsx';
import { CsvButton } from '../../ui/CsvButton.tsx';
import { ListTable } from '../../ui/ListTable.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { type Moment, Timeline } from '../../ui/Timeline.tsx';
import { Told } from '../../ui/Told.tsx';
import type { Column } from '../../ui/table.ts';
import { Empty, Failed, Loading } from '../../ui/Wait.tsx';

type Change = ItemOf<'GET /v1/models/{id}/trust'>;

/** How a model stands: what prevents what and what lifts it, what comes when nothing is paid, and how trust came about. */
export default function OwnStanding() {
  const { session, say } = useConsole();
  const { accountId } = session.account;
  const command = useCommand();
  return (
    <Page title={say('nav.standing')} lead={say('own.zone', { zone: session.timeZone })}>
      <AnswerDialog command={command} />
      <Section title={say('own.now')}>
        <Told line="/standing" command={command} />
      </Section>
      <Ahead modelId={accountId} />
      <Trust modelId={accountId} />
    </Page>
  );
}

/** On a line of time what holds now and what follows, each with the smallest payment against it. */
function Ahead({ modelId }: { modelId: string }) {
  const { say, format, session } = useConsole();
  const { data, error, refetch } = useAnswer('GET /v1/models/{id}/forecast', { path: { id: modelId } });
  const moments = (data?.steps ?? []).map(
    ({ at, what, unless }): Moment => ({
      id: what,
      at: at ?? session.now,
      tone: at === null ? 'bad' : 'waiting',
      isAhead: at !== null,
      what: say(`own.${at === null ? 'inForce' : 'follows'}.${what}`, { payment: format.money(unless.payment) }),
    }),
  );
  return (
    <Section title={say('own.ahead')}>
      {error !== null && <Failed error={error} again={refetch} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined &&
        (moments.length === 0 ? (
          <Empty>{say('own.nothingAhead')}</Empty>
        ) : (
          <Timeline moments={moments} label={say('own.ahead')} />
        ))}
    </Section>
  );
}

function Trust({ modelId }: { modelId: string }) {
  const tools = useConsole();
  const { say, format } = tools;
  const input = { path: { id: modelId } };
  const list = useList('GET /v1/models/{id}/trust', input);
  const changes = list.items ?? [];
  return (
    <Section title={say('own.trust')} actions={<CsvButton list={list} name="trust" />}>
      {list.error !== null && <Failed error={list.error} again={list.again} />}
      {list.items === undefined && list.error === null && <Loading />}
      {changes.length > 1 && (
        <Chart
          title={say('own.trustScore')}
          days={changes.map(({ at }) => at)}
          series={[{ label: say('own.trustScore'), values: changes.map(({ score }) => score) }]}
          write={format.count}
        />
      )}
      {list.items !== undefined && (
        <ListTable
          list={{ ...list, items: [...changes].reverse() }}
          caption={say('own.trust')}
          columns={trustColumns(tools)}
          idOf={({ at, subject, cause }) => `${at} ${subject} ${cause}`}
          nameOf={({ subject }) => subject}
          empty={say('own.noTrust')}
        />
      )}
    </Section>
  );
}

function trustColumns({ say, format }: Console): Column<Change>[] {
  return [
    { key: 'at', header: say('own.at'), isName: true, sortBy: ({ at }) => at, cell: ({ at }) => format.instant(at) },
    { key: 'cause', header: say('own.why'), cell: ({ cause }) => say(`own.causes.${cause}`) },
    { key: 'subject', header: say('own.subject'), cell: ({ subject }) => subject },
    {
      key: 'change',
      header: say('own.change'),
      isNumber: true,
      sortBy: ({ change }) => change,
      cell: ({ change }) => `${change > 0 ? '+' : ''}${format.count(change)}`,
    },
    { key: 'score', header: say('own.score'), isNumber: true, cell: ({ score }) => format.count(score) },
  ];
}
