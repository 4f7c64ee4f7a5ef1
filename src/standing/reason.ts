import type { SayOf } from '../texts/saying.ts';

/**
 * Why a model stands as it does: what a decision gives, what the API and webhooks answer, with instants as RFC 3339, and what people are told. The
 * console says it as chat does, so this file knows nothing else of the service.
 */
export type StandingReason<Instant = Date> =
  | { kind: 'terminated' }
  /** `total`: what is still to be paid of them, in minor units. */
  | { kind: 'overdue'; count: number; total: number }
  | { kind: 'overdue-too-long'; invoiceId: string; since: Instant }
  | { kind: 'overdue-too-much'; total: number; limit: number }
  | { kind: 'under-review' }
  | { kind: 'grace'; until: Instant }
  | { kind: 'not-warned'; count: number }
  /** `until`: when the first of these promises ends. */
  | { kind: 'promised'; count: number; until: Instant };

/** How somebody is told: in their language, with amounts and times as they read them. */
type Speech<Instant> = {
  say: SayOf<'standing.reasons'>;
  money(amount: number): string;
  instant(at: Instant): string;
};

/** Why something is paused, blocked, under review or held back, in a sentence for anybody. */
export function reasonSentence<Instant>(
  reason: StandingReason<Instant>,
  { say, money, instant }: Speech<Instant>,
): string {
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

/** A reason as JSON has it. */
export function writtenReason(reason: StandingReason): StandingReason<string> {
  switch (reason.kind) {
    case 'overdue-too-long':
      return { ...reason, since: reason.since.toISOString() };
    case 'grace':
    case 'promised':
      return { ...reason, until: reason.until.toISOString() };
    default:
      return reason;
  }
}
