import { orderReasonSentence, type WrittenOrderReason } from '../notices/messages/orderReason.ts';
import { type DisplayContext, speechOf } from '../texts/speech.ts';
import type { OrderReason, OrderView } from './order.ts';

/** Why an order ended without being completed, or was not renewed, as somebody reads it. `inWords`: how they are shown what others wrote. */
export function orderReasonWords(
  reason: OrderReason,
  display: DisplayContext,
  inWords?: (text: string) => string,
): string {
  return orderReasonSentence(writtenOrderReason(reason), speechOf(display).say, inWords);
}

/** The same of an order, as programs are told it by the API and by webhooks: in sentences, and by kind. */
export function reasonsOf(
  { reasons, notRenewedBecause }: Pick<OrderView, 'reasons' | 'notRenewedBecause'>,
  platform: DisplayContext,
) {
  const words = (list: OrderReason[]) => list.map((one) => orderReasonWords(one, platform));
  return {
    ...{ reasons: words(reasons), because: reasons.map(writtenOrderReason) },
    ...{
      notRenewedBecause: words(notRenewedBecause),
      renewalBlockers: notRenewedBecause.map(({ kind }) => ({ kind })),
    },
  };
}

/** A reason as JSON has it. */
function writtenOrderReason(given: OrderReason): WrittenOrderReason {
  switch (given.kind) {
    case 'rejected':
    case 'cancelled':
    case 'guarantee-violated':
    case 'stopped-by-manager':
      return { kind: given.kind, reason: given.reason === '' ? null : given.reason };
    case 'idle':
      return { kind: given.kind, days: given.days ?? null, reason: given.reason };
    case 'client-terminated':
    case 'client-blocked':
    case 'client-owes':
    case 'not-answered':
    case 'not-funded':
    case 'partnership-terminated':
      return { kind: given.kind };
  }
}
