import type { Core } from '../src/core.ts';
import { expireWaitingEvents } from './expireWaitingEvents.ts';
import { issueInvoices } from './issueInvoices.ts';
import type { Tick } from './schedule.ts';

/** The table of ticks: everything that happens because time passes. */
export function ticksOf(core: Core): Tick[] {
  return [issueInvoices(core), expireWaitingEvents(core)];
}
