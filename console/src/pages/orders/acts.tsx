import type { ComponentType } from 'preact';

import { useConsole } from '../../context.ts';
import { type Order, totalOf } from '../../orders.ts';
import type { PlainKey } from '../../say.ts';
import { Act } from '../../ui/Act.tsx';
import { Field } from '../../ui/Field.tsx';

type DialogProps = { order: Order; onClose(): void };
type ActOnOrder = { label: PlainKey; weight: 'main' | 'danger'; Dialog: ComponentType<DialogProps> };

/** What can be done with an order, with the scope `orders` (webhooks/scopes.ts). */
export const ACTS = {
  accept: { label: 'order.accept', weight: 'main', Dialog: AcceptDialog },
  reject: { label: 'order.reject', weight: 'danger', Dialog: RejectDialog },
  stop: { label: 'order.stop', weight: 'danger', Dialog: StopDialog },
} satisfies Record<string, ActOnOrder> as Record<'accept' | 'reject' | 'stop', ActOnOrder>;

export type ActName = keyof typeof ACTS;

/** What its state allows. */
export function actsOn({ status }: Pick<Order, 'status'>): ActName[] {
  if (status === 'placed') return ['accept', 'reject'];
  return status === 'queued' || status === 'running' ? ['stop'] : [];
}

function AcceptDialog({ order, onClose }: DialogProps) {
  const { say, format } = useConsole();
  const prepaid = order.prepaid ? 'yes' : 'other';
  return (
    <OrderAct
      order={order}
      operation="POST /v1/orders/{id}/accept"
      title={say('order.acceptTitle', { id: order.orderId })}
      what={say('order.acceptWhat', { prepaid, total: format.money(totalOf(order)) })}
      doIt={say('order.acceptDo')}
      onClose={onClose}
    />
  );
}

function RejectDialog({ order, onClose }: DialogProps) {
  const { say } = useConsole();
  return (
    <OrderAct
      order={order}
      operation="POST /v1/orders/{id}/reject"
      title={say('order.rejectTitle', { id: order.orderId })}
      what={say('order.rejectWhat')}
      doIt={say('order.rejectDo')}
      isFinal
      onClose={onClose}
    />
  );
}

function StopDialog({ order, onClose }: DialogProps) {
  const { say, format } = useConsole();
  return (
    <OrderAct
      order={order}
      operation="POST /v1/orders/{id}/stop"
      title={say('order.stopTitle', { id: order.orderId })}
      what={say('order.stopWhat', { escrow: format.money(order.escrow) })}
      doIt={say('order.stopDo')}
      isFinal
      onClose={onClose}
    />
  );
}

type OrderActProps = DialogProps & {
  operation: `POST /v1/orders/{id}/${'accept' | 'reject' | 'stop'}`;
  title: string;
  what: string;
  doIt: string;
  /** It cannot be taken back, so it has a reason. */
  isFinal?: boolean;
};

function OrderAct({ order, operation, isFinal = false, ...words }: OrderActProps) {
  const { api, say, format } = useConsole();
  return (
    <Act
      {...words}
      items={[order]}
      idOf={({ orderId }) => orderId}
      nameOf={({ orderId, modelName, marketerName }) => `${orderId}: ${modelName}, ${marketerName}`}
      detailOf={(one) => format.money(totalOf(one))}
      isDangerous={isFinal}
      perform={({ orderId: id }, { reason = '' }, idempotencyKey) =>
        api.call(operation, { path: { id }, body: reason === '' ? {} : { reason }, idempotencyKey })
      }
    >
      <Field
        label={say(isFinal ? 'act.reason' : 'order.reasonFree')}
        name="reason"
        isRequired={isFinal}
        hint={say('order.reasonHint')}
      />
    </Act>
  );
}
