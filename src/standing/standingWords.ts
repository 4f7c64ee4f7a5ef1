import { formatInstant } from '../kernel/calendar.ts';
import { formatMoney } from '../kernel/money.ts';
import { countOf } from '../notices/messages/message.ts';
import type { DisplayContext } from '../texts/speech.ts';
import type { Standing, StandingReason, TrustChange } from './standing.ts';

/** A standing as programs are told it, by the API and by webhooks (docs/api.md, docs/events.md): its reasons are sentences. */
export function standingView(modelId: string, standing: Standing, platform: DisplayContext) {
  const { reasons, ...fields } = standing;
  return { modelId, ...fields, reasons: reasons.map((reason) => reasonSentence(reason, platform)) };
}

/** Why something is paused, blocked, under review or held back, in a sentence for anybody. */
export function reasonSentence(reason: StandingReason, { timeZone, currency }: DisplayContext): string {
  switch (reason.kind) {
    case 'terminated':
      return 'The partnership is terminated.';
    case 'overdue': {
      const are = reason.count === 1 ? 'is' : 'are';
      return `${countOf(reason.count, 'invoice')} ${are} overdue, ${formatMoney(reason.total, currency)} in all.`;
    }
    case 'overdue-too-long':
      return `Invoice ${reason.invoiceId} has been overdue since ${formatInstant(reason.since, timeZone)}, too long for new CPL orders.`;
    case 'overdue-too-much':
      return `What is overdue, ${formatMoney(reason.total, currency)}, is more than the ${formatMoney(reason.limit, currency)} that new CPL orders allow.`;
    case 'under-review':
      return 'A termination review is open.';
    case 'grace':
      return `A manager holds the sanctions back until ${formatInstant(reason.until, timeZone)}.`;
    case 'not-warned':
      return `For ${countOf(reason.count, 'overdue invoice')} pausing and blocking wait until a warning is delivered.`;
  }
}

/** One change of the trust score as people read it: `-10 on Thu 12 Mar 2026: invoice 2026-W10:m1 went overdue`. */
export function trustSentence({ change, cause, subject, score }: Omit<TrustChange, 'at'>): string {
  const why = {
    'invoice-on-time': `invoice ${subject} was paid on time`,
    'invoice-late': `invoice ${subject} went overdue`,
    'invoice-late-again': `invoice ${subject} went overdue, not the first in these weeks`,
    'order-completed': `order ${subject} was completed`,
  }[cause];
  return `${change > 0 ? '+' : change < 0 ? '−' : ''}${Math.abs(change)} to ${score}: ${why}`;
}
