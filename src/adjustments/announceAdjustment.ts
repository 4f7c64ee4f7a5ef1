import type { Audit } from '../audit/audit.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Notices } from '../notices/notices.ts';
import type { Outgoing } from '../outgoing/outgoing.ts';
import type { AdjustmentView, BalanceKind } from './adjustment.ts';

export type AnnounceAdjustment = ReturnType<typeof createAnnounceAdjustment>;

/** Records who corrected a balance, and tells the platform and the person whose it is. Everything is keyed, so telling twice is once. */
export function createAnnounceAdjustment(deps: {
  audit: Pick<Audit, 'record'>;
  notices: Pick<Notices, 'enqueue'>;
  outgoing: Pick<Outgoing, 'emit'>;
}) {
  /** `balance`: what the account has now. */
  return async function announceAdjustment(
    adjustment: AdjustmentView & { balance: MinorUnits },
    of: BalanceKind,
    now: Date,
  ): Promise<void> {
    const { adjustmentId, account, accountId, amount, reason, madeBy: actor, at, payday, balance } = adjustment;
    const key = `adjustment:${adjustmentId}`;
    await deps.audit.record({
      ...{ key, actor, action: 'adjustment.made', subject: `account:${accountId}`, reason, at },
      after: { adjustmentId, account, amount },
    });
    await deps.outgoing.emit(
      [{ key: `${key}:made`, subject: account, type: 'adjustment.made', at, data: adjustment }],
      now,
    );
    await deps.notices.enqueue(
      [
        {
          ...{ key: `${key}:made`, accountId, actor, urgent: false, at },
          kind: 'adjustment.made',
          data: { adjustmentId, of, amount, reason, balance, payday },
        },
      ],
      now,
    );
  };
}
