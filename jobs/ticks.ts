import type { Core } from '../src/core.ts';
import { answerOrders } from './answerOrders.ts';
import { approveCommissions } from './approveCommissions.ts';
import { generatePayouts } from './drawUpPayouts.ts';
import { dunUnpaid } from './dunUnpaid.ts';
import { endQuietHours } from './endQuietHours.ts';
import { expireWaitingEvents } from './expireWaitingEvents.ts';
import { followUpInvoices } from './followUpInvoices.ts';
import { issueInvoices } from './issueInvoices.ts';
import type { Tick } from './schedule.ts';
import { stopIdleOrders } from './stopIdleOrders.ts';
import { announceApprovals } from './tellApprovals.ts';

/** The table of ticks: everything that happens because time passes. */
export function ticksOf(core: Core, botsQuiet: () => Promise<void> = async () => {}): Tick[] {
  return [
    issueInvoices(core),
    followUpInvoices(core),
    dunUnpaid(core),
    answerOrders(core),
    stopIdleOrders(core),
    approveCommissions(core),
    generatePayouts(core),
    announceApprovals(core),
    endQuietHours(core, botsQuiet),
    expireWaitingEvents(core),
  ];
}
