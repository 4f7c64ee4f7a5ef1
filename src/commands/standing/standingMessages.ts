import type { InvoiceView } from '../../invoicing/invoice.ts';
import { restOf } from '../../invoicing/part.ts';
import type { WeekId } from '../../kernel/calendar.ts';
import type { Button } from '../../notices/messages/message.ts';
import type { Forecast } from '../../standing/forecast.ts';
import { reasonSentence, type StandingReason } from '../../standing/reason.ts';
import type { Standing, TrustChange } from '../../standing/standing.ts';
import { type DisplayContext, type Speech, speechOf } from '../../texts/speech.ts';
import { thingsOf } from '../../texts/things.ts';

/** How a standing reads, the same wherever it is shown. */

const TIERS = {
  'at-risk': 'standingCommands.tiers.atRisk',
  new: 'standingCommands.tiers.new',
  standard: 'standingCommands.tiers.standard',
  trusted: 'standingCommands.tiers.trusted',
} as const satisfies Record<Standing['tier'], string>;

export function standingFacts(standing: Standing, { say, money }: Speech): [string, string][] {
  const { count, total } = standing.overdue;
  return [
    [say('standingCommands.facts.campaigns'), say(`standingCommands.campaigns.${standing.campaigns}`)],
    [say('standingCommands.facts.orders'), say(`standingCommands.orders.${standing.cplOrders}`)],
    [say('standingCommands.facts.trust'), say('standingCommands.facts.trustIs', { score: standing.trustScore })],
    [say('standingCommands.facts.tier'), say(TIERS[standing.tier])],
    ...optional(
      standing.invoices > 0,
      say('standingCommands.facts.onTime'),
      say('standingCommands.facts.onTimeOf', { paid: standing.paidOnTime, count: standing.invoices }),
    ),
    ...optional(
      count > 0,
      say('standingCommands.facts.overdue'),
      say('standingCommands.facts.overdueIs', { count, total: money(total) }),
    ),
    ...optional(
      standing.terminationReview,
      say('standingCommands.facts.review'),
      say('standingCommands.facts.reviewOpen'),
    ),
  ];
}

/** In a cell: `campaigns paused, orders blocked, trust 20 (at risk)`. */
export function standingCell(standing: Standing, { say }: Speech): string {
  return [
    say(`standingCommands.cell.${standing.campaigns}`),
    say(`standingCommands.cell.${standing.cplOrders}`),
    say('standingCommands.cell.trust', { score: standing.trustScore, tier: say(TIERS[standing.tier]) }),
    ...(standing.terminationReview ? [say('standingCommands.cell.review')] : []),
  ].join(', ');
}

/** The same in a sentence of its own. */
export function standsSentence(standing: Standing, speech: Speech): string {
  return speech.say('standingCommands.stands', { standing: standingCell(standing, speech) });
}

/** What happens when, and the smallest payment that prevents or ends it (rules 2.1, 2.2), in words to the model. */
export function forecastSentence({ sanction, at, payment, invoiceIds }: Forecast, display: DisplayContext): string {
  const { say, money, instant, list } = speechOf(display);
  const invoices =
    invoiceIds.length <= 3
      ? list(invoiceIds.map((invoiceId) => thingsOf(display).invoice(weekOf(invoiceId))))
      : say('standingCommands.forecast.invoices', { count: invoiceIds.length });
  const paid = { amount: money(payment), invoices };
  const isPaused = sanction === 'campaigns-paused';
  if (at === null)
    return say(isPaused ? 'standingCommands.forecast.paused' : 'standingCommands.forecast.blocked', paid);
  const key = isPaused ? 'standingCommands.forecast.toBePaused' : 'standingCommands.forecast.toBeBlocked';
  return say(key, { ...paid, at: instant(at) });
}

/** Buttons that make the smallest payments, an invoice each. */
export function forecastButtons(
  ahead: Forecast[],
  unpaid: InvoiceView[],
  { say, money, weekDays }: Speech,
): Button[][] {
  const ids = new Set(ahead.flatMap(({ invoiceIds }) => invoiceIds));
  return unpaid
    .filter(({ invoiceId }) => ids.has(invoiceId))
    .slice(0, PAY_BUTTONS)
    .map((invoice) => [
      {
        label: say('standingCommands.buttons.pay', { week: weekDays(invoice.week), total: money(restOf(invoice)) }),
        command: `/pay ${invoice.invoiceId}`,
      },
    ]);
}

const PAY_BUTTONS = 5;

/** The latest changes of a trust score, the newest first. */
export function trustFacts(changes: TrustChange[], count: number, display: DisplayContext): [string, string][] {
  const { say, day } = speechOf(display);
  return changes
    .slice(-count)
    .reverse()
    .map((change) => [say('standingCommands.facts.trustOn', { day: day(change.at) }), trustWords(change, display)]);
}

/** Why something is paused, blocked, under review or held back: an invoice that is behind it by its name. */
export function whySentence(reason: StandingReason, display: DisplayContext): string {
  if (reason.kind !== 'overdue-too-long') return reasonSentence(reason, speechOf(display));
  const { say, instant } = speechOf(display);
  const invoice = thingsOf(display).invoice(weekOf(reason.invoiceId));
  return say('standingCommands.reasons.overdueTooLong', { invoice, since: instant(reason.since) });
}

function trustWords({ change, cause, subject, score }: TrustChange, display: DisplayContext): string {
  const { say } = speechOf(display);
  const by = `${change > 0 ? '+' : change < 0 ? '−' : ''}${Math.abs(change)}`;
  if (cause === 'order-completed') return say('standingCommands.trust.orderCompleted', { change: by, score });
  return say(CAUSES[cause], { change: by, score, invoice: thingsOf(display).invoice(weekOf(subject)) });
}

const CAUSES = {
  'invoice-on-time': 'standingCommands.trust.onTime',
  'invoice-late': 'standingCommands.trust.late',
  'invoice-late-again': 'standingCommands.trust.lateAgain',
  'promise-kept': 'standingCommands.trust.promiseKept',
  'promise-broken': 'standingCommands.trust.promiseBroken',
} as const;

/** The week of an invoice, which its id begins with. */
export function weekOf(invoiceId: string): WeekId {
  return invoiceId.slice(0, 'yyyy-Www'.length);
}

function optional(isThere: boolean, label: string, value: string): [string, string][] {
  return isThere ? [[label, value]] : [];
}
