import type { Calendar } from '../kernel/calendar.ts';
import { type MinorUnits, shareOf } from '../kernel/money.ts';
import type { RefusalCode } from '../kernel/refusals.ts';
import type { Policy } from '../policy.ts';
import { promiseState } from '../standing/promised.ts';
import {
  type DueInvoice,
  owedOf,
  type StandingFacts,
  type StandingPolicy,
  trustChanges,
} from '../standing/standing.ts';

/**
 * What a model may promise of one invoice: by when at the latest, in the evening of each of these days, and what two parts
 * would come to, the first of them paid at once. `parts` is null where the whole is too little to be parted.
 */
export type Offer = { untils: Date[]; parts: { first: MinorUnits; rest: MinorUnits } | null };

export type Offered = { kind: 'offered'; offer: Offer } | { kind: 'refused'; reason: RefusalCode };

export type PromisePolicy = StandingPolicy & Pick<Policy, 'promises'>;

/** The last minute of a day that somebody promises to pay by. */
const END_OF_DAY = 'T23:59';

/**
 * What the rules allow a model to promise of an invoice at `now` (rules 2.11). Days are those of the model's own `days`, weeks of
 * the platform's `calendar`. `isRefused`: a manager has refused a promise of this invoice before.
 */
export function offerAt(
  invoice: DueInvoice,
  facts: StandingFacts,
  policy: PromisePolicy,
  { days, calendar }: { days: Calendar; calendar: Calendar },
  now: Date,
): Offered {
  const reason = refusalAt(invoice, facts, policy, calendar, now);
  if (reason !== null) return { kind: 'refused', reason };
  const { firstPartBps } = policy.promises;
  const rest = owedOf([invoice], now);
  const first = shareOf(rest, firstPartBps);
  return {
    kind: 'offered',
    offer: {
      untils: evenings(policy.promises.maxDays, days, now),
      parts: first > 0 && first < rest ? { first, rest: rest - first } : null,
    },
  };
}

function refusalAt(
  invoice: DueInvoice,
  facts: StandingFacts,
  policy: PromisePolicy,
  calendar: Calendar,
  now: Date,
): RefusalCode | null {
  const { enabled, minTrust, perWeeks } = policy.promises;
  const { promises = [] } = invoice;
  if (!enabled) return 'promises_off';
  if (facts.decisions.some(({ kind, at }) => kind === 'terminate' && at <= now)) return 'partnership_terminated';
  if (invoice.completedAt !== null && invoice.completedAt <= now) return 'invoice_completed';
  if (invoice.dueAt > now) return 'invoice_open';
  if (promises.some((one) => promiseState(one, invoice, now).status === 'running')) return 'already_promised';
  if (promises.some(({ refusedAt }) => refusedAt !== null)) return 'promise_refused';
  const since = calendar.addDays(now, -7 * perWeeks);
  if (lastBroken(facts, now) > since.getTime()) return 'promise_broken';
  const trust = trustChanges(facts, policy, calendar, now).at(-1)?.score ?? policy.trust.start;
  return trust < minTrust ? 'trust_too_low' : null;
}

/** When a model last broke a promise, as milliseconds; a long time ago where it never did. */
function lastBroken({ invoices }: StandingFacts, now: Date): number {
  const ends = invoices.flatMap((invoice) =>
    (invoice.promises ?? []).flatMap((promise) => {
      const state = promiseState(promise, invoice, now);
      return state.status === 'broken' ? [state.endedAt.getTime()] : [];
    }),
  );
  return Math.max(Number.NEGATIVE_INFINITY, ...ends);
}

/** The end of today and of so many days after it, as far as it is still to come. */
function evenings(maxDays: number, days: Calendar, now: Date): Date[] {
  return Array.from({ length: maxDays + 1 }, (_, later) => endOfDay(days.dayOf(days.addDays(now, later)), days)).filter(
    (until) => until > now,
  );
}

/** By when somebody promises who names a day, `2026-03-06`. Throws RangeError for what is no day. */
export function endOfDay(day: string, days: Calendar): Date {
  return days.startOf(`${day}${END_OF_DAY}`);
}

/** Whether an instant is within an offer; the code of what is wrong with it, or null. */
export function dateRefusal({ untils }: Offer, until: Date, now: Date): RefusalCode | null {
  const latest = untils.at(-1);
  if (until <= now) return 'promise_date_past';
  return latest === undefined || until > latest ? 'promise_date_too_late' : null;
}
