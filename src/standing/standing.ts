import type { Calendar } from '../kernel/calendar.ts';
import { type MinorUnits, sum } from '../kernel/money.ts';
import type { Policy } from '../policy.ts';
import { type PromiseFact, promisedUntil, promiseState } from './promised.ts';
import type { StandingReason } from './reason.ts';

/** An invoice as it bears on standing; void and credited ones bear on nothing and are left out. */
export type DueInvoice = {
  invoiceId: string;
  dueAt: Date;
  total: MinorUnits;
  completedAt: Date | null;
  /** When the first warning about it was delivered; null while none was. Looked at under `onlyAfterWarning` alone. */
  warnedAt?: Date | null;
  /** When the platform was told that no warning about it can be delivered (rules 2.9). */
  unreachedAt?: Date | null;
  /** Due at its issue, and paid by the debit then: it was never overdue (rules 1.10). */
  debitedAtIssue?: boolean;
  /** What was paid of it in parts, and is held for it (rules 2.11). */
  parts?: { amount: MinorUnits; paidAt: Date }[];
  /** What its model has promised, in order (rules 2.11). */
  promises?: PromiseFact[];
  /** Of one that was paid outside, and noted at `completedAt`: when the money came. It decides whether that was on time. */
  paidAt?: Date;
  /** Since when nothing is owed for it, though it was never paid (rules 1.7). */
  writtenOffAt?: Date;
};

/** A manager's hold on sanctions from `at` until `until` (rules 2.6). */
export type Grace = { at: Date; until: Date };

/** What a manager decided on a termination review (rules 2.5). */
export type Decision = { kind: 'terminate' | 'keep'; at: Date };

export type CompletedOrder = { orderId: string; quantity: number; completedAt: Date };

export type StandingFacts = {
  invoices: DueInvoice[];
  orders: CompletedOrder[];
  graces: Grace[];
  decisions: Decision[];
};

export type StandingPolicy = Pick<Policy, 'sanctions' | 'trust'>;

export type Tier = 'at-risk' | 'new' | 'standard' | 'trusted';

/** One change of the trust score with its cause; `score` is the score after it. */
export type TrustChange = {
  at: Date;
  cause:
    | ('invoice-on-time' | 'invoice-late' | 'invoice-late-again' | 'order-completed')
    | ('promise-kept' | 'promise-broken');
  subject: string;
  change: number;
  score: number;
};

export type Standing = {
  campaigns: 'running' | 'paused' | 'stopped';
  cplOrders: 'allowed' | 'blocked';
  trustScore: number;
  tier: Tier;
  terminationReview: boolean;
  terminated: boolean;
  overdue: { count: number; total: MinorUnits; oldestDueAt: Date | null };
  /** Of the last `invoices` that were paid or fell due, at most ten, how many were paid on time (rules 2.10). */
  paidOnTime: number;
  invoices: number;
  /** Why something is paused, blocked, under review or held back, in words. */
  reasons: StandingReason[];
  /** Fans of the largest next order that is recommended, while the tier is `new` (rules 2.7). */
  recommendedMaxQuantity: number | null;
};

const GROWTH = { first: 100, last: 3_200 };
/** As far back as a client's record of payments reaches (rules 2.10). */
const RECORD_INVOICES = 10;
const SCORE = { atRiskBelow: 30, trustedFrom: 80, provenBy: 3 };

/**
 * How a model stands at `now` (rules 2): a pure function of its facts. A thing counts from the instant it was due, so
 * the answer does not depend on when anybody looked.
 */
