import type { Accounts } from '../accounts/accounts.ts';
import type { PayoutView } from '../affiliates/payouts/payout.ts';
import type { Payouts } from '../affiliates/payouts/payouts.ts';
import { sum } from '../kernel/money.ts';
import type { Notice, Notices } from '../notices/notices.ts';
import type { Outgoing } from '../outgoing/outgoing.ts';
import type { HoldView } from './hold.ts';
import type { StoredHold } from './store.ts';

export type AnnounceHolds = ReturnType<typeof createAnnounceHolds>;

/** Tells the platform, the person and the managers of a hold, and of its release. Everything is keyed, so twice is once. */
export function createAnnounceHolds(deps: {
  notices: Pick<Notices, 'enqueue'>;
  outgoing: Pick<Outgoing, 'emit'>;
  accounts: Pick<Accounts, 'get' | 'idsOfRole'>;
  payouts: Pick<Payouts, 'get' | 'list'>;
}) {
  return async function announceHold(hold: StoredHold, view: HoldView): Promise<void> {
    const { accountId, released } = hold;
    const at = released?.at ?? hold.at;
    const [payouts, managerIds, account] = await Promise.all([
      payoutsOf(view),
      deps.accounts.idsOfRole('manager'),
      deps.accounts.get(accountId),
    ]);
    const what = released === undefined ? 'held' : 'released';
    await deps.outgoing.emit(
      [
        {
          key: `payout.${what}:${hold._id}`,
          subject: `affiliate:${accountId}`,
          type: `payout.${what}`,
          at,
          data: {
            ...{ accountId, payoutId: view.payoutId, until: hold.until, reason: released?.reason ?? hold.reason },
            by: released?.actor ?? hold.actor,
            at,
            payouts: payouts.map(({ payoutId, amount }) => ({ payoutId, amount })),
          },
        },
      ],
      at,
    );
    await deps.notices.enqueue(noticesOf(hold, { view, payouts, managerIds, name: account?.name ?? accountId }), at);
  };

  async function payoutsOf({ payoutId, accountId }: HoldView): Promise<PayoutView[]> {
    if (payoutId === null) return (await deps.payouts.list({ accountId, status: 'due', limit: MOST })).items;
    const payout = await deps.payouts.get(payoutId);
    return payout === null ? [] : [payout];
  }
}

const MOST = 100;

type Told = { view: HoldView; payouts: PayoutView[]; managerIds: string[]; name: string };

function noticesOf(hold: StoredHold, { view, payouts, managerIds, name }: Told): Notice[] {
  const { _id, accountId, until, released } = hold;
  const { payoutId } = view;
  const amount = sum(payouts.map((payout) => payout.amount));
  const { at, reason, actor } = released ?? hold;
  const isReleased = released !== undefined;
  const key = `${_id}:${isReleased ? 'released' : 'placed'}`;
  const common = { urgent: false, at, actor, ...(isReleased ? {} : { expiresAt: until }) };
  const data = { payoutId, amount, until, reason, isReleased };
  // Of the release everybody hears here alone.
  const alreadyTold = isReleased ? undefined : hold.alreadyTold;
  const managers = alreadyTold === 'managers' ? [] : managerIds.filter((managerId) => managerId !== accountId);
  return [
    ...(alreadyTold === 'person' ? [] : [{ ...common, key, accountId, kind: 'payout.held' as const, data }]),
    ...managers.map((managerId) => ({
      ...{ ...common, key: `${key}:${managerId}`, accountId: managerId },
      kind: 'manager.payout_held' as const,
      data: { ...data, accountId, name, by: actor },
    })),
  ];
}
