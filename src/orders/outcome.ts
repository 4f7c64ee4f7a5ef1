import type { MinorUnits } from '../kernel/money.ts';
import type { Refused } from '../kernel/refusals.ts';
import type { OrderStatus, OrderView } from './order.ts';

/** Who acts and, where one is asked for, why. `actor` is an API key's name, or a person in a chat. */
export type By = { actor: string; reason?: string | undefined };

/** The state does not allow it. `state` is the order's at that instant. */
export type OrderRefusal = Refused<OrderStatus> & { order: OrderView };

export type AcceptOutcome =
  | { kind: 'accepted' | 'already-accepted'; order: OrderView }
  /** Prepaid, and the client's balance does not cover it: the order stays placed, and both sides get a notice. */
  | { kind: 'insufficient'; order: OrderView; missing: MinorUnits }
  | OrderRefusal
  | { kind: 'not-found' };

export type RejectOutcome =
  | { kind: 'rejected' | 'already-rejected'; order: OrderView }
  | OrderRefusal
  | { kind: 'not-found' };

export type StopOutcome =
  | { kind: 'stopped' | 'already-stopped'; order: OrderView }
  | OrderRefusal
  | { kind: 'not-found' };
