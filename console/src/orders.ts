import type { ItemOf } from './api.ts';
import type { Tone } from './ui/Status.tsx';

export type Order = ItemOf<'GET /v1/orders'>;
export type Fan = ItemOf<'GET /v1/orders/{id}/fans'>;

/** In the order of an order's life. */
export const ORDER_STATUSES = [
  ...(['placed', 'queued', 'running', 'completed', 'stopped'] as const),
  ...(['rejected', 'expired', 'refused', 'cancelled'] as const),
] as const satisfies readonly Order['status'][];

export const ORDER_TONES: Record<Order['status'], Tone> = {
  placed: 'waiting',
  queued: 'waiting',
  running: 'good',
  completed: 'good',
  rejected: 'ended',
  expired: 'ended',
  refused: 'ended',
  cancelled: 'ended',
  stopped: 'bad',
};

export const VERDICTS = [
  ...(['counted', 'surplus', 'not_running', 'other_source', 'not_real', 'returning'] as const),
] as const satisfies readonly Fan['verdict'][];

export function totalOf({ quantity, pricePerFan }: Pick<Order, 'quantity' | 'pricePerFan'>): number {
  return quantity * pricePerFan;
}
