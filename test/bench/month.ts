import type { Incoming } from '../../src/inbox/inbox.ts';

export const MONTH_START = new Date('2026-11-02T06:00:00Z');
const MONTH_MS = 27 * 86_400_000;

type Event = { type: string; at: number; data: Record<string, unknown> };

/**
 * A month of a platform, in the order in which it happened: who is there and what runs first, then 85 % payments, 9 %
 * subscriptions, 2 % cancellations, 3 % refunds, 1 % top-ups. The same for the same arguments.
 */
export function month(size: number, prefix: string): Incoming[] {
  const models = Array.from({ length: Math.ceil(size / 200) }, (_, index) => `${prefix}-model-${index}`);
  const contractors = Array.from({ length: Math.ceil(size / 400) }, (_, index) => `${prefix}-contractor-${index}`);
  const campaigns = models.flatMap((modelId, index) =>
    ['a', 'b'].map((letter, second) => ({
      campaignId: `${prefix}-campaign-${index}${letter}`,
      modelId,
      contractorId: pick(contractors, index * 2 + second),
    })),
  );
  const start = MONTH_START.getTime();
  const setUp: Event[] = [
    ...models.map((accountId) => account(accountId, 'model', start)),
    ...contractors.map((accountId) => account(accountId, 'marketer', start)),
    ...campaigns.map((campaign) => ({
      type: 'campaign.updated',
      at: start,
      data: { ...campaign, kind: 'revshare', rateBps: 2_500, status: 'active' },
    })),
  ];
  const daily = size - setUp.length;
  const events = [...setUp, ...business(daily, prefix, campaigns, start)];
  return events.map((event, index) => incoming(event, `${prefix}-event-${index}`));
}

function business(
  count: number,
  prefix: string,
  campaigns: { campaignId: string; modelId: string }[],
  start: number,
): Event[] {
  const subscriptions = Array.from({ length: Math.ceil(count * 0.09) + 20 }, (_, index) => ({
    subscriptionId: `${prefix}-subscription-${index}`,
    ...pick(campaigns, index * 7),
  }));
  let subscribed = 0;
  let cancelled = 0;
  let paid = 0;
  return Array.from({ length: count }, (_, index): Event => {
    const at = start + Math.floor((MONTH_MS * index) / count);
    const when = new Date(at).toISOString();
    // A hundred events in a fixed mix, spread so that kinds alternate.
    const turn = (index * 37) % 100;
    if (subscribed < 10 || turn < 9) {
      const { subscriptionId, modelId, campaignId } = pick(subscriptions, subscribed++);
      const fanId = `${prefix}-fan-${index}`;
      return {
        type: 'subscription.started',
        at,
        data: { subscriptionId, modelId, campaignId, fanId, startedAt: when },
      };
    }
    if (turn < 11) {
      const { subscriptionId } = pick(subscriptions, cancelled++);
      return { type: 'subscription.cancelled', at, data: { subscriptionId, cancelledAt: when } };
    }
    if (turn < 14 && paid > 20) {
      const paymentId = `${prefix}-payment-${paid - 1 - (index % 20)}`;
      return {
        type: 'payment.refunded',
        at,
        data: { refundId: `${prefix}-refund-${index}`, paymentId, amount: 100, refundedAt: when },
      };
    }
    if (turn < 15) {
      const accountId = pick(campaigns, index * 3).modelId;
      return {
        type: 'balance.topped_up',
        at,
        data: { topUpId: `${prefix}-topup-${index}`, accountId, amount: 50_000, toppedUpAt: when },
      };
    }
    const { subscriptionId, modelId } = pick(subscriptions, (index * 11) % subscribed);
    const data = {
      paymentId: `${prefix}-payment-${paid++}`,
      subscriptionId,
      modelId,
      fanId: `${prefix}-fan-${(index * 11) % subscribed}`,
      kind: pick(KINDS, index),
      amount: 499 + (index % 9) * 250,
      paidAt: when,
    };
    return { type: 'payment.succeeded', at, data };
  });
}

const KINDS = ['subscription', 'renewal', 'tip', 'message', 'post', 'renewal', 'tip'];

function account(accountId: string, role: string, at: number): Event {
  return { type: 'account.updated', at, data: { accountId, role, name: `Account ${accountId}` } };
}

function incoming({ type, at, data }: Event, id: string): Incoming {
  const timestamp = new Date(at);
  return { id, type, timestamp, body: JSON.stringify({ type, timestamp: timestamp.toISOString(), data }), known: true };
}

function pick<T>(items: T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}
