import { unreachable } from '../kernel/errors.ts';
import { blockerSentence } from '../notices/messages/orders.ts';
import { idleSentence } from '../notices/messages/orderWords.ts';
import { type DisplayContext, speechOf } from '../texts/speech.ts';
import type { OrderReason } from './order.ts';

/** Why an order ended without being completed, or was not renewed, in a sentence for anybody. `inWords`: how people are shown what others wrote. */
export function orderReasonSentence(
  given: OrderReason,
  display: DisplayContext,
  inWords: (text: string) => string = (text) => text,
): string {
  const { say } = speechOf(display);
  const saidOf = ({ reason }: { reason: string | null }) =>
    reason === null || reason === '' ? null : { reason: inWords(reason) };
  switch (given.kind) {
    case 'rejected': {
      const said = saidOf(given);
      return said === null ? say('orders.reasons.rejected') : say('orders.reasons.rejectedBecause', said);
    }
    case 'cancelled': {
      const said = saidOf(given);
      return said === null ? say('orders.reasons.cancelled') : say('orders.reasons.cancelledBecause', said);
    }
    case 'not-answered':
      return say('orders.reasons.notAnswered');
    case 'not-funded':
      return say('orders.reasons.notFunded');
    case 'guarantee-violated': {
      const said = saidOf(given);
      return said === null ? say('orders.stopped.guarantee') : say('orders.reasons.guaranteeBecause', said);
    }
    case 'stopped-by-manager': {
      const said = saidOf(given);
      return said === null ? say('orders.stopped.byManager') : say('orders.reasons.byManagerBecause', said);
    }
    case 'partnership-terminated':
      return say('orders.blockers.terminated.marketer');
    case 'idle':
      return idleSentence(given, display);
    case 'client-terminated':
    case 'client-blocked':
    case 'client-owes':
      return blockerSentence(given, 'marketer', display);
    default:
      return unreachable(given);
  }
}
