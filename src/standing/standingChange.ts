import type { MinorUnits } from '../kernel/money.ts';
import type { Standing, StandingPolicy } from './standing.ts';

/** The part of a standing whose changes are announced. */
export type AnnouncedStanding = Pick<
  Standing,
  'campaigns' | 'cplOrders' | 'trustScore' | 'terminationReview' | 'terminated'
>;

/** A change of standing, named as the webhook that announces it, with the standing it results in. */
export type StandingChange = {
  type:
    | 'campaigns.paused'
    | 'campaigns.resumed'
    | 'cpl_orders.blocked'
    | 'cpl_orders.unblocked'
    | 'trust.changed'
    | 'partnership.review_opened'
    | 'partnership.terminated';
  /** Unique for ever: the model, the number of the change, and the type. */
  key: string;
  modelId: string;
  at: Date;
  standing: Standing;
  /** The model reads it in the message about the invoice that has just gone overdue, or about its promise. */
  saidOfInvoice?: true;
  /** The overdue invoices that were paid at this instant, which something is lifted by. */
  paid?: PaidInvoice[];
};

export type PaidInvoice = { invoiceId: string; total: MinorUnits };

/** A model of which nothing was announced yet is in good standing. */
export function untouched({ trust }: StandingPolicy): AnnouncedStanding {
  return {
    campaigns: 'running',
    cplOrders: 'allowed',
    trustScore: trust.start,
    terminationReview: false,
    terminated: false,
  };
}

export function announcedPartOf(standing: Standing): AnnouncedStanding {
  const { campaigns, cplOrders, trustScore, terminationReview, terminated } = standing;
  return { campaigns, cplOrders, trustScore, terminationReview, terminated };
}

/** The changes to announce when the standing goes from one state to another, in that order. */
export function changeTypes(before: AnnouncedStanding, after: AnnouncedStanding): StandingChange['type'][] {
  const resumed = before.campaigns !== 'running' && after.campaigns === 'running';
  return [
    ...(before.trustScore === after.trustScore ? [] : ['trust.changed' as const]),
    ...(before.campaigns !== 'paused' && after.campaigns === 'paused' ? ['campaigns.paused' as const] : []),
    ...(resumed ? ['campaigns.resumed' as const] : []),
    ...(before.cplOrders === 'allowed' && after.cplOrders === 'blocked' ? ['cpl_orders.blocked' as const] : []),
    ...(before.cplOrders === 'blocked' && after.cplOrders === 'allowed' ? ['cpl_orders.unblocked' as const] : []),
    ...(!before.terminationReview && after.terminationReview ? ['partnership.review_opened' as const] : []),
    ...(!before.terminated && after.terminated ? ['partnership.terminated' as const] : []),
  ];
}
