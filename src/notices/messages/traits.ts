import type { Topic } from '../../accounts/topics.ts';
import type { Role } from '../../events/catalogue.ts';
import type { NoticeContent } from './noticeContent.ts';

/**
 * What holds for every notice of a kind. `topic`: it can be gathered with others (rules 3), because nothing has to be done
 * about it. `mustReach`: somebody has to do something, so that it matters when nobody can be reached (rules 2.9). `warns`:
 * it says what follows when an invoice stays unpaid. `role`: it concerns only who has that role when it is sent.
 */
export type Traits = { topic?: Topic; mustReach?: true; warns?: true; role?: Role };

/** Each kind has to say; so a new one cannot forget it. */
const TRAITS: Record<NoticeContent['kind'], Traits> = {
  'invoice.issued': { mustReach: true },
  'invoice.receipt': { topic: 'receipts' },
  'invoice.credited': { topic: 'receipts' },
  'invoice.paid': { topic: 'receipts' },
  'invoice.voided': {},
  'invoice.insufficient': { mustReach: true },
  'invoice.due_soon': { mustReach: true, warns: true },
  'invoice.overdue': { mustReach: true, warns: true },
  'invoice.reminder': { mustReach: true, warns: true },
  'invoice.reminded': { mustReach: true, warns: true },
  'invoice.card': {},
  'sanctions.changed': { mustReach: true },
  'sanctions.grace': {},
  'contractor.campaigns': { mustReach: true },
  'order.placed': { mustReach: true },
  'order.nudge': { mustReach: true },
  'order.accepted': {},
  'order.short': { mustReach: true },
  'order.acceptable': { mustReach: true },
  'order.rejected': {},
  'order.expired': {},
  'order.cancelled': {},
  'order.refused': {},
  'order.started': { topic: 'orders' },
  'order.idle': { mustReach: true },
  'order.progress': {},
  'order.card': {},
  'order.completed': { topic: 'orders' },
  'order.stopped': { mustReach: true },
  'order.not_renewed': {},
  'charge.owed': { mustReach: true },
  'charge.paid': { topic: 'orders' },
  'charge.insufficient': { mustReach: true },
  'commission.pending': { topic: 'commissions' },
  'commission.held': { topic: 'commissions' },
  'commission.resumed': { topic: 'commissions' },
  'commission.rejected': { topic: 'commissions' },
  'commission.corrected': { topic: 'commissions' },
  'commission.reversed': { topic: 'commissions' },
  'commissions.approved': { topic: 'approvals' },
  'payout.due': { topic: 'payouts' },
  'payout.paid': { topic: 'payouts' },
  'payout.failed': { mustReach: true },
  'manager.quarantined': { role: 'manager', topic: 'alerts' },
  'manager.webhook_parked': { role: 'manager', topic: 'alerts' },
  'manager.review_opened': { role: 'manager', topic: 'alerts' },
  'manager.overdue': { role: 'manager', topic: 'overdue' },
  'manager.paydays_unpaid': { role: 'manager', topic: 'alerts' },
  'manager.unreached': { role: 'manager', topic: 'alerts' },
  'manager.approval_asked': { role: 'manager' },
  'manager.appointed': { role: 'manager' },
  'account.chat_linked': {},
  'contact.message': { mustReach: true },
  digest: {},
};

export function traitsOf({ kind }: Pick<NoticeContent, 'kind'>): Traits {
  return TRAITS[kind];
}

/** The topic that a notice is of; a digest is of the one that it gathers. */
export function topicOf(content: NoticeContent): Topic | undefined {
  return content.kind === 'digest' ? content.data.topic : traitsOf(content).topic;
}

/** The kinds of which one that was delivered is a warning (rules 2.9). */
export const WARNINGS = Object.entries(TRAITS).flatMap(([kind, { warns }]) => (warns === true ? [kind] : []));