export function standingAt(facts: StandingFacts, policy: StandingPolicy, calendar: Calendar, now: Date): Standing {
  const overdue = overdueAt(facts.invoices, now);
  const total = owedOf(overdue, now);
  const terminated = facts.decisions.some(({ kind, at }) => kind === 'terminate' && at <= now);
  const grace = graceAt(facts.graces, now);
  const enforced = overdue.filter((invoice) => isEnforced(invoice, policy, now));
  const promised = overdue.flatMap((invoice) => promisedUntil(invoice, now) ?? []);
  const notWarned = overdue.length - enforced.length - promised.length;
  const blocks = blockReasons(enforced, policy, calendar, now);
  const review = !terminated && isUnderReview(facts, policy, calendar, now);
  const trustScore = trustChanges(facts, policy, calendar, now).at(-1)?.score ?? policy.trust.start;
  const tier = tierOf(facts, trustScore, now);
  return {
    campaigns: terminated ? 'stopped' : enforced.length > 0 && grace === null ? 'paused' : 'running',
    cplOrders: terminated || (blocks.length > 0 && grace === null) ? 'blocked' : 'allowed',
    trustScore,
    tier,
    terminationReview: review,
    terminated,
    overdue: { count: overdue.length, total, oldestDueAt: overdue[0]?.dueAt ?? null },
    ...paymentRecord(facts.invoices, now),
    reasons: [
      ...(terminated ? [{ kind: 'terminated' as const }] : []),
      ...(overdue.length > 0 ? [{ kind: 'overdue' as const, count: overdue.length, total }] : []),
      ...blocks,
      ...(review ? [{ kind: 'under-review' as const }] : []),
      ...(overdue.length > 0 && grace !== null ? [{ kind: 'grace' as const, until: grace }] : []),
      ...promisedReason(promised),
      ...(notWarned > 0 ? [{ kind: 'not-warned' as const, count: notWarned }] : []),
    ],
    recommendedMaxQuantity: tier === 'new' ? recommendedQuantity(facts.orders, now) : null,
  };
}

function promisedReason(untils: Date[]): StandingReason[] {
  if (untils.length === 0) return [];
  const until = untils.reduce((first, one) => (one < first ? one : first));
  return [{ kind: 'promised', count: untils.length, until }];
}

/** What is still to be paid of some unpaid invoices at `now`: what is held for them is no longer owed (rules 2.11). */
export function owedOf(invoices: DueInvoice[], now: Date): MinorUnits {
  return sum(
    invoices.map(({ total, parts = [] }) => {
      const held = parts.filter(({ paidAt }) => paidAt <= now).map(({ amount }) => amount);
      return total - sum(held);
    }),
  );
}

/** What is unpaid at `now` and was due by then, oldest first. */
export function overdueAt(invoices: DueInvoice[], now: Date): DueInvoice[] {
  return invoices.filter((invoice) => invoice.dueAt <= now && isOwed(invoice, now)).sort(byDue);
}

/** Since when nothing is owed for an invoice: it was paid, or written off; null while something is. */
export function settledAt({ completedAt, writtenOffAt }: DueInvoice): Date | null {
  return completedAt ?? writtenOffAt ?? null;
}

function isOwed(invoice: DueInvoice, now: Date): boolean {
  const settled = settledAt(invoice);
  return settled === null || settled > now;
}

/** How long after the platform was told that no warning arrives an invoice takes effect all the same (rules 2.9). */
const UNREACHED_HOURS = 24;

/** A message about an invoice is a warning of it: where it arrives, what waited for that has come (rules 2.9). */
export function warnedOf(facts: StandingFacts, invoiceId: string, at: Date): StandingFacts {
  const invoices = facts.invoices.map((one) =>
    one.invoiceId === invoiceId ? { ...one, warnedAt: one.warnedAt ?? at } : one,
  );
  return { ...facts, invoices };
}

/**
 * Whether an invoice that is overdue pauses and blocks at `now`: not while its model keeps a promise (rules 2.11), and under
 * `onlyAfterWarning` not before its model was warned.
 */
export function isEnforced(invoice: DueInvoice, { sanctions }: StandingPolicy, now: Date): boolean {
  const { warnedAt, unreachedAt } = invoice;
  if (promisedUntil(invoice, now) !== null) return false;
  if (!sanctions.onlyAfterWarning) return true;
  const isWarned = warnedAt !== undefined && warnedAt !== null && warnedAt <= now;
  return isWarned || (unreachedAt !== undefined && unreachedAt !== null && enforcedFrom(unreachedAt) <= now);
}

