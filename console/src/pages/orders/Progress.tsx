import { useConsole } from '../../context.ts';
import type { Order } from '../../orders.ts';

/** How many of the fans of an order have come, as a bar and in numbers. */
export function Progress({ order }: { order: Pick<Order, 'orderId' | 'delivered' | 'quantity'> }) {
  const { say } = useConsole();
  const { orderId, delivered, quantity } = order;
  return (
    <>
      <progress value={delivered} max={quantity} aria-label={say('orders.progressOf', { order: orderId })} />{' '}
      {say('orders.progress', { delivered, quantity })}
    </>
  );
}
