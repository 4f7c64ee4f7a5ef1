import type { PlatformEvent } from '../support/platform.ts';
import type { Person } from './stage.ts';

/** Before the first week: who takes part, and what they have agreed on. */
export const BEGIN = '2026-03-02T00:00:00Z';

export const ava: Person = { accountId: 'ava', name: 'Ava', role: 'model', chat: 101 };
export const bella: Person = { accountId: 'bella', name: 'Bella', role: 'model', chat: 102 };
export const chloe: Person = { accountId: 'chloe', name: 'Chloe', role: 'model', chat: 103 };
export const olga: Person = { accountId: 'olga', name: 'Olga', role: 'manager', chat: 104, discord: '7001' };
export const dana: Person = { accountId: 'dana', name: 'Dana', role: 'model', chat: 105 };

export const elena: Person = { accountId: 'elena', name: 'Elena', role: 'model', chat: 106 };
export const marco: Person = { accountId: 'marco', name: 'Marco', role: 'marketer', chat: 107 };

export const felix: Person = { accountId: 'felix', name: 'Felix', role: 'affiliate', chat: 108 };
export const gina: Person = { accountId: 'gina', name: 'Gina', role: 'affiliate', chat: 109 };

export const iris: Person = { accountId: 'iris', name: 'Iris', role: 'model', chat: 110 };

export const PEOPLE = [ava, bella, chloe, olga, dana, elena, marco, felix, gina, iris];

/** The contractors, whom campaigns earn money. */
export const CONTRACTORS = [
  { accountId: marco.accountId, name: marco.name },
  { accountId: 'nina', name: 'Nina' },
];

export function accountEvents(): PlatformEvent[] {
  const models = [ava, chloe, olga].map(({ accountId, name, role }) => ({ accountId, name, role }));
  const own = { accountId: bella.accountId, name: bella.name, role: bella.role, discountBps: 300 };
  const contractors = CONTRACTORS.map((contractor) => ({ ...contractor, role: 'marketer' }));
  return [...models, own, ...contractors].map((data) => ({
    id: `evt_account_${data.accountId}`,
    type: 'account.updated',
    timestamp: BEGIN,
    data,
  }));
}

/** Dana, who pays late, and her campaign. */
export function danaEvents(from: string): PlatformEvent[] {
  const { accountId, name, role } = dana;
  return [
    { id: 'evt_account_dana', type: 'account.updated', timestamp: from, data: { accountId, name, role } },
    campaignEvent({ campaignId: 'dana-insta', modelId: 'dana', contractorId: 'marco', rateBps: 4_000 }, from),
  ];
}

/** Iris, who has linked no chat, and her campaign. */
export function irisEvents(from: string): PlatformEvent[] {
  const { accountId, name, role } = iris;
  return [
    { id: 'evt_account_iris', type: 'account.updated', timestamp: from, data: { accountId, name, role } },
    campaignEvent({ campaignId: 'iris-insta', modelId: 'iris', contractorId: 'nina', rateBps: 3_000 }, from),
  ];
}

/** Elena, who buys fans from Marco, who works on one order at a time; what is placed, comes and goes wrong. */
export const orderEvents = {
  accounts: (from: string): PlatformEvent[] =>
    [elena, { ...marco, capacity: 1 }].map(({ chat: _chat, discord: _discord, ...data }) => ({
      id: `evt_account_${data.accountId}_orders`,
      type: 'account.updated',
      timestamp: from,
      data,
    })),
  placed: (orderId: string, terms: Record<string, unknown>, placedAt: string): PlatformEvent => ({
    id: `evt_${orderId}`,
    type: 'order.placed',
    timestamp: placedAt,
    data: { orderId, modelId: 'elena', marketerId: 'marco', offerId: 'tiktok-fans', placedAt, ...terms },
  }),
  /** Fans number `first` to `last` of an order. */
  fans: (orderId: string, first: number, last: number, startedAt: string, fan = {}): PlatformEvent[] =>
    Array.from({ length: last - first + 1 }, (_, index) => ({
      id: `evt_${orderId}_fan_${first + index}`,
      type: 'subscription.started',
      timestamp: startedAt,
      data: {
        subscriptionId: `${orderId}-${first + index}`,
        fanId: `${orderId}-fan-${first + index}`,
        startedAt,
        campaignId: `cpl~${orderId}`,
        fan,
      },
    })),
  violated: (orderId: string, reason: string, violatedAt: string): PlatformEvent => ({
    id: `evt_${orderId}_violated`,
    type: 'order.guarantee_violated',
    timestamp: violatedAt,
    data: { orderId, reason, violatedAt },
  }),
};

