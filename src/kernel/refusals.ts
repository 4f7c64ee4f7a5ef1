/**
 * Every refusal of the business by its code. Programs go by the code (an API error's `reason`), people read the words for it
 * (texts/refusals.ts): a slice answers with the code alone.
 */
export const REFUSAL_CODES = [
  'account_not_settled',
  'already_accepted',
  'already_dismissed',
  'already_failed',
  'already_paid',
  'already_processing',
  'already_rejected',
  'already_settled',
  'already_stopped',
  'already_void',
  'event_erased',
  'event_not_quarantined',
  'event_type_unknown',
  'grace_not_in_future',
  'grace_too_long',
  'insufficient_balance',
  'invoice_completed',
  'invoice_credited',
  'invoice_open',
  'invoice_overdue',
  'invoice_void',
  'not_as_sealed',
  'not_sealed_yet',
  'nothing_to_pay',
  'order_cancelled',
  'order_completed',
  'order_expired',
  'order_not_accepted',
  'order_not_due',
  'order_queued',
  'order_refused',
  'order_rejected',
  'order_running',
  'order_stopped',
  'partnership_terminated',
  'payout_failed',
  'payout_paid',
  'role_not_decided',
  'review_closed',
  'review_not_open',
  'batch_not_approved',
  'currency_not_payable',
  'export_changed',
  'export_not_made',
  'issuer_unknown',
  'nothing_to_export',
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** What a state does not allow: the state, and why, as a code. */
export type Refused<State extends string = string> = { kind: 'refused'; state: State; reason: RefusalCode };
