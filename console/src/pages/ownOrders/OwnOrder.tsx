import { oneOf, useAddress } from '../../address.ts';
import { type Commands, useCommand } from '../../commands.ts';
import { type Console, useConsole } from '../../context.ts';
import { type Fan, type Order, totalOf } from '../../orders.ts';
import type { PageProps } from '../../pageProps.ts';
import { useAnswer } from '../../queries.ts';
import { AnswerDialog } from '../../ui/AnswerDialog.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { type Fact, Facts } from '../../ui/Facts.tsx';
import { ListSection } from '../../ui/ListSection.tsx';
import { OutsideLink } from '../../ui/OutsideLink.tsx';
import { ClientRecord, OrderActs, OrderState, otherSideOf } from '../../ui/orderColumns.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { allOr } from '../../ui/StateChoice.tsx';
import { Status } from '../../ui/Status.tsx';
import { Thing } from '../../ui/Thing.tsx';
import { Told } from '../../ui/Told.tsx';
import type { Column } from '../../ui/table.ts';

/** One order, for its client or its marketer: how far it is, and which fans did not count and why. */
export default function OwnOrder({ params: { id = '' } }: PageProps) {
  const { say } = useConsole();
  const command = useCommand();
  const read = useAnswer('GET /v1/orders/{id}', { path: { id } });
  return (
    <>
      <AnswerDialog command={command} />
      <Thing title={say('nav.order')} read={read}>
        {(order) => <Shown order={order} command={command} />}
      </Thing>
    </>
  );
}

function Shown({ order, command }: { order: Order; command: Commands }) {
  const tools = useConsole();
  const { say, session } = tools;
  const { orderId, delivered, quantity, link, status } = order;
  const isMarketer = session.account.role === 'marketer';
  return (
    <Page
      title={say('own.orderTitle', { orderId })}
      lead={say('own.zone', { zone: session.timeZone })}
      actions={link !== null && /^https?:/.test(link) && <OutsideLink url={link}>{say('own.link')}</OutsideLink>}
    >
      <p>
        <progress max={quantity} value={delivered} aria-label={say('own.progress')} />{' '}
        {say('own.fansOf', { delivered, quantity })}
      </p>
      <Facts facts={factsOf(order, tools)} />
      {isMarketer && status === 'placed' && (
        <>
          <p>
            <ClientRecord order={order} say={say} />
          </p>
          <OrderActs orderId={orderId} say={say} command={command} />
        </>
      )}
      <Fans orderId={orderId} />
      <Section title={say('own.story')}>
        <Told line={`/why ${orderId}`} command={command} />
      </Section>
    </Page>
  );
}

function factsOf(order: Order, { say, format, session }: Console): Fact[] {
  const amount = (label: string, value: number) => ({ label, value: format.money(value), isNumber: true });
  const when = (label: string, at: string | null) => (at === null ? [] : [{ label, value: format.instant(at) }]);
  const { status } = order;
  const isMarketer = session.account.role === 'marketer';
  return [
    {
      label: say('invoice.state'),
      value: <OrderState order={order} say={say} />,
    },
    { label: say(isMarketer ? 'own.client' : 'own.marketer'), value: otherSideOf(order, isMarketer) },
    amount(say('own.pricePerFan'), order.pricePerFan),
    amount(say('invoice.total'), totalOf(order)),
    amount(say('own.paidSoFar'), order.paid),
    ...(order.owed === 0 ? [] : [amount(say('own.owed'), order.owed)]),
    ...(order.escrow === 0 ? [] : [amount(say('own.escrow'), order.escrow)]),
    ...when(say('own.placedAt'), order.placedAt),
    ...(status === 'placed' ? when(say('own.respondBy'), order.respondBy) : []),
    ...when(say('own.acceptedAt'), order.acceptedAt),
    ...when(say('own.startedAt'), order.startedAt),
    ...when(say('own.endedAt'), order.endedAt),
  ];
}

function Fans({ orderId }: { orderId: string }) {
  const tools = useConsole();
  const { say } = tools;
  const { params } = useAddress();
  const shown = oneOf(params, 'fans', ['', 'not-counted']);
  return (
    <ListSection
      title={say('own.fans')}
      operation="GET /v1/orders/{id}/fans"
      input={{ path: { id: orderId }, query: shown === '' ? {} : { counted: 'false' } }}
      columns={fanColumns(tools)}
      idOf={({ subscriptionId }) => subscriptionId}
      empty={say(shown === '' ? 'own.noFans' : 'own.allCounted')}
      file={`fans-${orderId}`}
    >
      <div class="filter">
        <Choice
          label={say('own.fansShown')}
          name="fans"
          value={shown}
          choices={allOr(say('own.all'), ['not-counted'], () => say('own.notCounted'))}
        />
      </div>
    </ListSection>
  );
}

function fanColumns({ say, format }: Console): Column<Fan>[] {
  return [
    {
      key: 'fan',
      header: say('own.subscription'),
      isName: true,
      sortBy: ({ subscriptionId }) => subscriptionId,
      cell: ({ subscriptionId }) => subscriptionId,
    },
    {
      key: 'at',
      header: say('own.startedAt'),
      sortBy: ({ startedAt }) => startedAt,
      cell: ({ startedAt }) => format.instant(startedAt),
    },
    {
      key: 'verdict',
      header: say('own.verdict'),
      sortBy: ({ verdict }) => verdict,
      cell: ({ verdict, number }) => (
        <Status tone={verdict === 'counted' ? 'good' : 'ended'}>
          {say(`own.verdicts.${verdict}`)}
          {number !== null && ` ${format.count(number)}`}
        </Status>
      ),
    },
  ];
}