/** Felix and Gina, who bring subscribers; what those do, and what becomes of payouts. */
export const affiliateEvents = {
  accounts: (from: string): PlatformEvent[] =>
    [felix, gina].map(({ accountId, name, role }) =>
      event(`account_${accountId}`, 'account.updated', from, { accountId, name, role }),
    ),
  started: (subscriptionId: string, affiliateId: string, startedAt: string): PlatformEvent =>
    event(`${subscriptionId}_started`, 'subscription.started', startedAt, {
      ...{ subscriptionId, affiliateId, modelId: 'chloe', fanId: `fan-${subscriptionId}`, startedAt },
    }),
  cancelled: (subscriptionId: string, cancelledAt: string): PlatformEvent =>
    event(`${subscriptionId}_cancelled`, 'subscription.cancelled', cancelledAt, { subscriptionId, cancelledAt }),
  charged: (subscriptionId: string, amount: number, paidAt: string): PlatformEvent =>
    event(`${subscriptionId}_charged`, 'payment.succeeded', paidAt, {
      ...{ paymentId: `${subscriptionId}-1`, subscriptionId, fanId: `fan-${subscriptionId}` },
      ...{ kind: 'subscription', amount, paidAt },
    }),
  refunded: (subscriptionId: string, amount: number, refundedAt: string): PlatformEvent =>
    refundEvent(`refund-${subscriptionId}`, `${subscriptionId}-1`, amount, refundedAt),
  payoutSettled: (payoutId: string, reference: string, at: string): PlatformEvent =>
    event(`${payoutId}_settled`, 'payout.settled', at, { payoutId, reference, at }),
  payoutFailed: (payoutId: string, reason: string, at: string): PlatformEvent =>
    event(`${payoutId}_failed`, 'payout.failed', at, { payoutId, reason, at }),
};

function event(id: string, type: string, timestamp: string, data: Record<string, unknown>): PlatformEvent {
  return { id: `evt_${id}`, type, timestamp, data };
}

export function campaignEvents(): PlatformEvent[] {
  return [
    campaignEvent({ campaignId: 'ava-tiktok', modelId: 'ava', contractorId: 'marco', rateBps: 4_000 }, BEGIN),
    campaignEvent({ campaignId: 'bella-reddit', modelId: 'bella', contractorId: 'nina', rateBps: 2_500 }, BEGIN),
    campaignEvent({ campaignId: 'chloe-x', modelId: 'chloe', contractorId: 'marco', rateBps: 3_500 }, BEGIN),
    campaignEvent({ campaignId: 'chloe-podcast', modelId: 'chloe', contractorId: 'nina', rateBps: 3_000 }, BEGIN),
  ];
}

type Terms = { campaignId: string; modelId: string; contractorId: string; rateBps: number };

export function campaignEvent(terms: Terms, from: string): PlatformEvent {
  return {
    id: `evt_${terms.campaignId}_${terms.rateBps}_${from.replaceAll(/\D/g, '')}`,
    type: 'campaign.updated',
    timestamp: from,
    data: { ...terms, kind: 'revshare', status: 'active' },
  };
}

export function topUpEvent(topUpId: string, accountId: string, amount: number, at: string): PlatformEvent {
  return {
    id: `evt_${topUpId}`,
    type: 'balance.topped_up',
    timestamp: at,
    data: { topUpId, accountId, amount, toppedUpAt: at },
  };
}

export function refundEvent(refundId: string, paymentId: string, amount: number, at: string): PlatformEvent {
  return {
    id: `evt_${refundId}`,
    type: 'payment.refunded',
    timestamp: at,
    data: { refundId, paymentId, amount, refundedAt: at },
  };
}

/** The platform has paid its two marketers what they earned until a payday. */
export function marketersPaid(payday: string, at: string): PlatformEvent[] {
  return ['marco', 'nina'].map((accountId) =>
    affiliateEvents.payoutSettled(`${payday}:${accountId}`, `WIRE-${accountId}-${payday}`, at),
  );
}
