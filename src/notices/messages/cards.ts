import type { NoticeContent } from './noticeContent.ts';

/** The notice that an invoice was issued with: its message is the card of the invoice from then on. */
export function invoiceCardKey(invoiceId: string): string {
  return `invoice:${invoiceId}:issued`;
}

/** The notice that an order started with, for each side: its message is the card of the order from then on. */
export function orderCardKey(orderId: string, to: 'client' | 'marketer'): string {
  return `order:${orderId}:started:${to}`;
}

/** The card that a notice belongs to, by the key of its notice; null where it is about no invoice or order of the reader. */
export function cardKeyOf(content: NoticeContent): string | null {
  switch (content.kind) {
    case 'invoice.issued':
    case 'invoice.receipt':
    case 'invoice.credited':
    case 'invoice.paid':
    case 'invoice.voided':
    case 'invoice.written_off':
    case 'invoice.insufficient':
    case 'invoice.due_soon':
    case 'invoice.overdue':
    case 'invoice.reminder':
    case 'invoice.reminded':
    case 'invoice.card':
    case 'promise.made':
    case 'promise.due_soon':
    case 'promise.broken':
    case 'promise.refused':
      return invoiceCardKey(content.data.invoiceId);
    case 'order.placed':
    case 'order.nudge':
    case 'order.accepted':
    case 'order.short':
    case 'order.acceptable':
    case 'order.rejected':
    case 'order.expired':
    case 'order.cancelled':
    case 'order.refused':
    case 'order.started':
    case 'order.progress':
    case 'order.card':
    case 'order.idle':
    case 'order.completed':
    case 'order.stopped':
    case 'order.not_renewed':
    case 'charge.owed':
    case 'charge.paid':
      return orderCardKey(content.data.orderId, content.data.to);
    case 'charge.insufficient':
      return orderCardKey(content.data.orderId, 'client');
    default:
      return null;
  }
}
