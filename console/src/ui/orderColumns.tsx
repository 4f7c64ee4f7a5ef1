import type { Commands } from '../commands.ts';
import type { Console } from '../context.ts';
import { ORDER_TONES, type Order, totalOf } from '../orders.ts';
import { Run } from './Run.tsx';
import { Status } from './Status.tsx';
import { To } from './To.tsx';
import { amounts, type Column } from './table.ts';

type Tools = Pick<Console, 'say' | 'format' | 'session'>;

/** The orders of a model or of a marketer, each named by the other side. */
export function orderColumns({ say, format, session }: Tools): Column<Order>[] {
  const isMarketer = session.account.role === 'marketer';
  return [
    {
      key: 'order',
      header: say('own.order'),
      isName: true,
      sortBy: ({ orderId }) => orderId,
      cell: ({ orderId }) => <To thing="order" id={orderId} />,
    },
    {
      key: 'other',
      header: say(isMarketer ? 'own.client' : 'own.marketer'),
      sortBy: (order) => otherSideOf(order, isMarketer),
      cell: (order) => otherSideOf(order, isMarketer),
    },
    {
      key: 'state',
      header: say('invoice.state'),
      sortBy: ({ status }) => status,
      cell: (order) => <OrderState order={order} say={say} />,
    },
    {
      key: 'progress',
      header: say('own.progress'),
      isNumber: true,
      sortBy: ({ delivered, quantity }) => delivered / quantity,
      cell: ({ delivered, quantity }) => say('own.fansOf', { delivered, quantity }),
    },
    amounts({ key: 'total', header: say('invoice.total'), of: totalOf }, format),
    {
      key: 'placed',
      header: say('own.placedAt'),
      sortBy: ({ placedAt }) => placedAt,
      cell: ({ placedAt }) => format.instant(placedAt),
    },
  ];
}

/** Who is on the other side of an order, by name. */
export function otherSideOf(order: Pick<Order, 'modelName' | 'marketerName'>, isMarketer: boolean): string {
  return isMarketer ? order.modelName : order.marketerName;
}

/** How an order stands, and its place in the queue where it has one. */
export function OrderState({ order, say }: { order: Pick<Order, 'status' | 'position'>; say: Console['say'] }) {
  const { status, position } = order;
  const state = say(`own.orderStates.${status}`);
  return (
    <Status tone={ORDER_TONES[status]}>{position === null ? state : say('own.atPlace', { state, position })}</Status>
  );
}

/** Those that a marketer has to answer: by when, how the client stands, and the answer. */
export function offeredColumns(tools: Tools, command: Commands): Column<Order>[] {
  const { say, format } = tools;
  const [order, other, , , total] = orderColumns(tools);
  return [
    ...[order, other, total].filter((column) => column !== undefined),
    {
      key: 'by',
      header: say('own.respondBy'),
      sortBy: ({ respondBy }) => respondBy,
      cell: ({ respondBy }) => format.instant(respondBy),
    },
    {
      key: 'record',
      header: say('own.record'),
      cell: (one) => (
        <span class="words">
          <ClientRecord order={one} say={say} />
        </span>
      ),
    },
    { key: 'act', header: say('own.acts'), cell: ({ orderId }) => <OrderActs {...{ orderId, say, command }} /> },
  ];
}

/** How the client of an order stands; only of one that is to be answered. */
export function ClientRecord({ order, say }: { order: Partial<Pick<Order, 'client'>>; say: Console['say'] }) {
  const { client } = order;
  if (client === undefined) return null;
  const { tier, trustScore, paidOnTime, invoices, coveredFans } = client;
  return <>{say('own.recordOf', { tier: say(`own.tiers.${tier}`), trustScore, paidOnTime, invoices, coveredFans })}</>;
}

type ActsProps = { orderId: string; say: Console['say']; command: Commands };

/** Accepting binds and rejecting ends, so both ask first. */
export function OrderActs({ orderId, say, command }: ActsProps) {
  return (
    <div class="actions">
      <Run line={`/accept ${orderId}`} command={command} weight="main" label={say('own.acceptOf', { orderId })}>
        {say('own.accept')}
      </Run>
      <Run line={`/reject ${orderId}`} command={command} label={say('own.rejectOf', { orderId })}>
        {say('own.reject')}
      </Run>
    </div>
  );
}
