/**
 * Every act that the trail names, a kind and what was done. Whoever reads the trail has words for each in the catalogues, so that one
 * that is new needs them, too. They are stored for ever: one that is written no more stays here.
 */
export const AUDIT_ACTS = [
  ...(['account.erase', 'account.link-code', 'account.settings'] as const),
  'adjustment.made',
  ...(['chat.linked', 'chat.unlinked'] as const),
  ...(['console.ended', 'console.opened'] as const),
  ...(['contact.message', 'contact.reply'] as const),
  'day.erase',
  ...(['event.dismiss', 'event.replay'] as const),
  ...(['invoice.paid-outside', 'invoice.pay', 'invoice.remind', 'invoice.void', 'invoice.write-off'] as const),
  ...(['key.created', 'key.expiry', 'key.revoked', 'key.rotated'] as const),
  ...(['order.accept', 'order.reject', 'order.stop'] as const),
  ...(['partnership.grace', 'partnership.keep', 'partnership.terminate'] as const),
  ...(['payee.changed', 'payee.denied', 'payee.removed'] as const),
  'payment_file.made',
  ...(['payout.approve.approved', 'payout.approve.asked'] as const),
  ...(['payout.fail.approved', 'payout.fail.asked'] as const),
  ...(['payout.settle.approved', 'payout.settle.asked'] as const),
  ...(['payout.failed', 'payout.paid', 'payout.processing', 'payout.returned'] as const),
  ...(['payout.held', 'payout.released', 'payout.excluded', 'payout.included'] as const),
  ...(['payout_batch.approved', 'payout_batch.checked'] as const),
  'payout_result.taken',
  'policy.applied',
  ...(['promise.make', 'promise.refuse'] as const),
  ...(['role.decided', 'role.released'] as const),
  ...(['scopes.decided', 'scopes.released'] as const),
  'seal.admitted',
  'webhook.replay',
] as const;

export type AuditAct = (typeof AUDIT_ACTS)[number];