export function enforcedFrom(unreachedAt: Date): Date {
  return new Date(unreachedAt.getTime() + UNREACHED_HOURS * 3_600_000);
}

/** Why CPL orders are blocked, graces aside (rules 2.2). */
export function blockReasons(
  overdue: DueInvoice[],
  { sanctions }: StandingPolicy,
  calendar: Calendar,
  now: Date,
): StandingReason[] {
  const total = owedOf(overdue, now);
  const tooLong = overdue.find(({ dueAt }) => calendar.addDays(dueAt, sanctions.overdueDays) <= now);
  return [
    ...(tooLong === undefined
      ? []
      : [{ kind: 'overdue-too-long' as const, invoiceId: tooLong.invoiceId, since: tooLong.dueAt }]),
    ...(total > sanctions.overdueTotal
      ? [{ kind: 'overdue-too-much' as const, total, limit: sanctions.overdueTotal }]
      : []),
  ];
}

/** Until when sanctions are held back at `now`, or null (rules 2.6). */
export function graceAt(graces: Grace[], now: Date): Date | null {
  const holding = graces.filter(({ at, until }) => at <= now && now < until).map(({ until }) => until);
  return holding.length === 0 ? null : holding.reduce((latest, until) => (until > latest ? until : latest));
}

/** Every change of the trust score up to `now`, in the order of effective time, clamped at each step (rules 2.3). */
export function trustChanges(
  facts: StandingFacts,
  { trust, sanctions }: StandingPolicy,
  calendar: Calendar,
  now: Date,
): TrustChange[] {
  const late = lateInvoices(facts.invoices, now);
  const changes: Omit<TrustChange, 'score'>[] = [
    ...facts.invoices.flatMap((invoice) =>
      isPaidOnTime(invoice)
        ? [
            {
              ...{ at: invoice.paidAt ?? invoice.completedAt, cause: 'invoice-on-time' as const },
              ...{ subject: invoice.invoiceId, change: trust.onTime },
            },
          ]
        : [],
    ),
    ...late.map((invoice) => {
      const again = othersLateBefore(invoice, late, sanctions.windowWeeks, calendar) > 0;
      return {
        at: invoice.dueAt,
        cause: again ? ('invoice-late-again' as const) : ('invoice-late' as const),
        subject: invoice.invoiceId,
        change: again ? trust.lateAgain : trust.late,
      };
    }),
    ...facts.invoices.flatMap((invoice) => promiseChanges(invoice, trust, now)),
    ...facts.orders.map(({ orderId, completedAt }) => ({
      at: completedAt,
      cause: 'order-completed' as const,
      subject: orderId,
      change: trust.orderCompleted,
    })),
  ];
  let score = trust.start;
  return changes
    .filter(({ at }) => at <= now)
    .sort((a, b) => a.at.getTime() - b.at.getTime() || (a.subject < b.subject ? -1 : 1))
    .map((change) => {
      score = Math.min(100, Math.max(0, score + change.change));
      return { ...change, score };
    });
}

/** A promise changes the score when it is kept, and when it is broken (rules 2.11). */
function promiseChanges(
  { promises = [], ...invoice }: DueInvoice,
  trust: StandingPolicy['trust'],
  now: Date,
): Omit<TrustChange, 'score'>[] {
  const subject = invoice.invoiceId;
  return promises.flatMap((promise): Omit<TrustChange, 'score'>[] => {
    const state = promiseState(promise, invoice, now);
    if (state.status === 'kept') {
      return [{ at: state.endedAt, cause: 'promise-kept', subject, change: trust.promiseKept }];
    }
    if (state.status !== 'broken') return [];
    return [{ at: state.endedAt, cause: 'promise-broken', subject, change: trust.promiseBroken }];
  });
}

/** Paid before it was due, whenever that was noted, or debited at its issue, which can be the instant it is due. */
function isPaidOnTime(invoice: DueInvoice): invoice is DueInvoice & { completedAt: Date } {
  const { dueAt, completedAt, paidAt, debitedAtIssue = false } = invoice;
  return completedAt !== null && ((paidAt ?? completedAt) < dueAt || debitedAtIssue);
}

