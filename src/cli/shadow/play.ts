import { travel } from '../../../jobs/clockStand.ts';
import { finishCutOff } from '../../../jobs/finishCutOff.ts';
import { createSchedule, type Tick } from '../../../jobs/schedule.ts';
import { ticksOf } from '../../../jobs/ticks.ts';
import type { Core } from '../../core.ts';
import type { EventType } from '../../events/catalogue.ts';
import type { Incoming } from '../../inbox/inbox.ts';
import { type Calendar, createCalendar } from '../../kernel/calendar.ts';
import type { ServiceClock } from '../../kernel/clock.ts';
import { pause } from '../../kernel/wait.ts';
import { receiveEvents } from '../receiveEvents.ts';
import type { PastEvent } from './pastEvents.ts';
import type { WorkFolder } from './workFolder.ts';

/** As many as the inbox writes at once, and a day at most: then what is due has its turn. */
const BATCH = { events: 1_000, ms: 86_400_000 };

/**
 * Plays a past under a clock of its own, as the service would have lived it: every event comes in at its own instant, and every
 * tick runs when it is due. Goes on from where an earlier play came, also one that was killed. `read` gives the events as they
 * are received, `reach` hears how many are done and when that was. Ends at `end`, or after the batch in hand when interrupted.
 */
export async function playPast(deps: {
  core: Core;
  clock: ServiceClock;
  events: readonly PastEvent[];
  read: (events: readonly PastEvent[]) => Promise<Incoming[]>;
  folder: Pick<WorkFolder, 'state' | 'save'>;
  end: Date;
  reach: (done: number, at: Date) => void;
  interrupted: AbortSignal;
}): Promise<void> {
  const { core, clock, events, folder, interrupted } = deps;
  const schedule = createSchedule(approvingDaily(ticksOf(core), createCalendar(core.platform.timeZone)));

  async function play(): Promise<void> {
    const state = folder.state();
    clock.pin(new Date(state.at ?? events[0]?.at ?? deps.end));
    if (state.at !== null) await finishCutOff(core, clock.now());
    for (let done = state.done; done < events.length && !interrupted.aborted; ) {
      done = await playBatch(done);
      deps.reach(done, clock.now());
    }
    if (interrupted.aborted) return;
    await goTo(deps.end);
    await saveStand({});
  }

  /** Answers how many events are done then. */
  async function playBatch(done: number): Promise<number> {
    const first = events[done];
    if (first === undefined) return done;
    await goTo(new Date(first.at));
    const { planned } = folder.state();
    const until = planned > done ? planned : done + batchFrom(events, done, await schedule.nextDue());
    // A batch is the same one after a kill: what it did already may have made something due within it.
    await saveStand({ done, planned: until });
    const batch = events.slice(done, until);
    await receive(batch);
    clock.pin(new Date(batch.at(-1)?.at ?? first.at));
    await core.inboxWorker.drain();
    await saveStand({ done: until });
    return until;
  }

  /** In one write, each at its own instant: an event's arrival is read from the clock when it is handed over. */
  async function receive(batch: readonly PastEvent[]): Promise<void> {
    const instants = new Map<Incoming, Date>();
    const incoming = await deps.read(batch);
    for (const [index, one] of incoming.entries()) instants.set(one, new Date(batch[index]?.at ?? 0));
    const inbox = {
      existing: core.inbox.existing,
      receive: (one: Incoming) => {
        clock.pin(instants.get(one) ?? clock.now());
        return core.inbox.receive(one);
      },
    };
    await receiveEvents(inbox, incoming, pause);
  }

  async function goTo(at: Date): Promise<void> {
    const from = clock.now();
    if (at > from) await travel({ core, clock, schedule }, from, at);
  }

  function saveStand(change: { done?: number; planned?: number }): Promise<void> {
    return folder.save({ ...change, at: clock.now().toISOString() });
  }

  await play();
}

/**
 * How many events from `from` on are applied together: those that take the same effect in whatever order they arrive (rules 0), up to
 * the next instant at which something is `due`; and top-ups of one instant, to several. Whatever else money or an order decides goes
 * one by one.
 */
export function batchFrom(events: readonly PastEvent[], from: number, due: Date | null): number {
  const first = events[from];
  if (first === undefined) return 0;
  // What is due at the instant of an event has run by then; what is due later has to come before what is later still.
  const before = Math.min(due?.getTime() ?? Number.POSITIVE_INFINITY, first.at + BATCH.ms);
  const paidIn = new Set([first.balance]);
  let count = 1;
  for (; count < BATCH.events; count += 1) {
    const next = events[from + count];
    if (next === undefined || (next.at >= before && next.at > first.at)) break;
    if (first.balance === undefined) {
      if (!ANY_ORDER.has(first.type) || !ANY_ORDER.has(next.type)) break;
    } else {
      // Money counts at the instant at which it is applied, and each top-up tries what is unpaid for itself (rules 1.8).
      if (next.balance === undefined || next.at > first.at || paidIn.has(next.balance)) break;
      paidIn.add(next.balance);
    }
  }
  return count;
}

/** Facts whose effect does not depend on the order of their arrival, nor on the hour. */
const ANY_ORDER: ReadonlySet<string> = new Set<EventType>([
  'account.updated',
  'campaign.updated',
  'program.updated',
  'subscription.started',
  'subscription.cancelled',
  'payment.succeeded',
  'payment.refunded',
  'refund.requested',
  'refund.declined',
]);

/**
 * Commissions are approved at the end of a day together, each with the instant of its own hold: tens of thousands of instants would
 * be as many runs. A late approval changes no payday (rules 0), because it comes before what is due at midnight.
 */
function approvingDaily(ticks: Tick[], calendar: Calendar): Tick[] {
  const startOfNextDay = (at: Date): Date => {
    const start = calendar.startOf(calendar.dayOf(at));
    return start.getTime() === at.getTime() ? at : calendar.addDays(start, 1);
  };
  return ticks.map((tick) =>
    tick.name !== 'approve-commissions'
      ? tick
      : {
          ...tick,
          nextDue: async () => {
            const due = await tick.nextDue();
            return due === null ? null : startOfNextDay(due);
          },
        },
  );
}
