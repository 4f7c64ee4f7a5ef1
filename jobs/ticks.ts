import type { Core } from '../src/core.ts';
import { approveCommissions } from './approveCommissions.ts';
import { drawUpPayouts } from './drawUpPayouts.ts';
import { dunUnpaid } from './dunUnpaid.ts';
import { endQuietHours } from './endQuietHours.ts';
import { expireWaitingEvents } from './expireWaitingEvents.ts';
import { followUpInvoices } from './followUpInvoices.ts';
import { issueInvoices } from './issueInvoices.ts';
import type { Tick } from './schedule.ts';
import { tellApprovals } from './tellApprovals.ts';

/** The table of ticks: everything that happens because time passes. */
export function ticksOf(core: Core, botsQuiet: () => Promise<void> = async () => {}): Tick[] {
  return [
    issueInvoices(core),
    followUpInvoices(core),
    dunUnpaid(core),
    approveCommissions(core),
    drawUpPayouts(core),
    tellApprovals(core),
    endQuietHours(core, botsQuiet),
    expireWaitingEvents(core),
  ];
}
