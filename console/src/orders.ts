import type { ItemOf } from './api.ts';
import type { Tone } from './ui/Status.tsx';

export type Order = ItemOf<'GET /v1/orders'>;
export type Fan = ItemOf<'GET /v1/orders/{id}/fans'>;

export const ORDER_STATUSES = [
  ...(['placed', 'queued', 'running', 'completed'] as const),
  ...(['rejected', 'expired', 'refused', 'cancelled', 'stopped'] as const),
] as const satisfies readonly Order['status'][];

export const ORDER_TONES: Record<Order['status'], Tone> = {
  placed: 'waiting',
  queued: 'waiting',
  running: 'plain',
  completed: 'good',
  rejected: 'ended',
  expired: 'ended',
  refused: 'bad',
  cancelled: 'ended',
  stopped: 'bad',
};
