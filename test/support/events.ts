/** An event of the platform, before it is signed and sent. */
export type TestEvent = { id: string; type: string; timestamp: string; data: Record<string, unknown> };

/** Events as the platform tells them; ids follow from what they tell, unless given. */
export const tell = {
  account: (
    accountId: string,
    role: string,
    more: Record<string, unknown> & { id?: string; at?: string } = {},
  ): TestEvent => {
    const { id = `account-${accountId}`, at = '2026-01-01T00:00:00Z', ...rest } = more;
    return { id, type: 'account.updated', timestamp: at, data: { accountId, role, name: accountId, ...rest } };
  },
  payee: (
    short: string,
    accountId: string,
    { at = '2026-01-01T00:00:00Z', ...fields }: Record<string, unknown> & { method: string; at?: string },
  ): TestEvent => ({
    id: `payee-${short}`,
    type: 'payee.updated',
    timestamp: at,
    data: { accountId, ...fields },
  }),
  campaign: (
    campaignId: string,
    modelId: string,
    contractorId: string,
    rateBps: number,
    more: { id?: string; at?: string; name?: string } = {},
  ): TestEvent => {
    const { id = `campaign-${campaignId}`, at = '2026-01-01T00:00:00Z', ...name } = more;
    const terms = { campaignId, kind: 'revshare', modelId, contractorId, rateBps, status: 'active' };
    return { id, type: 'campaign.updated', timestamp: at, data: { ...terms, ...name } };
  },
  payment: (
    paymentId: string,
    amount: number,
    paidAt: string,
    { id = `payment-${paymentId}`, kind = 'tip', ...of }: Record<string, unknown> & { id?: string; kind?: string },
  ): TestEvent => ({
    id,
    type: 'payment.succeeded',
    timestamp: paidAt,
    data: { paymentId, fanId: 'fan', kind, amount, paidAt, ...of },
  }),
  refund: (
    refundId: string,
    paymentId: string,
    amount: number,
    refundedAt: string,
    { id = `refund-${refundId}` } = {},
  ): TestEvent => ({
    id,
    type: 'payment.refunded',
    timestamp: refundedAt,
    data: { refundId, paymentId, amount, refundedAt },
  }),
  topUp: (topUpId: string, accountId: string, amount: number, { id = `topup-${topUpId}` } = {}): TestEvent => ({
    id,
    type: 'balance.topped_up',
    timestamp: '2026-01-01T00:00:00Z',
    data: { topUpId, accountId, amount, toppedUpAt: '2026-01-01T00:00:00Z' },
  }),
  subscription: (subscriptionId: string, more: Record<string, unknown> = {}): TestEvent => ({
    id: `subscription-${subscriptionId}`,
    type: 'subscription.started',
    timestamp: '2026-01-01T00:00:00Z',
    data: { subscriptionId, fanId: 'fan', startedAt: '2026-01-01T00:00:00Z', ...more },
  }),
  order: (
    orderId: string,
    more: Record<string, unknown> & { placedAt: string; id?: string } = { placedAt: '2026-03-02T00:00:00Z' },
  ): TestEvent => {
    const { id = `order-${orderId}`, ...terms } = more;
    const offered = { modelId: 'M', marketerId: 'c', offerId: 'offer', quantity: 10, pricePerFan: 100, prepaid: false };
    return { id, type: 'order.placed', timestamp: more.placedAt, data: { orderId, ...offered, ...terms } };
  },
  orderCancelled: (orderId: string, cancelledAt: string, { id = `cancelled-${orderId}` } = {}): TestEvent => ({
    id,
    type: 'order.cancelled',
    timestamp: cancelledAt,
    data: { orderId, cancelledAt },
  }),
  violation: (orderId: string, violatedAt: string, { id = `violated-${orderId}` } = {}): TestEvent => ({
    id,
    type: 'order.guarantee_violated',
    timestamp: violatedAt,
    data: { orderId, reason: 'bots', violatedAt },
  }),
  /** A fan who came through an order's campaign; each its own person unless told. */
  fan: (subscriptionId: string, orderId: string, startedAt: string, more: Record<string, unknown> = {}): TestEvent => ({
    id: `subscription-${subscriptionId}`,
    type: 'subscription.started',
    timestamp: startedAt,
    data: { subscriptionId, fanId: `fan-${subscriptionId}`, startedAt, campaignId: `cpl~${orderId}`, ...more },
  }),
};
