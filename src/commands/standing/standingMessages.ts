import type { InvoiceView } from '../../invoicing/invoice.ts';
import { formatDay, formatInstant } from '../../kernel/calendar.ts';
import { formatMoney } from '../../kernel/money.ts';
import { type Button, countOf } from '../../notices/messages/message.ts';
import type { Forecast } from '../../standing/forecast.ts';
import type { Standing, TrustChange } from '../../standing/standing.ts';
import { trustSentence } from '../../standing/standingWords.ts';
import type { DisplayContext } from '../../texts/speech.ts';

/** How a standing reads, the same wherever it is shown. */

const TIERS: Record<Standing['tier'], string> = {
  'at-risk': 'at risk',
  new: 'new',
  standard: 'standard',
  trusted: 'trusted',
};

export function standingFacts(standing: Standing, { currency }: DisplayContext): [string, string][] {
  const { count, total } = standing.overdue;
  return [
    ['Campaigns', standing.campaigns],
    ['CPL orders', standing.cplOrders],
    ['Trust score', `${standing.trustScore} of 100`],
    ['Tier', TIERS[standing.tier]],
    ...optional(
      standing.invoices > 0,
      'Paid on time',
      `${standing.paidOnTime} of the last ${countOf(standing.invoices, 'invoice')}`,
    ),
    ...optional(
      count > 0,
      'Overdue',
      `${count === 1 ? '1 invoice' : `${count} invoices`}, ${formatMoney(total, currency)}`,
    ),
    ...optional(standing.terminationReview, 'Termination review', 'open'),
  ];
}

/** In a cell: `campaigns paused, orders blocked, trust 20 (at risk)`. */
export function standingCell(standing: Standing): string {
  return [
    `campaigns ${standing.campaigns}`,
    `orders ${standing.cplOrders}`,
    `trust ${standing.trustScore} (${TIERS[standing.tier]})`,
    ...(standing.terminationReview ? ['under review'] : []),
  ].join(', ');
}

/** What happens when, and the smallest payment that prevents or ends it (rules 2.1, 2.2), in words to the model. */
export function forecastSentence({ sanction, at, payment, invoiceIds }: Forecast, display: DisplayContext): string {
  const what = sanction === 'campaigns-paused' ? 'your RevShare campaigns' : 'new CPL orders';
  const amount = formatMoney(payment, display.currency);
  const ids = invoiceIds.length <= 3 ? ` (${invoiceIds.join(', ')})` : ` (${invoiceIds.length} invoices)`;
  const how = sanction === 'campaigns-paused' ? 'paused' : 'blocked';
  if (at === null) {
    const then = sanction === 'campaigns-paused' ? 'have them run again' : 'place orders again';
    return `${capital(what)} are ${how}. The smallest payment to ${then} at once: ${amount}${ids}.`;
  }
  return `On ${formatInstant(at, display.timeZone)} ${what} will be ${how}. The smallest payment that prevents it: ${amount}${ids}.`;
}

/** Buttons that make the smallest payments, an invoice each. */
export function forecastButtons(ahead: Forecast[], unpaid: InvoiceView[], { currency }: DisplayContext): Button[][] {
  const ids = new Set(ahead.flatMap(({ invoiceIds }) => invoiceIds));
  return unpaid
    .filter(({ invoiceId }) => ids.has(invoiceId))
    .slice(0, PAY_BUTTONS)
    .map(({ invoiceId, week, total }) => [
      { label: `Pay ${week}: ${formatMoney(total, currency)}`, command: `/pay ${invoiceId}` },
    ]);
}

const PAY_BUTTONS = 5;

/** The latest changes of a trust score, the newest first. */
export function trustFacts(changes: TrustChange[], count: number, display: DisplayContext): [string, string][] {
  return changes
    .slice(-count)
    .reverse()
    .map((change) => [`Trust, ${formatDay(change.at, display.timeZone)}`, trustSentence(change, display)]);
}

function optional(isThere: boolean, label: string, value: string): [string, string][] {
  return isThere ? [[label, value]] : [];
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
