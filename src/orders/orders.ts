import type { Page, PageRequest } from '../kernel/page.ts';
import type { FanView } from './fan.ts';
import type { OrderStatus, OrderView } from './order.ts';
import type { AcceptOutcome, By, RejectOutcome, StopOutcome } from './outcome.ts';

/** What a marketer has in hand: to be answered by the deadline, queued by position, running by start. */
export type Desk = { toAnswer: OrderView[]; queued: OrderView[]; running: OrderView[] };

/** The slice of CPL orders, as commands, API and core use it. */
export type OrdersShape = {
  get(orderId: string, now: Date): Promise<OrderView | null>;
  /** The newest placed first. */
  list(
    request: PageRequest & { modelId?: string; marketerId?: string; status?: OrderStatus },
    now: Date,
  ): Promise<Page<OrderView>>;
  /** At most `limit` of each kind. */
  desk(marketerId: string, limit: number, now: Date): Promise<Desk>;
  /** Each fan that came through the order's campaign, with its verdict, by subscription id; null: no such order. */
  fans(orderId: string, request: PageRequest): Promise<Page<FanView> | null>;
  accept(orderId: string, by: By, now: Date): Promise<AcceptOutcome>;
  reject(orderId: string, by: By, now: Date): Promise<RejectOutcome>;
  stop(orderId: string, by: By & { reason: string }, now: Date): Promise<StopOutcome>;
};
