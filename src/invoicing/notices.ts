import { linkOfActor } from '../accounts/account.ts';
import type { MinorUnits } from '../kernel/money.ts';
import { sum } from '../kernel/money.ts';
import { invoiceCardKey } from '../notices/messages/cards.ts';
import type { CardState, PromiseOffer } from '../notices/messages/sanctions.ts';
import type { Notice } from '../notices/notices.ts';
import type { Invoice, InvoiceView, IssuedInvoice } from './invoice.ts';
import { heldFor, type WithParts } from './part.ts';

/** What causes a completion when no person does: the debit on issue, and an increase of the balance (rules 1.8). */
export const ISSUE = 'issue';
export const TOP_UP = 'top-up';

/** What a model is told when an invoice was issued and its balance did not cover it. */
export function issuedNotice(invoice: IssuedInvoice, balance: MinorUnits): Notice {
  return {
    key: invoiceCardKey(invoice.invoiceId),
    accountId: invoice.modelId,
    kind: 'invoice.issued',
    data: { ...named(invoice), ...composed(invoice), dueAt: invoice.dueAt, balance },
    subject: `invoice:${invoice.invoiceId}`,
    urgent: false,
    at: invoice.issuedAt,
  };
}

/** What a model is told when an invoice needs no payment; `creditLeft` is what is held for the next one. */
export function creditedNotice(invoice: IssuedInvoice, creditLeft: MinorUnits): Notice {
  return {
    key: invoiceCardKey(invoice.invoiceId),
    accountId: invoice.modelId,
    kind: 'invoice.credited',
    data: { ...named(invoice), credit: invoice.credit, creditLeft },
    urgent: false,
    at: invoice.issuedAt,
  };
}

/** What a model is told when an invoice is paid: a receipt when that was on issue, so that there is one message. */
export function completedNotice(invoice: Invoice, completedAt: Date, balance: MinorUnits, actor: string): Notice {
  const common = {
    key: `invoice:${invoice.invoiceId}:completed`,
    accountId: invoice.modelId,
    urgent: false,
    at: completedAt,
  };
  if (actor === ISSUE) {
    return {
      ...common,
      kind: 'invoice.receipt',
      data: { ...named(invoice), ...composed(invoice), paidAt: completedAt, balance },
    };
  }
  const by = actor === TOP_UP ? 'top-up' : linkOfActor(actor) === null ? 'platform' : 'chat';
  const outside = invoice.status === 'completed' ? invoice.outside : undefined;
  const paidBy =
    outside === undefined ? ({ paidAt: completedAt, by } as const) : ({ ...outside, by: 'outside' } as const);
  // What was overdue may end a sanction, whose message says that it is paid, too.
  const late = completedAt > invoice.dueAt ? { briefly: true as const, subject: paidSubject(invoice.invoiceId) } : {};
  const data = { ...named(invoice), balance, ...paidBy };
  return { ...common, actor, ...late, kind: 'invoice.paid', data };
}

/** What a model is told when money came in that does not cover its oldest unpaid invoice; once for each top-up. */
export function shortNotice(
  { invoice, balance, missing }: { invoice: InvoiceView; balance: MinorUnits; missing: MinorUnits },
  topUpId: string,
  at: Date,
): Notice {
  return {
    key: `topup:${topUpId}:short`,
    accountId: invoice.modelId,
    kind: 'invoice.insufficient',
    data: { ...named(invoice), dueAt: invoice.dueAt, balance, missing, ...heldIn(invoice) },
    urgent: false,
    at,
  };
}

export function voidedNotice(invoice: Invoice, reason: string, voidedAt: Date, actor: string): Notice {
  return {
    key: `invoice:${invoice.invoiceId}:voided`,
    accountId: invoice.modelId,
    kind: 'invoice.voided',
    data: { ...named(invoice), reason, creditReturned: invoice.credit },
    urgent: false,
    at: voidedAt,
    actor,
  };
}

export function writtenOffNotice(invoice: Invoice, reason: string, writtenOffAt: Date, actor: string): Notice {
  return {
    key: `invoice:${invoice.invoiceId}:written_off`,
    accountId: invoice.modelId,
    kind: 'invoice.written_off',
    data: { ...named(invoice), reason },
    urgent: false,
    at: writtenOffAt,
    actor,
  };
}

/** Changes the message that an invoice was issued with, so that it shows how the invoice stands (rules 3). */
export function cardNotice(
  invoice: Invoice,
  state: CardState['state'],
  at: Date,
  more: { balance?: MinorUnits; offer?: PromiseOffer | undefined; until?: Date; number?: number } = {},
): Notice {
  const { invoiceId, modelId, week, total, dueAt } = invoice;
  const { number, offer, ...shown } = more;
  const shownAt = invoice.status === 'completed' ? (invoice.outside?.paidAt ?? at) : at;
  return {
    // Each promise about an invoice changes its card again, when it is made and when it ends.
    key: `invoice:${invoiceId}:card:${state}${number === undefined ? '' : `:${number}`}`,
    accountId: modelId,
    kind: 'invoice.card',
    data: {
      ...{ invoiceId, week, total, dueAt, state, at: shownAt, ...shown },
      ...heldIn(invoice),
      ...(offer === undefined ? {} : { offer }),
    },
    replaces: invoiceCardKey(invoiceId),
    urgent: true,
    at,
    ...(state === 'overdue' || state === 'promised' ? { subject: invoiceSubject(invoiceId) } : {}),
  };
}

/** That one is paid which was overdue has this subject. */
export function paidSubject(invoiceId: string): string {
  return `invoice:${invoiceId}:paid`;
}

/** Everything about one unpaid invoice has this subject: what is still to be sent of it is dropped when it is paid. */
export function invoiceSubject(invoiceId: string): string {
  return `invoice:${invoiceId}`;
}

/** What is held for an invoice, where anything is. */
function heldIn(invoice: WithParts): { held?: MinorUnits } {
  const held = heldFor(invoice);
  return held === 0 ? {} : { held };
}

function named({ invoiceId, week, total }: IssuedInvoice) {
  return { invoiceId, week, total };
}

function composed({ discount, credit, lines }: IssuedInvoice) {
  return { discount, credit, late: sum(lines.map((line) => line.late)) };
}
