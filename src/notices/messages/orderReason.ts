import type { SayOf } from '../../texts/saying.ts';

/**
 * Why an order ended without being completed, or was not renewed, as the API and webhooks answer it. How much a client owes is for nobody but
 * the client. The console says it as chat does, so this file knows nothing else of the service.
 */
export type WrittenOrderReason =
  | WrittenBlocker
  /** `reason`: what somebody wrote, or null. */
  | { kind: 'rejected' | 'cancelled' | 'guarantee-violated' | 'stopped-by-manager'; reason: string | null }
  | { kind: 'not-answered' | 'not-funded' | 'partnership-terminated' }
  /** `days`: for how many it was idle; null in what was stored before they were, which has `reason` alone. */
  | { kind: 'idle'; days: number | null; reason: string };

export type WrittenBlocker = { kind: 'client-terminated' | 'client-blocked' | 'client-owes' };

/** Says what there is to say of an order's end. */
type Say = SayOf<
  | 'orders.reasons'
  | 'orders.stopped.guarantee'
  | 'orders.stopped.byManager'
  | 'orders.stopped.idle'
  | 'orders.blockers.terminated.marketer'
  | 'orders.blockers.blocked.marketer'
  | 'orders.blockers.owes.marketer'
>;

/** Why an order ended, or was not renewed, in a sentence for anybody. `inWords`: how people are shown what others wrote. */
export function orderReasonSentence(
  given: WrittenOrderReason,
  say: Say,
  inWords: (text: string) => string = (text) => text,
): string {
  switch (given.kind) {
    case 'rejected':
      return given.reason === null
        ? say('orders.reasons.rejected')
        : say('orders.reasons.rejectedBecause', { reason: inWords(given.reason) });
    case 'cancelled':
      return given.reason === null
        ? say('orders.reasons.cancelled')
        : say('orders.reasons.cancelledBecause', { reason: inWords(given.reason) });
    case 'guarantee-violated':
      return given.reason === null
        ? say('orders.stopped.guarantee')
        : say('orders.reasons.guaranteeBecause', { reason: inWords(given.reason) });
    case 'stopped-by-manager':
      return given.reason === null
        ? say('orders.stopped.byManager')
        : say('orders.reasons.byManagerBecause', { reason: inWords(given.reason) });
    case 'not-answered':
      return say('orders.reasons.notAnswered');
    case 'not-funded':
      return say('orders.reasons.notFunded');
    case 'idle':
      return given.days === null ? sentenceOf(given.reason) : say('orders.stopped.idle', { days: given.days });
    case 'partnership-terminated':
    case 'client-terminated':
      return say('orders.blockers.terminated.marketer');
    case 'client-blocked':
      return say('orders.blockers.blocked.marketer');
    case 'client-owes':
      return say('orders.blockers.owes.marketer');
  }
}

function sentenceOf(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
