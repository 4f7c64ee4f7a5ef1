import type { Accounts } from '../../accounts/accounts.ts';
import { payoutReturnedNotices } from '../../notices/messages/managers.ts';
import type { Notices } from '../../notices/notices.ts';
import type { Outgoing } from '../../outgoing/outgoing.ts';
import { affiliateAccount } from '../entries.ts';
import type { CycleDate, ReturnedPayout } from '../store.ts';
import { payoutView } from './payout.ts';

export type AnnounceReturns = ReturnType<typeof createAnnounceReturns>;

/** Tells the platform, the person and the managers that a paid payout came back. Everything is keyed, so telling twice is once. */
export function createAnnounceReturns(deps: {
  accounts: Pick<Accounts, 'get' | 'idsOfRole'>;
  notices: Pick<Notices, 'enqueue'>;
  outgoing: Pick<Outgoing, 'emit'>;
}) {
  /** `payday`: the one that pays it again. */
  return async function announceReturn(payout: ReturnedPayout, payday: CycleDate, now: Date): Promise<void> {
    const { _id: payoutId, accountId, amount, returned } = payout;
    const { at, actor, reference = null, reason = null } = returned;
    const key = `payout:${payoutId}:returned`;
    await deps.outgoing.emit(
      [{ key, subject: affiliateAccount(accountId), type: 'payout.returned', at, data: payoutView(payout) }],
      now,
    );
    const person = {
      ...{ key, accountId, urgent: false, at },
      kind: 'payout.returned' as const,
      data: { payoutId, amount, reference, reason, payday },
    };
    const name = (await deps.accounts.get(accountId))?.name ?? accountId;
    const told = { payoutId, accountId, name, amount, reference, reason, payday };
    const managers = payoutReturnedNotices(await deps.accounts.idsOfRole('manager'), told, { actor, at });
    await deps.notices.enqueue([person, ...managers], now);
  };
}
