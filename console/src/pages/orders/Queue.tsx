import { Link } from 'wouter-preact';

import { RefusedError } from '../../../../client/errors.ts';
import type { AnswerOf } from '../../api.ts';
import { type Console, useConsole } from '../../context.ts';
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
import { orderColumns } from './columns.tsx';
import type { Order } from './states.ts';

type Queue = AnswerOf<'GET /v1/marketers/{id}/queue'>;

/** What a marketer has in hand: orders that run, that wait for a place, and that wait for an answer. */
export default function QueuePage({ params: { id = '' } }: PageProps) {
  const tools = useConsole();
  const { say } = tools;
  const { data, error, refetch } = useAnswer('GET /v1/marketers/{id}/queue', { path: { id } });
  const { data: account } = useAnswer('GET /v1/accounts/{id}', { path: { id } });
  if (error instanceof RefusedError && error.status === 404) return <Missing />;
  return (
    <Page
      title={say('queue.title', { name: account?.name ?? id })}
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
              operation="GET /v1/orders"
              input={{ query: { marketerId, status } }}
              name={`queue-${marketerId}-${status}`}
            />
          }
        >
          <DataTable
            caption={say(`queue.${name}`)}
            columns={columns}
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
      <table class="plain">
        <caption class="unseen">{say('queue.weeks')}</caption>
        <thead>
          <tr>
            <th scope="col">{say('queue.week')}</th>
            <th scope="col" class="number">
              {say('queue.fans')}
            </th>
          </tr>
        </thead>
        <tbody>
          {queue.fansByWeek.map(({ week, fans }) => (
            <tr key={week}>
              <th scope="row">{format.week(week)}</th>
              <td class="number">{format.count(fans)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
