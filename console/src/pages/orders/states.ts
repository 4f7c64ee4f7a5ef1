import type { Fan, Order } from '../../orders.ts';
import type { Tone } from '../../ui/Status.tsx';

export type { Fan, Order };

/** In the order of an order's life. */
export const STATES = [
  ...(['placed', 'queued', 'running', 'completed', 'stopped', 'rejected', 'expired', 'refused', 'cancelled'] as const),
] as const satisfies readonly Order['status'][];

export const TONES: Record<Order['status'], Tone> = {
  placed: 'waiting',
  queued: 'waiting',
  running: 'good',
  completed: 'good',
  stopped: 'bad',
  rejected: 'ended',
  expired: 'ended',
  refused: 'ended',
  cancelled: 'ended',
};

export const VERDICTS = [
  ...(['counted', 'surplus', 'not_running', 'other_source', 'not_real', 'returning'] as const),
] as const satisfies readonly Fan['verdict'][];
