import type { Calendar } from '../kernel/calendar.ts';
import { type MinorUnits, sum } from '../kernel/money.ts';
import {
  blockReasons,
  type DueInvoice,
  enforcedFrom,
  graceAt,
  isEnforced,
  overdueAt,
  owedOf,
  type StandingFacts,
  type StandingPolicy,
  settledAt,
} from './standing.ts';

/**
 * What happens when nothing is paid. `at` is null when it has happened already; `invoiceIds` are the invoices whose
 * payment prevents or lifts it, the smallest such payment, in minor units.
 */
export type Forecast = {
  sanction: 'campaigns-paused' | 'cpl-orders-blocked';
  at: Date | null;
  payment: MinorUnits;
  invoiceIds: string[];
};

/** Past this many invoices the smallest set that suffices is no longer searched for, only a small one. */
const SEARCH_LIMIT = 16;

/**
 * The sanctions that are in force or ahead of a model, each with the smallest payment against it (rules 2.1, 2.2). Where they
 * wait for a warning (rules 2.9), one that is not delivered yet is taken to be on its way: it arrives at the latest after `now`.
 * Where they wait for a promise (rules 2.11), they come when it ends.
 */
export function forecast(facts: StandingFacts, policy: StandingPolicy, calendar: Calendar, now: Date): Forecast[] {
  const soon = new Date(now.getTime() + 1);
  const open = facts.invoices
    .filter((invoice) => settledAt(invoice) === null)
    .map((invoice) => ({ ...invoice, warnedAt: invoice.warnedAt ?? (invoice.unreachedAt ? null : soon) }));
  const instants = [
    now,
    ...open.flatMap(({ dueAt, warnedAt, unreachedAt, promises = [] }) => [
      ...[dueAt, calendar.addDays(dueAt, policy.sanctions.overdueDays)],
      ...promises.map(({ until }) => until),
      ...(policy.sanctions.onlyAfterWarning && warnedAt !== null ? [warnedAt] : []),
      ...(policy.sanctions.onlyAfterWarning && unreachedAt ? [enforcedFrom(unreachedAt)] : []),
    ]),
    ...facts.graces.map(({ until }) => until),
  ]
    .filter((at) => at >= now)
    .sort((a, b) => a.getTime() - b.getTime());
  const first = (holds: (at: Date) => boolean) =>
    instants.find((at) => graceAt(facts.graces, at) === null && holds(at));
  const enforcedAt = (at: Date) => overdueAt(open, at).filter((invoice) => isEnforced(invoice, policy, at));
  const pausedAt = first((at) => enforcedAt(at).length > 0);
  const blockedAt = first((at) => blockReasons(enforcedAt(at), policy, calendar, at).length > 0);
  return [
    ...(pausedAt === undefined ? [] : [forecastOf('campaigns-paused', pausedAt, now, enforcedAt(pausedAt))]),
    ...(blockedAt === undefined
      ? []
      : [
          forecastOf(
            'cpl-orders-blocked',
            blockedAt,
            now,
            unblocking(enforcedAt(blockedAt), policy, calendar, blockedAt),
          ),
        ]),
  ];
}

function forecastOf(sanction: Forecast['sanction'], at: Date, now: Date, toPay: DueInvoice[]): Forecast {
  return {
    sanction,
    at: at <= now ? null : at,
    payment: owedOf(toPay, now),
    invoiceIds: toPay.map(({ invoiceId }) => invoiceId),
  };
}

/** The cheapest invoices to pay so that orders are not blocked at an instant: all that are too old, and enough others. */
function unblocking(overdue: DueInvoice[], policy: StandingPolicy, calendar: Calendar, at: Date): DueInvoice[] {
  const { overdueDays, overdueTotal } = policy.sanctions;
  const tooOld = overdue.filter(({ dueAt }) => calendar.addDays(dueAt, overdueDays) <= at);
  const others = overdue.filter((invoice) => !tooOld.includes(invoice));
  const owed = others.map((invoice) => ({ invoice, total: owedOf([invoice], at) }));
  const excess = sum(owed.map(({ total }) => total)) - overdueTotal;
  return excess > 0 ? [...tooOld, ...cheapestCover(owed, excess).map(({ invoice }) => invoice)] : tooOld;
}

/** An invoice with what is still to be paid of it. */
type Owed = { invoice: DueInvoice; total: MinorUnits };

/** The set of invoices with the smallest sum that is at least `excess`. */
function cheapestCover(invoices: Owed[], excess: MinorUnits): Owed[] {
  if (invoices.length > SEARCH_LIMIT) return largestFirst(invoices, excess);
  let best = invoices;
  let bestSum = sum(invoices.map(({ total }) => total));
  for (let set = 1; set < 2 ** invoices.length; set += 1) {
    const chosen = invoices.filter((_, index) => (set & (1 << index)) !== 0);
    const total = sum(chosen.map((invoice) => invoice.total));
    if (total >= excess && total < bestSum) [best, bestSum] = [chosen, total];
  }
  return best;
}

function largestFirst(invoices: Owed[], excess: MinorUnits): Owed[] {
  let left = excess;
  return [...invoices]
    .sort((a, b) => b.total - a.total)
    .filter(({ total }) => {
      const needed = left > 0;
      if (needed) left -= total;
      return needed;
    });
}
