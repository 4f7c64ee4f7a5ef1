import type { Core } from '../src/core.ts';
import type { Report } from '../src/kernel/activity.ts';
import type { ServiceClock } from '../src/kernel/clock.ts';
import { createBeat } from './beat.ts';
import { createClockStand, travel } from './clockStand.ts';
import { finishCutOff } from './finishCutOff.ts';
import { createFollowing } from './following.ts';
import { createLastRuns, type JobState, stateOf } from './lastRuns.ts';
import { createSchedule } from './schedule.ts';
import { createTestClock } from './testClock.ts';
import { sendWebhooks, ticksOf, type WebhookSender } from './ticks.ts';

export type JobsDependencies = {
  core: Core;
  clock: ServiceClock;
  /** Where the test clock starts at the earliest; null for the real clock. */
  testClock: { startsAt?: Date | undefined } | null;
  /** Sends webhooks to the platform, where that is configured. */
  sender?: WebhookSender | undefined;
  /** Resolves when the bots have nothing in hand. */
  botsQuiet: () => Promise<void>;
  onError: (error: unknown) => void;
};

/** Everything that runs because time passes: applying the inbox, the ticks, the repair, the test clock. */
export function createJobs({ core, clock, testClock, sender, botsQuiet, onError }: JobsDependencies) {
  let isCatchingUp = false;
  /** It was started while nothing may be decided: what a crash cut off is finished as soon as that is over. */
  let isBehind = false;
  const sends = sender === undefined || testClock === null ? [] : [sendWebhooks(sender, () => isCatchingUp)];
  const lastRuns = createLastRuns(core.connection);
  const report: Report = (activity) => {
    lastRuns.note(activity);
    core.report(activity);
  };
  const schedule = createSchedule([...ticksOf(core, botsQuiet), ...sends], report);
  const stand = createClockStand(core.connection, testClock === null ? 'real' : 'test');
  const beat = createBeat({ connection: core.connection, tick, repair, seal, draw, onError });
  const following = createFollowing({ followUps: core.followUps, onError });
  const goTo = (from: Date, to: Date) => travel({ core, clock, schedule }, from, to);

  /**
   * What was missed while the service was down, each with its own date, before anything else happens; then what follows
   * from a policy that is another one since. Afterwards the clock runs, or stands where the test clock starts. While nothing may be
   * decided nothing is caught up, and the first tick after that finds it.
   */
  async function catchUp(): Promise<void> {
    if (!core.mayDecide()) {
      isBehind = true;
      return standStill();
    }
    const now = testClock?.startsAt ?? clock.now();
    const stood = (await stand.load()) ?? now;
    // A clock that was set back does not take the service back; the test clock goes on from where it stood.
    const to = testClock !== null && stood > now ? stood : now;
    const from = stood < to ? stood : to;
    isCatchingUp = true;
    // What a crash cut off belongs before everything that was due since, and to the time of the crash.
    clock.pin(from);
    await repair(from);
    await goTo(from, to);
    isCatchingUp = false;
    await repair();
    await core.standing.followPolicy(to);
    await core.digests.includeEverybody(to);
    await saveStand(to);
    if (testClock === null) clock.unpin();
  }

  /** For a process that leaves the jobs to others: its test clock stands where theirs does, and nothing is caught up. */
  async function standStill(): Promise<void> {
    if (testClock === null) return;
    const now = testClock.startsAt ?? clock.now();
    const stood = (await stand.load()) ?? now;
    clock.pin(stood > now ? stood : now);
  }

  async function start(): Promise<void> {
    await core.inboxWorker.start();
    sender?.start();
    following.start();
    await beat.start();
  }

  async function tick(): Promise<void> {
    if (!core.mayDecide()) return;
    const now = clock.now();
    if (isBehind) {
      await repair(now);
      await core.standing.followPolicy(now);
      isBehind = false;
    }
    await schedule.runDue(now, (at) => core.inboxWorker.drain(at), false);
    if (testClock === null) await saveStand(now);
    else await lastRuns.save();
  }

  async function repair(at = clock.now()): Promise<void> {
    if (!core.mayDecide()) return;
    await finishCutOff(core, at);
  }

  /**
   * Seals what is due by the clock. No tick: nothing of the business depends on when it happens, so a moved clock does not
   * say that it ran.
   */
  async function seal(): Promise<void> {
    if (!core.mayDecide()) return;
    const at = clock.now();
    const started = performance.now();
    const result = await core.seals.sealDue(at);
    if (result !== null) report({ kind: 'job', job: 'seal-records', at, ms: performance.now() - started, ...result });
  }

  /** Draws a batch of what is due of the charts' series, and says whether there was one. No tick either: it is the same whenever it happens. */
  async function draw(): Promise<boolean> {
    if (!core.mayDecide()) return false;
    const at = clock.now();
    const started = performance.now();
    const result = await core.series.drawDue(at);
    if (result === null) return false;
    report({ kind: 'job', job: 'draw-series', at, ms: performance.now() - started, ...result });
    return true;
  }

  /** For a moved clock: seals, and draws everything that it has passed. */
  async function sealAndDraw(): Promise<void> {
    await seal();
    while (await draw());
  }

  async function saveStand(at: Date): Promise<void> {
    await stand.save(at);
    await lastRuns.save();
  }

  /** Every tick: when it ran last, in any process, and when it is due next; `isLate`, where that is too long ago. */
  async function states(): Promise<JobState[]> {
    const [next, ran] = await Promise.all([schedule.nextOfEach(), lastRuns.load()]);
    return next.map(({ job, nextAt }) => stateOf(job, nextAt, ran.get(job), clock.now()));
  }

  async function quiet(): Promise<void> {
    await core.inboxWorker.drain();
    // Webhooks that are given up lead to notices, so the bots come last.
    await sender?.drain();
    await botsQuiet();
  }

  async function stop(): Promise<void> {
    await Promise.all([sender?.stop(), beat.stop(), following.stop()]);
    await core.inboxWorker.stop();
  }

  return {
    catchUp,
    standStill,
    states,
    start,
    stop,
    testClock:
      testClock === null
        ? undefined
        : createTestClock({ clock, travel: goTo, quiet, save: saveStand, seal: () => sealAndDraw().catch(onError) }),
  };
}
