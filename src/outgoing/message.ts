import { hashOf } from '../kernel/ids.ts';

/** What the platform is told (contract 4). */
export const OUTGOING_TYPES = [
  'invoice.issued',
  'invoice.overdue',
  'invoice.completed',
  'invoice.voided',
  'campaigns.paused',
  'campaigns.resumed',
  'cpl_orders.blocked',
  'cpl_orders.unblocked',
  'trust.changed',
  'partnership.review_opened',
  'partnership.terminated',
  'order.accepted',
  'order.rejected',
  'order.expired',
  'order.refused',
  'order.started',
  'order.progressed',
  'order.completed',
  'order.stopped',
  'order.renewed',
  'charge.owed',
  'charge.paid',
  'commission.pending',
  'commission.approved',
  'commission.rejected',
  'payout.due',
  'payout.settled',
  'payout.failed',
] as const;

export type OutgoingType = (typeof OUTGOING_TYPES)[number];

/**
 * Something to tell the platform. `key` is its deterministic cause, as `invoice:2026-W47:m1:issued`: emitted again it is
 * nothing new. Messages of one `subject`, as `model:m1`, reach the platform in the order in which they were emitted.
 * `at` is when it happened, by effective time; `data` is JSON and carries the state that it results in.
 */
export type OutgoingMessage = {
  key: string;
  subject: string;
  type: OutgoingType;
  at: Date;
  data: Record<string, unknown>;
};

const READABLE_LENGTH = 96;
/** Of a hash in base64url: 128 bits and a little more. */
const HASH_LENGTH = 22;

/**
 * The `webhook-id` of a key: readable in front, and told apart by a hash behind, as keys hold ids of the platform's, which
 * may be long and have dots.
 */
export function webhookIdOf(key: string): string {
  const readable = key.replace(/[^A-Za-z0-9_:-]/g, '_').slice(0, READABLE_LENGTH);
  return `${readable}:${hashOf(key).slice(0, HASH_LENGTH)}`;
}

/** What is sent, byte for byte: fixed when it is emitted, whatever becomes of what it speaks of. */
export function bodyOf({ type, at, data }: OutgoingMessage): string {
  return JSON.stringify({ type, timestamp: at.toISOString(), data });
}
