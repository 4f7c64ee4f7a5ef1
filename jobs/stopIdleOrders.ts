import type { Core } from '../src/core.ts';
import type { Tick } from './schedule.ts';

/** What time does to running orders for which no fan counts: warnings, and their end (rules 4.10). */
export function stopIdleOrders({ orders }: Pick<Core, 'orders'>): Tick {
  return { name: 'stop-idle-orders', nextDue: orders.idleOrders.nextDue, run: orders.idleOrders.run };
}
