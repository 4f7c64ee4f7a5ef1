import { EVENT_TYPES } from '../../events/catalogue.ts';
import { chatLinkedMessage } from './accounts.ts';
import { affiliateMessage } from './affiliates.ts';
import { contactMessage } from './contacts.ts';
import { digestMessage } from './digest.ts';
import { invoiceMessage } from './invoices.ts';
import { type DisplayContext, type Message, nameAndId, quoted, quotedEnd, shorten } from './message.ts';
import type { NoticeContent } from './noticeContent.ts';
import { orderMessage } from './orderMessages.ts';
import {
  cardMessage,
  contractorMessage,
  dueSoonMessage,
  graceMessage,
  overdueMessage,
  remindedMessage,
  reminderMessage,
  reviewOpenedMessage,
  sanctionsMessage,
} from './sanctions.ts';
import { shownContent } from './shownContent.ts';

export type { Notice, NoticeContent } from './noticeContent.ts';

/** The words of a notice: what happened, what it means, what to do now, by when. */
export function noticeMessage(content: NoticeContent, display: DisplayContext): Message {
  return wordsOf(shownContent(content), display);
}

function wordsOf(content: NoticeContent, display: DisplayContext): Message {
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
    case 'manager.unreached':
      return unreached(content.data);
    case 'digest':
      return digestMessage(content.data, display, (one) => wordsOf(one, display).title ?? '');
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
    case 'sanctions.grace':
      return graceMessage(content.data, display);
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
      `This ${typeOf(data.type)} event could not be applied and has no effect until it is: ${quotedEnd(data.error, 1_000)}`,
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

/** The type of an event is the sender's own text; those that we know are plain. */
function typeOf(type: string): string {
  return EVENT_TYPES.some((known) => known === type) ? type : quoted(type, 100);
}

function webhookParked(data: DataOfKind<'manager.webhook_parked'>): Message {
  const { webhookId, type, attempts } = data;
  const others = 'Others were given up in this hour too; GET /v1/webhooks?status=parked lists them all.';
  return {
    title: `Webhook ${shorten(webhookId, 140)} is parked`,
    paragraphs: [
      `The platform has not taken this ${type} webhook in ${attempts === 1 ? 'one try' : `${attempts} tries`}: ${quotedEnd(data.error)} It is not sent again by itself.`,
      ...(data.isOneOfMany ? [others] : []),
      'Until it is, the platform does not know of it. See that its receiver works, then replay it.',
    ],
    buttons: [[{ label: `Replay ${shorten(webhookId, 40)}`, command: `/replay ${webhookId}` }]],
  };
}

function unreached(data: DataOfKind<'manager.unreached'>): Message {
  const { accountId, name, role, hasChat, isOneOfMany } = data;
  const why = hasChat ? 'no chat of theirs takes a message of ours any more' : 'they have linked no chat';
  const others = 'Others turned out to be out of reach in this hour too; /health counts them.';
  return {
    title: `Out of reach: ${nameAndId(name, accountId)}`,
    paragraphs: [
      `There is something to tell this ${role}, and ${why}. Invoices fall due, and orders expire, all the same.`,
      ...(isOneOfMany ? [others] : []),
      'The platform is told, too. Ask them to link a chat: they get a code in their account on the platform.',
    ],
    buttons: [
      role === 'model'
        ? [{ label: `Model ${shorten(accountId, 40)}`, command: `/model ${accountId}` }]
        : [{ label: 'Health', command: '/health' }],
    ],
  };
}
