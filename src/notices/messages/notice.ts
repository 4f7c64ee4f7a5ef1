import type { DisplayContext } from '../../texts/speech.ts';
import { accountMessage } from './accounts.ts';
import { adjustmentMessage } from './adjustments.ts';
import { affiliateMessage } from './affiliates.ts';
import { contactMessage } from './contacts.ts';
import { digestMessage } from './digest.ts';
import { invoiceMessage } from './invoices.ts';
import { managerMessage } from './managerMessages.ts';
import type { Message } from './message.ts';
import type { NoticeContent } from './noticeContent.ts';
import { orderMessage } from './orderMessages.ts';
import { payeeMessage } from './payees.ts';
import { promiseMessage } from './promises.ts';
import { regularMessage } from './regular.ts';
import {
  cardMessage,
  contractorMessage,
  dueSoonMessage,
  graceMessage,
  overdueMessage,
  remindedMessage,
  reminderMessage,
  sanctionsMessage,
} from './sanctionMessages.ts';
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
    case 'invoice.written_off':
    case 'invoice.insufficient':
      return invoiceMessage(content, display);
    case 'manager.quarantined':
    case 'manager.webhook_parked':
    case 'manager.unreached':
    case 'manager.codes_guessed':
    case 'manager.appointed':
    case 'manager.admin_key':
    case 'manager.scopes':
    case 'manager.approval_asked':
    case 'manager.payout_held':
    case 'manager.overdue':
    case 'manager.paydays_unpaid':
    case 'manager.payout_returned':
    case 'manager.review_opened':
    case 'manager.day_sealed':
    case 'manager.payee_denied':
      return managerMessage(content, display);
    case 'digest':
      return digestMessage(content.data, display, (one) => wordsOf(one, display).title ?? '');
    case 'digest.managers':
    case 'digest.model':
    case 'digest.affiliate':
      return regularMessage(content, display);
    case 'contact.message':
      return contactMessage(content, display);
    case 'account.chat_linked':
    case 'account.chat_moved':
    case 'account.console_opened':
    case 'account.console_link_reused':
      return accountMessage(content, display);
    case 'payee.changed':
      return payeeMessage(content, display);
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
    case 'promise.made':
    case 'promise.due_soon':
    case 'promise.broken':
    case 'promise.refused':
      return promiseMessage(content, display);
    case 'sanctions.grace':
      return graceMessage(content.data, display);
    case 'sanctions.changed':
      return sanctionsMessage(content.data, display);
    case 'contractor.campaigns':
      return contractorMessage(content.data, display);
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
    case 'payout.returned':
    case 'payout.carried':
    case 'payout.held':
      return affiliateMessage(content, display);
    case 'adjustment.made':
      return adjustmentMessage(content, display);
    default:
      return orderMessage(content, display);
  }
}
