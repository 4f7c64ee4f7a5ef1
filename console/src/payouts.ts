import type { ItemOf } from './api.ts';
import type { Tone } from './ui/Status.tsx';

export type Payout = ItemOf<'GET /v1/payouts'>;
export type Commission = ItemOf<'GET /v1/commissions'>;

export const COMMISSION_STATUSES = [
  ...(['pending', 'approved', 'rejected', 'paid'] as const),
] as const satisfies readonly Commission['status'][];

export const PAYOUT_TONES: Record<Payout['status'], Tone> = {
  due: 'waiting',
  processing: 'waiting',
  paid: 'good',
  failed: 'bad',
};

export const COMMISSION_TONES: Record<Commission['status'], Tone> = {
  pending: 'waiting',
  approved: 'good',
  rejected: 'ended',
  paid: 'good',
};
