import type { Core } from '../src/core.ts';
import type { Tick } from './schedule.ts';

/** What time does to orders that wait for an answer: reminders, and their end (rules 3, 4.2). */
export function answerOrders({ orders }: Pick<Core, 'orders'>): Tick {
  return { name: 'answer-orders', nextDue: orders.deadlines.nextDue, run: orders.deadlines.run };
}
