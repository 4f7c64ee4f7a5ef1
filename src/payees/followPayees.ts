import type { Audit } from '../audit/audit.ts';
import type { Notice, Notices } from '../notices/notices.ts';
import type { MaskedPayee } from './payee.ts';
import type { PayeeDocument, PayeeStore } from './store.ts';

/** For so long a change holds what its account is paid: an account that was taken over is noticed within that. */
const HOLD_HOURS = 72;

/** Holds an account's payouts (docs/paydays.md); the same key once more is the same hold. */
export type PlaceHold = (
  wanted: {
    subject: { accountId: string };
    until: Date;
    reason: string;
    actor: string;
    key: string;
    /** Who hears of the hold by the message about the payee, and needs no second one. */
    alreadyTold: 'person' | 'managers';
  },
  at: Date,
) => Promise<unknown>;

export type FollowPayees = ReturnType<typeof createFollowPayees>;

/**
 * What a change of a payee sets off: the audit trail has it, the account's payouts are held, its person is told at once. Each once,
 * however often this is done; then the mark goes.
 */
export function createFollowPayees(deps: {
  store: PayeeStore;
  audit: Pick<Audit, 'record'>;
  notices: Pick<Notices, 'enqueue'>;
  placeHold: PlaceHold;
}) {
  const { payees } = deps.store;

  return async function follow(document: PayeeDocument): Promise<void> {
    const { _id: accountId, number, pending, shown, actor, changedAt: at } = document;
    if (pending === undefined) return;
    const heldUntil = holdEnd(document);
    await deps.audit.record({
      ...{ key: changeKey(document), actor, at },
      action: shown === undefined ? 'payee.removed' : 'payee.changed',
      subject: `account:${accountId}`,
      ...(pending.reason === undefined ? {} : { reason: pending.reason }),
      ...(pending.before === null ? {} : { before: pending.before }),
      ...(shown === undefined ? {} : { after: { ...shown, ...(heldUntil === null ? {} : { heldUntil }) } }),
    });
    if (heldUntil !== null) {
      const hold = { subject: { accountId }, until: heldUntil, reason: HOLD_REASON, actor, key: changeKey(document) };
      await deps.placeHold({ ...hold, alreadyTold: 'person' }, at);
    }
    await deps.notices.enqueue([changeNotice(document, pending.before, heldUntil)], at);
    await payees.updateOne({ _id: accountId, number }, { $unset: { pending: '' } });
  };
}

const HOLD_REASON = 'The payee was changed';

/** By which a change is known: in the audit trail, of its hold and of what its person is told. */
export function changeKey({ _id, number }: Pick<PayeeDocument, '_id' | 'number'>): string {
  return `payee:${_id}:${number}`;
}

/** Until when a change holds payouts; null for the first payee of an account, and for its removal, after which nothing is paid. */
export function holdEnd({ changedAt, pending, shown }: PayeeDocument): Date | null {
  if (pending?.isFirst !== false || shown === undefined) return null;
  return new Date(changedAt.getTime() + HOLD_HOURS * 3_600_000);
}

function changeNotice(document: PayeeDocument, before: MaskedPayee | null, heldUntil: Date | null): Notice {
  const { _id: accountId, actor: by, changedAt: at, shown: after } = document;
  return {
    ...{ key: changeKey(document), accountId, urgent: true, toAllChats: true, at },
    kind: 'payee.changed',
    data: { before, after: after ?? null, by, changedAt: at, heldUntil },
  };
}
