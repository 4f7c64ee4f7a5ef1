import type { Core } from '../src/core.ts';
import type { Tick } from './schedule.ts';

/**
 * The table of ticks: everything that happens because time passes. Names are seen outside (`POST /test/clock`,
 * `settlebot tick`); of ticks that are due at one instant the first in the table runs first. `botsQuiet` resolves when
 * the bots have nothing in hand.
 */
export function ticksOf(core: Core, botsQuiet: () => Promise<void> = async () => {}): Tick[] {
  const { invoicing, standing, promises, orders, affiliates, digests, notices, inboxWorker, erasures } = core;
  const { retention, shadow, books, clock } = core;
  return [
    // Mondays: the invoices of the week that has ended (rules 1.2).
    { name: 'issue-invoices', ...dueAndRun(invoicing.weeklyRun) },
    // The effects of invoices that were issued or have ended: webhooks to the platform, and standing.
    { name: 'follow-up-invoices', ...dueAndRun(invoicing.pendingEffects) },
    // Promises to pay: reminders, and the end of those that are not kept (rules 2.11).
    { name: 'end-promises', ...dueAndRun(promises.tick) },
    // Unpaid invoices: reminders, overdue, sanctions, and the end of graces (rules 1.10, 2, 3).
    { name: 'dun-unpaid', ...dueAndRun(standing.dunning) },
    // Orders that wait for an answer: reminders, and their end (rules 3, 4.2).
    { name: 'answer-orders', ...dueAndRun(orders.deadlines) },
    // Running orders for which no fan counts: warnings, and their end (rules 4.10).
    { name: 'stop-idle-orders', ...dueAndRun(orders.idleOrders) },
    // Commissions whose hold is over become firm, each at its own `holdUntil` (rules 5.5).
    {
      name: 'approve-commissions',
      nextDue: affiliates.commissions.nextDue,
      run: affiliates.commissions.approve,
    },
    // The 1st and the 16th: the payouts of the cycle that has come to its payday (rules 6).
    { name: 'draw-up-payouts', ...dueAndRun(affiliates.cycles) },
    // The approvals of a day, in one message when it is over.
    { name: 'tell-approvals', ...dueAndRun(affiliates.digest) },
    // Paydays that have passed and are not paid: managers hear of them (rules 3).
    { name: 'remind-unpaid-paydays', ...dueAndRun(affiliates.unpaidPaydays) },
    // What people are told by the calendar: managers each morning, models on Sunday, affiliates on Monday (rules 3).
    { name: 'tell-digests', ...dueAndRun(digests) },
    // Notices that waited for the end of quiet hours, or to be told together; the service's clock stops there until they
    // are sent, so that it is at that instant.
    {
      name: 'end-quiet-hours',
      nextDue: () => notices.nextDue(clock.now()),
      run: uncounted(async (at: Date) => {
        await notices.release(at);
        await botsQuiet();
      }),
    },
    // Events that have waited too long for what they refer to go into quarantine (docs/integration.md).
    { name: 'expire-waiting-events', nextDue: inboxWorker.nextExpiry, run: inboxWorker.expireDeferred },
    // Erasures that were asked for, from where they stand (docs/operations.md).
    { name: 'finish-erasures', ...dueAndRun(erasures) },
    // The bodies of events whose time is over: the secret of their day is deleted (docs/configuration.md, `RETENTION_DAYS`).
    { name: 'end-retention', ...dueAndRun(retention) },
    // An hour into a month: what was posted in the one before is summed up, and stays (docs/books.md).
    { name: 'close-month', ...dueAndRun(books.months) },
    // In shadow, each Monday, after everything else that is due then: what the week would have sent (docs/shadow.md).
    { name: 'sum-up-shadow', ...dueAndRun(shadow.weeks) },
  ];
}

function dueAndRun({ nextDue, run }: Pick<Tick, 'nextDue' | 'run'>): Pick<Tick, 'nextDue' | 'run'> {
  return { nextDue, run };
}

/** What others count where it happens. */
function uncounted(work: (at: Date) => Promise<void>): Tick['run'] {
  return async (at) => {
    await work(at);
    return {};
  };
}

/** What sends webhooks to the platform, as the jobs need it. */
export type WebhookSender = {
  start(): void;
  stop(): Promise<void>;
  nextDue(): Promise<Date | null>;
  drain(): Promise<void>;
};

/**
 * Under the test clock, webhooks are sent at their own instants like everything else (docs/integration.md). Under the real
 * clock this is no tick: the sender works by itself, so that a slow platform holds up no other tick. Nor is it part of catching
 * up, which must not wait for somebody else: what is due then is sent once the service runs.
 */
export function sendWebhooks(sender: WebhookSender, isCatchingUp: () => boolean): Tick {
  return {
    name: 'send-webhooks',
    nextDue: async () => (isCatchingUp() ? null : sender.nextDue()),
    run: uncounted(sender.drain),
  };
}
