import type { Notice, Notices } from '../../notices/notices.ts';
import type { Outgoing, OutgoingMessage } from '../../outgoing/outgoing.ts';
import { affiliateAccount } from '../entries.ts';
import type { CycleDate, StoredPayout } from '../store.ts';
import { payoutView } from './payout.ts';

export type AnnouncePayouts = ReturnType<typeof createAnnouncePayouts>;

/**
 * Announces to the platform and the people what payouts have become. Everything is keyed, so announcing twice is once.
 * `next`: the cycle that takes what has failed.
 */
export function createAnnouncePayouts(deps: { notices: Pick<Notices, 'enqueue'>; outgoing: Pick<Outgoing, 'emit'> }) {
  return async function announcePayouts(payouts: StoredPayout[], next: CycleDate, now: Date): Promise<void> {
    await deps.outgoing.emit(payouts.map(payoutMessage), now);
    await deps.notices.enqueue(
      payouts.map((payout) => payoutNotice(payout, next)),
      now,
    );
  };
}

const MESSAGES = { due: 'payout.due', paid: 'payout.settled', failed: 'payout.failed' } as const;

/** A payout has something to announce when it is generated, and when it has ended. */
function stage({ status }: StoredPayout): keyof typeof MESSAGES {
  return status === 'paid' || status === 'failed' ? status : 'due';
}

function payoutMessage(payout: StoredPayout): OutgoingMessage {
  const type = MESSAGES[stage(payout)];
  return {
    key: `${type}:${payout._id}`,
    subject: affiliateAccount(payout.accountId),
    type,
    at: payout.endedAt ?? payout.drawnAt,
    data: payoutView(payout),
  };
}

function payoutNotice(payout: StoredPayout, next: CycleDate): Notice {
  const { _id: payoutId, accountId, amount, parts, cycle, count, endedAt: at = payout.drawnAt } = payout;
  const common = { key: `payout:${payoutId}:${stage(payout)}`, accountId, urgent: false, at };
  switch (stage(payout)) {
    case 'due':
      return { ...common, kind: 'payout.due', data: { payoutId, amount, parts, cycle, count } };
    case 'paid':
      return {
        ...common,
        kind: 'payout.paid',
        data: { payoutId, amount, paidAt: at, reference: payout.reference ?? null },
      };
    case 'failed':
      return { ...common, kind: 'payout.failed', data: { payoutId, amount, reason: payout.reason ?? null, next } };
  }
}
