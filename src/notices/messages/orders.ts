import { unreachable } from '../../kernel/errors.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import { type DisplayContext, speechOf } from '../../texts/speech.ts';
import { orderReasonSentence } from './orderReason.ts';

/** What blocks a client's new orders (rules 2.2, 2.5, 4.6). */
export type OrderBlocker =
  | { kind: 'client-terminated' }
  | { kind: 'client-blocked'; overdueCount: number; overdueTotal: MinorUnits }
  | { kind: 'client-owes'; amount: MinorUnits };

/** An order as a notice speaks of it. `client` and `marketer` are names; money in minor units. */
export type OrderFacts = {
  to: 'client' | 'marketer';
  orderId: string;
  modelId: string;
  marketerId: string;
  client: string;
  marketer: string;
  quantity: number;
  pricePerFan: MinorUnits;
  total: MinorUnits;
  prepaid: boolean;
  chunkSize: number | null;
};

/**
 * What a marketer who is offered an order reads of the client (rules 2.10): how it is trusted, of how many of the last
 * invoices it paid how many on time, and for how many of the fans to come there is money now.
 */
export type ClientRecord = {
  tier: 'at-risk' | 'new' | 'standard' | 'trusted';
  trustScore: number;
  paidOnTime: number;
  invoices: number;
  coveredFans: number;
};

/** For the marketer alone; absent in what was stored before there was one. */
type WithRecord = { record?: ClientRecord };

/** How far an order is, and what was paid for it. */
export type Progress = { delivered: number; paid: MinorUnits; owed: MinorUnits };

/** What the card of an order that has started can say of it. */
export type CardStatus = 'running' | 'completed' | 'stopped';

/** What notices about CPL orders say (rules 3 and 4), as data. */
export type OrderContent =
  /** To be answered by `respondBy`. `recommended`: the largest quantity that is advised for the client, while it is new. */
  | {
      kind: 'order.placed';
      data: OrderFacts & WithRecord & { respondBy: Date; recommended: number | null; renewalOf: string | null };
    }
  /** The answer is due in so many hours. */
  | { kind: 'order.nudge'; data: OrderFacts & WithRecord & { respondBy: Date; hoursLeft: number } }
  /** Accepted; `position` is null when it starts at once. With `startedAt` it has, and this is its card, in place of `order.started`. */
  | {
      kind: 'order.accepted';
      data: OrderFacts & WithRecord & { position: number | null; link: string; startedAt?: Date };
    }
  /** The marketer wanted to accept a prepaid order, and the client's balance does not cover it. */
  | { kind: 'order.short'; data: OrderFacts & { missing: MinorUnits; respondBy: Date } }
  /** The balance covers it now. To the marketer. */
  | { kind: 'order.acceptable'; data: OrderFacts & WithRecord & { respondBy: Date } }
  | { kind: 'order.rejected'; data: OrderFacts & { reason: string | null } }
  /** `isFunded` false: it expired because the client's balance did not cover it, not because nobody answered. */
  | { kind: 'order.expired'; data: OrderFacts & { respondBy: Date; isFunded?: boolean } }
  | { kind: 'order.cancelled'; data: OrderFacts & { reason: string | null } }
  | { kind: 'order.refused'; data: OrderFacts & { because: OrderBlocker[] } }
  /** It runs: the card that shows its progress from here on, with the fans that started it, if they did. */
  | { kind: 'order.started'; data: OrderFacts & Partial<Progress> & WithRecord & { link: string; startedAt: Date } }
  /** Takes the place of the card; `percent` is 25, 50, 75 or 100. */
  | { kind: 'order.progress'; data: OrderFacts & Progress & WithRecord & { link: string; percent: number } }
  /** Takes the place of the card: the order is over, or money that was owed for it is paid. */
  | { kind: 'order.card'; data: OrderFacts & Progress & WithRecord & { link: string; status: CardStatus } }
  /** No fan has counted since `since`; it is stopped at `stopsAt`, unless one does. */
  | { kind: 'order.idle'; data: OrderFacts & Progress & { link: string; since: Date; stopsAt: Date; daysLeft: number } }
  | { kind: 'order.completed'; data: OrderFacts & Progress }
  /** `returned` is what went back from escrow to the client. */
  | {
      kind: 'order.stopped';
      data: OrderFacts &
        Progress & {
          cause: 'guarantee-violated' | 'stopped-by-manager' | 'partnership-terminated' | 'idle';
          reason: string;
          /** For how many days it was idle; absent in what was stored before they were. */
          days?: number;
          returned: MinorUnits;
        };
    }
  /** Completed, and not renewed; `progress` is absent in what was stored before this told of the completion, too. */
  | { kind: 'order.not_renewed'; data: OrderFacts & { because: OrderBlocker[]; progress?: Progress } }
  /** An amount fell due that the client's balance does not cover; `missing` at that instant. */
  | { kind: 'charge.owed'; data: OrderFacts & { amount: MinorUnits; fans: number; missing: MinorUnits } }
  /** An amount that was owed is paid. */
  | { kind: 'charge.paid'; data: OrderFacts & { amount: MinorUnits; fans: number } }
  /** Money came in, and it does not cover an owed amount yet. To the client; what was stored before has no more than an id of the order. */
  | {
      kind: 'charge.insufficient';
      data: { orderId: string; amount: MinorUnits; balance: MinorUnits; missing: MinorUnits } & {
        modelId?: string;
        order?: Pick<OrderFacts, 'modelId' | 'marketerId' | 'client' | 'marketer' | 'quantity'>;
      };
    };

/** Why a client cannot have a new order, in a sentence for the reader of each side. */
export function blockerSentence(blocker: OrderBlocker, to: OrderFacts['to'], display: DisplayContext): string {
  const { say, money } = speechOf(display);
  if (to === 'marketer') return orderReasonSentence({ kind: blocker.kind }, say);
  switch (blocker.kind) {
    case 'client-terminated':
      return say('orders.blockers.terminated.client');
    case 'client-blocked': {
      const { overdueCount: count, overdueTotal } = blocker;
      return say('orders.blockers.blocked.client', { count, total: money(overdueTotal) });
    }
    case 'client-owes':
      return say('orders.blockers.owes.client', { amount: money(blocker.amount) });
    default:
      return unreachable(blocker);
  }
}
