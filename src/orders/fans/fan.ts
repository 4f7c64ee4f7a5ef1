/** Why a fan does not count, the first that applies (rules 4.5). */
type NotCounted = 'surplus' | 'not_running' | 'other_source' | 'not_real' | 'returning';

export type FanVerdict = 'counted' | NotCounted;

/** A subscription that came through an order's campaign. `modelId` is there when the platform named the model. */
export type ArrivedFan = {
  subscriptionId: string;
  fanId: string;
  modelId?: string | undefined;
  startedAt: Date;
  /** How the platform flagged a fan. */
  returning: boolean;
  bot: boolean;
};

/** What a fan's verdict depends on, apart from the fan. Fans count from the acceptance on, also while the order is queued. */
export type CountingOrder = {
  modelId: string;
  quantity: number;
  delivered: number;
  acceptedAt: Date;
  isStopped: boolean;
};

/**
 * Whether a fan counts for an order (rules 4.5). `isKnown`: there is an earlier subscription of that fan to that model,
 * or the fan has counted for that model before.
 */
export function qualifyFan(fan: ArrivedFan, order: CountingOrder, isKnown: boolean): FanVerdict {
  if (order.delivered >= order.quantity) return 'surplus';
  if (order.isStopped || fan.startedAt < order.acceptedAt) return 'not_running';
  if (fan.modelId !== undefined && fan.modelId !== order.modelId) return 'other_source';
  if (fan.bot) return 'not_real';
  if (fan.returning || isKnown) return 'returning';
  return 'counted';
}

/** The order of two subscriptions: by date, equal ones by id (rules 5.8). */
export function isEarlier(
  a: { subscriptionId: string; startedAt: Date },
  b: { subscriptionId: string; startedAt: Date },
): boolean {
  const apart = a.startedAt.getTime() - b.startedAt.getTime();
  return apart !== 0 ? apart < 0 : a.subscriptionId < b.subscriptionId;
}

/** A fan of an order as everybody outside sees it; `number` counts those that count, from 1. */
export type FanView = {
  subscriptionId: string;
  fanId: string;
  startedAt: Date;
  judgedAt: Date;
  verdict: FanVerdict;
  number: number | null;
};
