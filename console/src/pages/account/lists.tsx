import type { ItemOf } from '../../api.ts';
import { type Console, useConsole } from '../../context.ts';
import { INVOICE_TONES } from '../../invoices.ts';
import { ORDER_TONES } from '../../orders.ts';
import { PayoutStatus } from '../../payouts/states.tsx';
import { COMMISSION_TONES } from '../../payouts.ts';
import { weekColumn } from '../../ui/invoiceColumns.tsx';
import { ListSection } from '../../ui/ListSection.tsx';
import { Status } from '../../ui/Status.tsx';
import { To } from '../../ui/To.tsx';
import type { Column } from '../../ui/table.ts';

type Id = { id: string };

export function Invoices({ id }: Id) {
  const { say, format } = useConsole();
  return (
    <ListSection
      title={say('home.invoices')}
      file="invoices"
      sortName="invoices-sort"
      operation="GET /v1/invoices"
      input={{ query: { modelId: id } }}
      idOf={({ invoiceId }) => invoiceId}
      columns={[
        weekColumn({ say, format }),
        { key: 'total', header: say('invoice.total'), isNumber: true, cell: ({ total }) => format.money(total) },
        {
          key: 'state',
          header: say('invoice.state'),
          cell: ({ status }) => <Status tone={INVOICE_TONES[status]}>{say(`invoice.${status}`)}</Status>,
        },
        {
          key: 'due',
          header: say('invoice.due'),
          sortBy: ({ dueAt }) => dueAt,
          cell: ({ dueAt }) => format.day(dueAt),
        },
      ]}
    />
  );
}

export function Orders({ id, role }: Id & { role: 'model' | 'marketer' }) {
  const { say, format } = useConsole();
  return (
    <ListSection
      title={say('account.orders')}
      file="orders"
      sortName="orders-sort"
      operation="GET /v1/orders"
      input={{ query: role === 'model' ? { modelId: id } : { marketerId: id } }}
      idOf={({ orderId }) => orderId}
      columns={[
        {
          key: 'order',
          header: say('account.order'),
          isName: true,
          cell: ({ orderId }) => <To thing="order" id={orderId} />,
        },
        {
          key: 'state',
          header: say('invoice.state'),
          cell: ({ status }) => <Status tone={ORDER_TONES[status]}>{say(`orderState.${status}`)}</Status>,
        },
        {
          key: 'fans',
          header: say('account.fans'),
          isNumber: true,
          cell: ({ delivered, quantity }) => `${format.count(delivered)} / ${format.count(quantity)}`,
        },
        {
          key: 'placed',
          header: say('account.placed'),
          sortBy: ({ placedAt }) => placedAt,
          cell: ({ placedAt }) => format.day(placedAt),
        },
      ]}
    />
  );
}

export function Commissions({ id }: Id) {
  const { say, format } = useConsole();
  return (
    <ListSection
      title={say('account.commissions')}
      file="commissions"
      sortName="commissions-sort"
      operation="GET /v1/commissions"
      input={{ query: { affiliateId: id } }}
      idOf={({ commissionId }) => commissionId}
      columns={[
        {
          key: 'id',
          header: say('account.commission'),
          isName: true,
          cell: ({ commissionId }) => <To thing="commission" id={commissionId} />,
        },
        { key: 'amount', header: say('today.amount'), isNumber: true, cell: ({ amount }) => format.money(amount) },
        {
          key: 'state',
          header: say('invoice.state'),
          cell: ({ status }) => <Status tone={COMMISSION_TONES[status]}>{say(`commissions.states.${status}`)}</Status>,
        },
        {
          key: 'paid',
          header: say('account.at'),
          sortBy: ({ paidAt }) => paidAt,
          cell: ({ paidAt }) => format.day(paidAt),
        },
      ]}
    />
  );
}

export function Payouts({ id }: Id) {
  const { say, format } = useConsole();
  return (
    <ListSection
      title={say('account.payouts')}
      file="payouts"
      sortName="payouts-sort"
      operation="GET /v1/payouts"
      input={{ query: { accountId: id } }}
      idOf={({ payoutId }) => payoutId}
      columns={[
        {
          key: 'id',
          header: say('account.payout'),
          isName: true,
          cell: ({ payoutId }) => <To thing="payout" id={payoutId} />,
        },
        { key: 'amount', header: say('today.amount'), isNumber: true, cell: ({ amount }) => format.money(amount) },
        { key: 'state', header: say('invoice.state'), cell: (payout) => <PayoutStatus payout={payout} /> },
      ]}
    />
  );
}

const MESSAGE_TONES = { waiting: 'waiting', delivered: 'good', unconfirmed: 'plain', failed: 'bad' } as const;

export function Messages({ id }: Id) {
  const tools = useConsole();
  return (
    <ListSection
      title={tools.say('account.messages')}
      file="messages"
      sortName="messages-sort"
      operation="GET /v1/accounts/{id}/messages"
      input={{ path: { id } }}
      idOf={({ messageId }) => messageId}
      columns={messageColumns(tools)}
    />
  );
}

function messageColumns({ say, format }: Console): Column<ItemOf<'GET /v1/accounts/{id}/messages'>>[] {
  return [
    { key: 'title', header: say('account.message'), isName: true, cell: ({ title, kind }) => title ?? kind },
    { key: 'at', header: say('account.at'), sortBy: ({ at }) => at, cell: ({ at }) => format.instant(at) },
    {
      key: 'channel',
      header: say('account.channel'),
      cell: ({ channel }) => (channel === null ? '' : say(`channels.${channel}`)),
    },
    {
      key: 'state',
      header: say('invoice.state'),
      cell: ({ state, error }) => (
        <>
          <Status tone={MESSAGE_TONES[state]}>{say(`messageStates.${state}`)}</Status>
          {error !== null && <div class="hint">{error}</div>}
        </>
      ),
    },
  ];
}
