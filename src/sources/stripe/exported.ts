import { z } from 'zod';

import { hashOf } from '../../kernel/ids.ts';
import { canonicalJson } from '../../kernel/json.ts';

const objectSchema = z.looseObject({
  id: z.string().min(1).max(200),
  object: z.string(),
  created: z.int(),
});
type Exported = z.infer<typeof objectSchema>;

/**
 * What an export has, as an event: events are what they are, and an object is as if an event told how it stands. So what was taken
 * in from an export and what its events say is the same. An object that says nothing of ours becomes an event that is not ours.
 * Null where it is neither.
 */
export function eventOfExported(json: unknown): unknown {
  const parsed = objectSchema.safeParse(json);
  if (!parsed.success) return null;
  const { data: object } = parsed;
  if (object.object === 'event') return json;
  const { type, created } = tellingOf(object);
  // Another state of it is another event.
  const id = `object-${object.id}-${hashOf(canonicalJson(object)).slice(0, 16)}`;
  return { id, object: 'event', type, created, data: { object } };
}

function tellingOf(object: Exported): { type: string; created: number } {
  const { created } = object;
  switch (object.object) {
    case 'subscription':
      return {
        type: object.ended_at == null ? 'customer.subscription.updated' : 'customer.subscription.deleted',
        created,
      };
    case 'invoice':
      return { type: object.status === 'paid' ? 'invoice.paid' : 'invoice.updated', created };
    case 'invoice_payment':
      return { type: object.status === 'paid' ? 'invoice_payment.paid' : 'invoice_payment.open', created };
    case 'checkout.session':
      return {
        type: object.status === 'complete' ? 'checkout.session.completed' : 'checkout.session.expired',
        created,
      };
    case 'refund':
      return { type: 'refund.updated', created };
    case 'charge':
      // Without a list nothing says when it was refunded; its refunds say it themselves.
      return { type: hasRefunds(object) ? 'charge.refunded' : 'charge.updated', created };
    case 'dispute':
      // Nothing says when one was closed. A lost one counts from when it was opened; the others change nothing.
      return {
        type: OPEN_OR_LOST.has(String(object.status)) ? 'charge.dispute.updated' : 'charge.dispute.funds_reinstated',
        created,
      };
    default:
      return { type: `${object.object}.updated`, created };
  }
}

const OPEN_OR_LOST = new Set([
  'lost',
  'needs_response',
  'under_review',
  'warning_needs_response',
  'warning_under_review',
]);

function hasRefunds({ refunds }: Exported): boolean {
  const list = z.looseObject({ data: z.array(z.unknown()).min(1) }).safeParse(refunds);
  return list.success;
}
