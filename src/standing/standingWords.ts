import { type DisplayContext, speechOf } from '../texts/speech.ts';
import type { Standing, StandingReason } from './standing.ts';

/** A standing as programs are told it, by the API and by webhooks (docs/api.md, docs/events.md): its reasons are sentences. */
export function standingView(modelId: string, standing: Standing, platform: DisplayContext) {
  const { reasons, ...fields } = standing;
  return { modelId, ...fields, reasons: reasons.map((reason) => reasonSentence(reason, platform)) };
}

/** Why something is paused, blocked, under review or held back, in a sentence for anybody. */
export function reasonSentence(reason: StandingReason, display: DisplayContext): string {
  const { say, money, instant } = speechOf(display);
  switch (reason.kind) {
    case 'terminated':
      return say('standing.reasons.terminated');
    case 'overdue':
      return say('standing.reasons.overdue', { count: reason.count, total: money(reason.total) });
    case 'overdue-too-long':
      return say('standing.reasons.overdueTooLong', { invoice: reason.invoiceId, since: instant(reason.since) });
    case 'overdue-too-much':
      return say('standing.reasons.overdueTooMuch', { total: money(reason.total), limit: money(reason.limit) });
    case 'under-review':
      return say('standing.reasons.underReview');
    case 'grace':
      return say('standing.reasons.grace', { until: instant(reason.until) });
    case 'not-warned':
      return say('standing.reasons.notWarned', { count: reason.count });
    case 'promised':
      return say('standing.reasons.promised', { count: reason.count, until: instant(reason.until) });
  }
}
