import type { PlatformEvent } from '../support/platform.ts';
import type { Person } from './stage.ts';

/** Before the first week: who takes part, and what they have agreed on. */
export const BEGIN = '2026-03-02T00:00:00Z';

export const ava: Person = { accountId: 'ava', name: 'Ava', role: 'model', chat: 101 };
export const bella: Person = { accountId: 'bella', name: 'Bella', role: 'model', chat: 102 };
export const chloe: Person = { accountId: 'chloe', name: 'Chloe', role: 'model', chat: 103 };
export const olga: Person = { accountId: 'olga', name: 'Olga', role: 'manager', chat: 104, discord: '7001' };
export const dana: Person = { accountId: 'dana', name: 'Dana', role: 'model', chat: 105 };

export const PEOPLE = [ava, bella, chloe, olga, dana];

/** The contractors, whom campaigns earn money. */
export const CONTRACTORS = [
  { accountId: 'marco', name: 'Marco' },
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
