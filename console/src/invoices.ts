import type { ItemOf } from './api.ts';
import type { Tone } from './ui/Status.tsx';

export type Invoice = ItemOf<'GET /v1/invoices'>;

export const INVOICE_TONES: Record<Invoice['status'], Tone> = {
  open: 'waiting',
  overdue: 'bad',
  completed: 'good',
  void: 'ended',
  written_off: 'ended',
  credited: 'good',
};

export function isUnpaid({ status }: Pick<Invoice, 'status'>): boolean {
  return status === 'open' || status === 'overdue';
}

/** What is still to be paid of it, in minor units: without the parts that were paid ahead. */
export function leftOf({ status, total, parts = [] }: Pick<Invoice, 'status' | 'total' | 'parts'>): number {
  if (!isUnpaid({ status })) return 0;
  return parts.reduce((left, { amount }) => left - amount, total);
}
