import type { Console } from '../../context.ts';
import { ORDER_TONES, type Order, totalOf } from '../../orders.ts';
import { personColumn } from '../../ui/personColumn.tsx';
import { Status } from '../../ui/Status.tsx';
import { To } from '../../ui/To.tsx';
import { amounts, type Column } from '../../ui/table.ts';
import { Progress } from './Progress.tsx';

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
      cell: ({ status }) => <Status tone={ORDER_TONES[status]}>{say(`orderState.${status}`)}</Status>,
    },
    model: personColumn<Order>({
      ...{ key: 'model', header: say('orders.model') },
      of: ({ modelId, modelName }) => ({ id: modelId, name: modelName }),
    }),
    marketer: personColumn<Order>({
      ...{ key: 'marketer', header: say('orders.marketer') },
      of: ({ marketerId, marketerName }) => ({ id: marketerId, name: marketerName }),
    }),
    fans: {
      key: 'fans',
      header: say('orders.fans'),
      isNumber: true,
      sortBy: ({ delivered, quantity }) => delivered / quantity,
      cell: (order) => <Progress order={order} />,
    },
    price: amounts({ key: 'price', header: say('orders.price'), of: ({ pricePerFan }) => pricePerFan }, format),
    total: amounts({ key: 'total', header: say('orders.total'), of: totalOf }, format),
    paid: amounts({ key: 'paid', header: say('orders.paid'), of: ({ paid }) => paid }, format),
    owed: {
      key: 'owed',
      header: say('orders.owed'),
      isNumber: true,
      sortBy: ({ owed }) => owed,
      cell: ({ owed }) => (owed === 0 ? format.money(0) : <Status tone="bad">{format.money(owed)}</Status>),
    },
    placed: {
      key: 'placed',
      isLong: true,
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
