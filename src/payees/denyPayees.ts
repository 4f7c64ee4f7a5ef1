import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit/audit.ts';
import type { Notices } from '../notices/notices.ts';
import { changeKey, type PlaceHold } from './followPayees.ts';
import type { MaskedPayee } from './payee.ts';
import type { PayeeStore } from './store.ts';

/** So long it holds unless a manager releases it: as long as a hold may last. */
const DENIED_DAYS = 365;

export type Denial =
  | { kind: 'done' | 'already'; until: Date; shown: MaskedPayee | null }
  /** Nothing was ever changed. */
  | { kind: 'not-found' };

/** A person says that the last change of their payee was not theirs: their payouts stay held until a manager releases them. */
export function createDenyPayees(deps: {
  store: PayeeStore;
  accounts: Pick<Accounts, 'get' | 'idsOfRole'>;
  audit: Pick<Audit, 'record'>;
  notices: Pick<Notices, 'enqueue'>;
  placeHold: PlaceHold;
}) {
  const { payees } = deps.store;

  /** The hold comes first: whatever is cut off after it, the money stays. Pressed again it tells nobody twice. */
  async function deny(accountId: string, actor: string, now: Date): Promise<Denial> {
    const document = await payees.findOne({ _id: accountId });
    if (document === null) return { kind: 'not-found' };
    const { shown = null, number, denied, actor: by, changedAt } = document;
    const key = `${changeKey(document)}:denied`;
    const until = new Date(now.getTime() + DENIED_DAYS * 86_400_000);
    const hold = { subject: { accountId }, until, reason: REASON, actor, key };
    await deps.placeHold({ ...hold, alreadyTold: 'managers' }, now);
    const subject = `account:${accountId}`;
    await deps.audit.record({ key, actor, action: 'payee.denied', subject, after: { version: number }, at: now });
    const name = (await deps.accounts.get(accountId))?.name ?? accountId;
    const managerIds = await deps.accounts.idsOfRole('manager');
    await deps.notices.enqueue(
      managerIds.map((managerId) => ({
        ...{ key: `${key}:${managerId}`, accountId: managerId, urgent: true, at: now },
        kind: 'manager.payee_denied' as const,
        data: { accountId, name, payee: shown, by, changedAt },
      })),
      now,
    );
    await payees.updateOne({ _id: accountId, number }, { $set: { denied: number } });
    return { kind: denied === number ? 'already' : 'done', until, shown };
  }

  return { deny };
}

const REASON = 'The account says that it did not change its payee';