/** How many of the last invoices were paid on time (rules 2.10). One that is open and not due yet says nothing. */
function paymentRecord(invoices: DueInvoice[], now: Date): { paidOnTime: number; invoices: number } {
  const paid = invoices.filter(
    (invoice) => invoice.completedAt !== null && invoice.completedAt <= now && isPaidOnTime(invoice),
  );
  const last = [...paid, ...lateInvoices(invoices, now)].sort(byDue).slice(-RECORD_INVOICES);
  return { paidOnTime: last.filter(isPaidOnTime).length, invoices: last.length };
}

/** Invoices that were unpaid at their `dueAt`, paid later or not; what was written off before that is not among them. */
function lateInvoices(invoices: DueInvoice[], now: Date): DueInvoice[] {
  return invoices
    .filter(({ dueAt, writtenOffAt }) => dueAt <= now && (writtenOffAt === undefined || writtenOffAt >= dueAt))
    .filter((invoice) => !isPaidOnTime(invoice))
    .sort(byDue);
}

/** How many others of `late`, oldest first, had gone overdue in `[dueAt - weeks, dueAt)`. */
function othersLateBefore(invoice: DueInvoice, late: DueInvoice[], weeks: number, calendar: Calendar): number {
  const from = calendar.addDays(invoice.dueAt, -7 * weeks);
  return countDueBefore(late, invoice.dueAt.getTime()) - countDueBefore(late, from.getTime());
}

/** Halves what is in question each time: a model may have been late for years. */
function countDueBefore(late: DueInvoice[], at: number): number {
  let [least, most] = [0, late.length];
  while (least < most) {
    const middle = (least + most) >>> 1;
    const isBefore = (late[middle]?.dueAt.getTime() ?? at) < at;
    if (isBefore) least = middle + 1;
    else most = middle;
  }
  return least;
}

/**
 * Whether a termination review is open (rules 2.5): for repeated lateness or for one invoice that stays unpaid. After a
 * keep only invoices that go overdue later count.
 */
function isUnderReview(facts: StandingFacts, { sanctions }: StandingPolicy, calendar: Calendar, now: Date): boolean {
  const keeps = facts.decisions.filter(({ kind, at }) => kind === 'keep' && at <= now).map(({ at }) => at.getTime());
  const kept = Math.max(...keeps, Number.NEGATIVE_INFINITY);
  const late = lateInvoices(facts.invoices, now).filter(({ dueAt }) => dueAt.getTime() > kept);
  return late.some((invoice) => {
    const others = othersLateBefore(invoice, late, sanctions.windowWeeks, calendar);
    const tooLate = calendar.addDays(invoice.dueAt, sanctions.reviewOverdueDays);
    const until = invoice.paidAt ?? settledAt(invoice);
    const stillUnpaid = tooLate <= now && (until === null || until >= tooLate);
    return others >= sanctions.reviewLateInvoices || stillUnpaid;
  });
}

function tierOf(facts: StandingFacts, score: number, now: Date): Tier {
  if (score < SCORE.atRiskBelow) return 'at-risk';
  const completed = [...facts.invoices, ...facts.orders].filter(
    ({ completedAt }) => completedAt !== null && completedAt <= now,
  );
  if (completed.length < SCORE.provenBy) return 'new';
  return score >= SCORE.trustedFrom ? 'trusted' : 'standard';
}

/** An order of more than half of the present stage takes the next one, twice as large (rules 2.7). */
function recommendedQuantity(orders: CompletedOrder[], now: Date): number {
  return orders
    .filter(({ completedAt }) => completedAt <= now)
    .sort((a, b) => a.completedAt.getTime() - b.completedAt.getTime() || (a.orderId < b.orderId ? -1 : 1))
    .reduce((stage, { quantity }) => (quantity * 2 > stage ? Math.min(stage * 2, GROWTH.last) : stage), GROWTH.first);
}

function byDue(a: DueInvoice, b: DueInvoice): number {
  return a.dueAt.getTime() - b.dueAt.getTime() || (a.invoiceId < b.invoiceId ? -1 : 1);
}
