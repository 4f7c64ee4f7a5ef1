import { unreachable } from '../kernel/errors.ts';
import { blockerSentence } from '../notices/messages/orders.ts';
import type { OrderReason } from './order.ts';

/** Why an order ended without being completed, or was not renewed, in a sentence for anybody. `inWords`: how people are shown what others wrote. */
export function orderReasonSentence(
  reason: OrderReason,
  currency: string,
  inWords: (text: string) => string = (text) => text,
): string {
  const withReason = (said: string, text: string | null) =>
    text === null || text === '' ? `${said}.` : `${said}: ${inWords(text)}`;
  switch (reason.kind) {
    case 'rejected':
      return withReason('The marketer rejected it', reason.reason);
    case 'cancelled':
      return withReason('It was cancelled before it was answered', reason.reason);
    case 'not-answered':
      return 'Nobody answered it in time.';
    case 'not-funded':
      return 'The marketer wanted to accept it, and the client’s balance did not cover it in time.';
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
