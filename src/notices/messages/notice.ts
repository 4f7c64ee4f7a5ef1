import { type AccountContent, chatLinkedMessage } from './accounts.ts';
import { type AffiliateContent, affiliateMessage } from './affiliates.ts';
import { type ContactContent, contactMessage } from './contacts.ts';
import { type InvoiceContent, invoiceMessage } from './invoices.ts';
import { type DisplayContext, endSentence, type Message, shorten } from './message.ts';
import { orderMessage } from './orderMessages.ts';
import type { OrderContent } from './orders.ts';
import {
  cardMessage,
  contractorMessage,
  dueSoonMessage,
  overdueMessage,
  remindedMessage,
  reminderMessage,
  reviewOpenedMessage,
  type SanctionContent,
  sanctionsMessage,
} from './sanctions.ts';

/** What a notice says, as data. Kinds grow with the service; stored ones of old kinds must stay readable. */
export type NoticeContent =
  | InvoiceContent
  | { kind: 'manager.quarantined'; data: { eventId: string; type: string; error: string } }
  /** A webhook to the platform was given up; `isOneOfMany`: so were others, which are not reported one by one. */
  | {
      kind: 'manager.webhook_parked';
      data: { webhookId: string; type: string; error: string; attempts: number; isOneOfMany: boolean };
    }
  | SanctionContent
  | OrderContent
  | AffiliateContent
  | AccountContent
  | ContactContent;

/**
 * A notice to an account. `key` is deterministic and unique for ever, as `invoice:2026-W47:m1:issued`; `at` is when it
 * happened, by effective time. Urgent ones do not wait for the end of quiet hours (rules 3). The chat that `actor`
 * acted from has had its answer and gets no notice.
 */
export type Notice = {
  key: string;
  accountId: string;
  urgent: boolean;
  at: Date;
  actor?: string;
  /** What it is about, when that can end: what is not sent by then is dropped. */
  subject?: string;
  /** Every chat of the person gets it, whichever they chose: it warns of another. */
  toAllChats?: true;
  /** The key of an earlier notice: its message is changed, instead of a new one being sent. */
  replaces?: string;
  /** From this instant of the service's clock on it is moot and is not sent any more. */
  expiresAt?: Date;
} & NoticeContent;

/** The words of a notice: what happened, what it means, what to do now, by when. */
export function noticeMessage(content: NoticeContent, display: DisplayContext): Message {
  switch (content.kind) {
    case 'invoice.issued':
    case 'invoice.receipt':
    case 'invoice.credited':
    case 'invoice.paid':
    case 'invoice.voided':
    case 'invoice.insufficient':
      return invoiceMessage(content, display);
    case 'manager.quarantined':
      return quarantined(content.data);
    case 'manager.webhook_parked':
      return webhookParked(content.data);
    case 'contact.message':
      return contactMessage(content);
    case 'account.chat_linked':
      return chatLinkedMessage(content, display);
    case 'invoice.due_soon':
      return dueSoonMessage(content.data, display);
    case 'invoice.overdue':
      return overdueMessage(content.data, display);
    case 'invoice.reminder':
      return reminderMessage(content.data, display);
    case 'invoice.card':
      return cardMessage(content.data, display);
    case 'invoice.reminded':
      return remindedMessage(content.data, display);
    case 'sanctions.changed':
      return sanctionsMessage(content.data, display);
    case 'manager.review_opened':
      return reviewOpenedMessage(content.data, display);
    case 'contractor.campaigns':
      return contractorMessage(content.data);
    case 'commission.pending':
    case 'commission.held':
    case 'commission.resumed':
    case 'commissions.approved':
    case 'commission.rejected':
    case 'commission.corrected':
    case 'commission.reversed':
    case 'payout.due':
    case 'payout.paid':
    case 'payout.failed':
      return affiliateMessage(content, display);
    default:
      return orderMessage(content, display);
  }
}

type DataOfKind<K extends NoticeContent['kind']> = Extract<NoticeContent, { kind: K }>['data'];

function quarantined(data: DataOfKind<'manager.quarantined'>): Message {
  return {
    title: `Event ${data.eventId} is in quarantine`,
    paragraphs: [
      `This ${data.type} event could not be applied and has no effect until it is: ${endSentence(shorten(data.error, 1_000))}`,
      'Other events go on. Put the cause right, then replay it; one that waits for another takes effect by itself when that arrives. To have it count for nothing: /dismiss ID REASON',
    ],
    buttons: [
      [
        { label: `Replay ${shorten(data.eventId, 40)}`, command: `/replay ${data.eventId}` },
        { label: 'Quarantine', command: '/quarantine' },
      ],
    ],
  };
}

function webhookParked(data: DataOfKind<'manager.webhook_parked'>): Message {
  const { webhookId, type, attempts } = data;
  const others = 'Others were given up in this hour too; GET /v1/webhooks?status=parked lists them all.';
  return {
    title: `Webhook ${shorten(webhookId, 140)} is parked`,
    paragraphs: [
      `The platform has not taken this ${type} webhook in ${attempts === 1 ? 'one try' : `${attempts} tries`}: ${endSentence(shorten(data.error, 500))} It is not sent again by itself.`,
      ...(data.isOneOfMany ? [others] : []),
      'Until it is, the platform does not know of it. See that its receiver works, then replay it.',
    ],
    buttons: [[{ label: `Replay ${shorten(webhookId, 40)}`, command: `/replay ${webhookId}` }]],
  };
}
