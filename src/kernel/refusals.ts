/**
 * Every refusal of the business by its code, with the words for it. Programs go by the code (an API error's `reason`),
 * people read the words: a slice answers with the code alone.
 */
const REFUSALS = {
  account_not_settled: 'something is not settled with the account yet',
  already_accepted: 'the order is accepted already',
  already_dismissed: 'the event is dismissed already',
  already_failed: 'the payout is failed already',
  already_paid: 'the invoice is paid already',
  already_processing: 'the payout is processing already',
  already_rejected: 'the order is rejected already',
  already_settled: 'the payout is paid already',
  already_stopped: 'the order is stopped already',
  already_void: 'the invoice is void already',
  event_erased: 'the body of the event is erased, so it cannot be applied again',
  event_not_quarantined: 'only a quarantined event can be dismissed',
  event_type_unknown: 'events of this type are not processed',
  grace_not_in_future: 'a grace must end in the future',
  grace_too_long: 'a grace may last a year at most',
  insufficient_balance: 'the balance does not cover it',
  invoice_completed: 'the invoice is completed',
  invoice_credited: 'the invoice is credited',
  invoice_open: 'the invoice is open',
  invoice_overdue: 'the invoice is overdue',
  invoice_void: 'the invoice is void',
  not_as_sealed: 'what is stored of it is not what was sealed',
  not_sealed_yet: 'it is not sealed yet',
  nothing_to_pay: 'there is nothing to pay on this invoice',
  order_cancelled: 'the order is cancelled',
  order_completed: 'the order is completed',
  order_expired: 'the order is expired',
  order_not_accepted: 'the order is not accepted yet',
  order_not_due: 'there is still time to answer',
  order_queued: 'the order is queued',
  order_refused: 'the order is refused',
  order_rejected: 'the order is rejected',
  order_running: 'the order is running',
  order_stopped: 'the order is stopped',
  partnership_terminated: 'the partnership is terminated',
  payout_failed: 'the payout has failed; its amount goes into a later payout',
  payout_paid: 'the payout is paid already, and a paid payout is never changed',
  role_not_decided: 'the role was not set by the owner',
  review_closed: 'that termination review is closed',
  review_not_open: 'no termination review is open',
} as const;

export type RefusalCode = keyof typeof REFUSALS;

/** What a state does not allow: the state, and why, as a code. */
export type Refused<State extends string = string> = { kind: 'refused'; state: State; reason: RefusalCode };

export const REFUSAL_CODES = Object.keys(REFUSALS) as RefusalCode[];

/** What a code means, as the middle of a sentence. */
export function refusalWords(code: RefusalCode): string {
  return REFUSALS[code];
}
