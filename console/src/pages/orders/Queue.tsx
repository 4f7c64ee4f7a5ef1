import { Link } from 'wouter-preact';
import type { AnswerOf } from '../../api.ts';
import { type Console, useConsole } from '../../context.ts';
import type { Order } from '../../orders.ts';
import type { PageProps } from '../../pageProps.ts';
import { useAnswer } from '../../queries.ts';
import { CsvButton } from '../../ui/CsvButton.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { type Fact, Facts } from '../../ui/Facts.tsx';
import { Missing } from '../../ui/Missing.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { To } from '../../ui/To.tsx';
import type { Column } from '../../ui/table.ts';
import { Failed, Loading } from '../../ui/Wait.tsx';
import { isMissing } from '../../why.ts';
import { orderColumns } from './columns.tsx';

type Queue = AnswerOf<'GET /v1/marketers/{id}/queue'>;

/** What a marketer has in hand: orders that run, that wait for a place, and that wait for an answer. */
export default function QueuePage({ params: { id = '' } }: PageProps) {
  const tools = useConsole();
  const { say } = tools;
  const { data, error, refetch } = useAnswer('GET /v1/marketers/{id}/queue', { path: { id } });
  const account = useAnswer('GET /v1/accounts/{id}', { path: { id } });
  if (isMissing(error)) return <Missing />;
  return (
    <Page
      title={say('queue.title', { name: account.data?.name ?? id })}
      lead={say('queue.lead')}
      actions={
        <>
          <To thing="account" id={id}>
            {say('queue.account')}
          </To>
          <Link href={`/orders?marketer=${encodeURIComponent(id)}`}>{say('queue.allOrders')}</Link>
        </>
      }
    >
      {account.error !== null && <Failed error={account.error} again={account.refetch} />}
      {error !== null && <Failed error={error} again={refetch} />}
      {data === undefined ? error === null && <Loading /> : <Parts queue={data} tools={tools} />}
    </Page>
  );
}

function Parts({ queue, tools }: { queue: Queue; tools: Console }) {
  const { say } = tools;
  const { marketerId, counts, running, queued, toAnswer } = queue;
  const { order, model, fans, price, total, place, answerBy, accepted, started } = orderColumns(tools);
  const lists = [
    { name: 'running', status: 'running', orders: running, columns: [order, model, fans, price, total, started] },
    { name: 'queued', status: 'queued', orders: queued, columns: [order, place, model, fans, price, total, accepted] },
    {
      name: 'toAnswer',
      status: 'placed',
      orders: toAnswer,
      columns: [order, place, model, fans, price, total, answerBy],
    },
  ] as const satisfies {
    name: keyof Queue['counts'];
    status: Order['status'];
    orders: Order[];
    columns: Column<Order>[];
  }[];
  return (
    <>
      <Facts facts={factsOf(queue, tools)} />
      {lists.map(({ name, status, orders, columns }) => (
        <Section
          key={name}
          title={say(`queue.${name}`)}
          actions={
            <CsvButton
              list={{ operation: 'GET /v1/orders', input: { query: { marketerId, status } } }}
              name={`queue-${marketerId}-${status}`}
            />
          }
        >
          <DataTable
            caption={say(`queue.${name}`)}
            columns={columns}
            file={null}
            rows={orders}
            idOf={({ orderId }) => orderId}
            nameOf={({ orderId }) => orderId}
            empty={say('queue.none')}
            sortName={name}
          />
          {counts[name] > orders.length && (
            <p class="hint">{say('queue.firstOf', { shown: orders.length, count: counts[name] })}</p>
          )}
        </Section>
      ))}
      <Weeks queue={queue} tools={tools} />
    </>
  );
}

function factsOf({ capacity, counts, fansByWeek }: Queue, { say, format }: Console): Fact[] {
  const whole = fansByWeek.slice(0, -1);
  const mean = whole.reduce((sum, { fans }) => sum + fans, 0) / Math.max(1, whole.length);
  return [
    { label: say('queue.capacity'), value: capacity === null ? say('queue.noLimit') : format.count(capacity) },
    { label: say('queue.running'), value: format.count(counts.running) },
    { label: say('queue.queued'), value: format.count(counts.queued) },
    { label: say('queue.toAnswer'), value: format.count(counts.toAnswer) },
    { label: say('queue.rate'), value: format.count(Math.round(mean * 10) / 10) },
  ];
}

function Weeks({ queue, tools: { say, format } }: { queue: Queue; tools: Console }) {
  return (
    <Section title={say('queue.weeks')}>
      <DataTable
        caption={say('queue.weeks')}
        file={`fans-${queue.marketerId}-weeks`}
        columns={[
          {
            key: 'week',
            header: say('queue.week'),
            isName: true,
            sortBy: ({ week }) => week,
            file: ({ week }) => week,
            cell: ({ week }) => format.week(week),
          },
          {
            key: 'fans',
            header: say('queue.fans'),
            isNumber: true,
            sortBy: ({ fans }) => fans,
            file: ({ fans }) => fans,
            cell: ({ fans }) => format.count(fans),
          },
        ]}
        rows={queue.fansByWeek}
        idOf={({ week }) => week}
        nameOf={({ week }) => format.week(week)}
        sortName="weeks"
      />
    </Section>
  );
}
