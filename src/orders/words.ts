import { unreachable } from '../kernel/errors.ts';
import { blockerSentence } from '../notices/messages/orders.ts';
import type { OrderReason } from './order.ts';

/** Why an order ended without being completed, or was not renewed, in a sentence for anybody. */
export function orderReasonSentence(reason: OrderReason, currency: string): string {
  switch (reason.kind) {
    case 'rejected':
      return withReason('The marketer rejected it', reason.reason);
    case 'cancelled':
      return withReason('It was cancelled before it was answered', reason.reason);
    case 'not-answered':
      return 'Nobody answered it in time.';
    case 'guarantee-violated':
      return withReason('A guarantee was violated', reason.reason);
    case 'stopped-by-manager':
      return withReason('A manager of the platform stopped it', reason.reason);
    case 'partnership-terminated':
      return "The client's partnership with the platform was ended.";
    case 'idle':
      return `${reason.reason.charAt(0).toUpperCase()}${reason.reason.slice(1)}.`;
    case 'client-terminated':
    case 'client-blocked':
    case 'client-owes':
      return blockerSentence(reason, 'marketer', currency);
    default:
      return unreachable(reason);
  }
}

function withReason(said: string, reason: string | null): string {
  return reason === null || reason === '' ? `${said}.` : `${said}: ${reason}`;
}
