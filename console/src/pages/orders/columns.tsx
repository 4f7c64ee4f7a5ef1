import type { Console } from '../../context.ts';
import { Status } from '../../ui/Status.tsx';
import { To, ToAccount } from '../../ui/To.tsx';
import type { Column } from '../../ui/table.ts';
import { Progress } from './Progress.tsx';
import { type Order, TONES } from './states.ts';

/** What every table of orders shows of one, by the keys of its columns. */
export function orderColumns({ say, format }: Pick<Console, 'say' | 'format'>) {
  return {
    order: {
      key: 'order',
      header: say('orders.order'),
      isName: true,
      sortBy: ({ orderId }) => orderId,
      cell: ({ orderId }) => <To thing="order" id={orderId} />,
    },
    state: {
      key: 'state',
      header: say('orders.state'),
      sortBy: ({ status }) => say(`orderState.${status}`),
      cell: ({ status }) => <Status tone={TONES[status]}>{say(`orderState.${status}`)}</Status>,
    },
    model: {
      key: 'model',
      header: say('orders.model'),
      sortBy: ({ modelName }) => modelName,
      cell: ({ modelId, modelName }) => <ToAccount id={modelId} name={modelName} />,
    },
    marketer: {
      key: 'marketer',
      header: say('orders.marketer'),
      sortBy: ({ marketerName }) => marketerName,
      cell: ({ marketerId, marketerName }) => <ToAccount id={marketerId} name={marketerName} />,
    },
    fans: {
      key: 'fans',
      header: say('orders.fans'),
      isNumber: true,
      sortBy: ({ delivered, quantity }) => delivered / quantity,
      cell: (order) => <Progress order={order} />,
    },
    price: {
      key: 'price',
      header: say('orders.price'),
      isNumber: true,
      sortBy: ({ pricePerFan }) => pricePerFan,
      cell: ({ pricePerFan }) => format.money(pricePerFan),
    },
    total: {
      key: 'total',
      header: say('orders.total'),
      isNumber: true,
      sortBy: totalOf,
      cell: (order) => format.money(totalOf(order)),
    },
    paid: {
      key: 'paid',
      header: say('orders.paid'),
      isNumber: true,
      sortBy: ({ paid }) => paid,
      cell: ({ paid }) => format.money(paid),
    },
    owed: {
      key: 'owed',
      header: say('orders.owed'),
      isNumber: true,
      sortBy: ({ owed }) => owed,
      cell: ({ owed }) => (owed === 0 ? format.money(0) : <Status tone="bad">{format.money(owed)}</Status>),
    },
    placed: {
      key: 'placed',
      header: say('orders.placed'),
      sortBy: ({ placedAt }) => placedAt,
      cell: ({ placedAt }) => format.instant(placedAt),
    },
    place: {
      key: 'place',
      header: say('queue.place'),
      isNumber: true,
      cell: ({ position }) => (position === null ? '–' : format.count(position)),
    },
    answerBy: {
      key: 'answerBy',
      header: say('queue.answerBy'),
      sortBy: ({ respondBy }) => respondBy,
      cell: ({ respondBy }) => format.instant(respondBy),
    },
    accepted: {
      key: 'accepted',
      header: say('queue.accepted'),
      sortBy: ({ acceptedAt }) => acceptedAt,
      cell: ({ acceptedAt }) => acceptedAt !== null && format.instant(acceptedAt),
    },
    started: {
      key: 'started',
      header: say('queue.started'),
      sortBy: ({ startedAt }) => startedAt,
      cell: ({ startedAt }) => startedAt !== null && format.instant(startedAt),
    },
  } satisfies Record<string, Column<Order>>;
}

export function totalOf({ quantity, pricePerFan }: Pick<Order, 'quantity' | 'pricePerFan'>): number {
  return quantity * pricePerFan;
}
