import type { Config } from '../../src/config.ts';
import type { Report } from '../../src/kernel/activity.ts';
import { createBell } from '../../src/kernel/bell.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { oneAtATime } from '../../src/kernel/shared.ts';
import { createPatience, pause, waitAtMost } from '../../src/kernel/wait.ts';
import type { ClaimedWebhook, Head, Outgoing, SendOutcome } from '../../src/outgoing/outgoing.ts';
import { createPost, type Post } from './post.ts';

export type OutgoingWorker = ReturnType<typeof createOutgoingWorker>;

const SIDE_BY_SIDE = 8;
/** How often an idle process checks for messages that another one emitted, and for those that have become due. */
const POLL_MS = 500;
/** After this many of one subject, others have their turn. */
const IN_A_ROW = 50;
/** How much longer what is on its way may take when the service stops. */
const GRACE_MS = 3_000;
const SETTLE_TRIES = 8;
const RENEW_MS = 1_000;

/** The worker as it is configured; undefined where no URL is. */
export function createSender(deps: {
  config: Pick<Config, 'PLATFORM_WEBHOOK_URL' | 'PLATFORM_WEBHOOK_SECRET'>;
  outgoing: Outgoing;
  clock: Clock;
  onError: (error: unknown) => void;
  report?: Report;
}): OutgoingWorker | undefined {
  const { PLATFORM_WEBHOOK_URL: url, PLATFORM_WEBHOOK_SECRET: secret } = deps.config;
  if (url === undefined || secret === undefined) return undefined;
  return createOutgoingWorker({ ...deps, post: createPost({ url, secret }), random: Math.random });
}

/**
 * Sends what is due to the platform: several subjects side by side, each in order. Nothing waits for it, and it holds no
 * more than it is sending, so a platform that is slow or gone costs nobody else anything. `random` gives the jitter.
 */
export function createOutgoingWorker(deps: {
  outgoing: Pick<Outgoing, 'sending' | 'onDue'>;
  post: Post;
  random: () => number;
  clock: Clock;
  onError: (error: unknown) => void;
  report?: Report;
}) {
  const { sending } = deps.outgoing;
  const bell = createBell();
  const inHand = new Map<string, Promise<void>>();
  const beingSent = new Set<ClaimedWebhook>();
  const cutOff = new AbortController();
  let waiting: Head[] = [];
  const lookOnce = oneAtATime(look);
  let looking: Promise<void> | undefined;
  let running: Promise<void> | undefined;
  let heldUntil = new Date(0);
  let stopping = false;
  const forget = deps.outgoing.onDue(nudge);
  // The next renewal makes up for one that fails, or another process sends the same, which the platform recognises.
  const renew = oneAtATime(() => sending.renew([...beingSent]).catch(deps.onError));
  let renewal: Promise<void> | undefined;
  const renewing = setInterval(() => {
    if (beingSent.size > 0) renewal = renew();
  }, RENEW_MS);
  renewing.unref();

  function start(): void {
    running ??= work();
  }

  async function work(): Promise<void> {
    while (!stopping) {
      try {
        await refill();
      } catch (error) {
        deps.onError(error);
      }
      await bell.wait(POLL_MS);
    }
  }

  /** There may be something new to send. */
  function nudge(): void {
    bell.ring();
  }

  /** Reads what may be sent, unless enough is waiting for its turn; one read at a time. */
  async function refill(): Promise<void> {
    looking = lookOnce();
    await looking;
    takeNext();
  }

  async function look(): Promise<void> {
    if (stopping || waiting.length > 0) return;
    const now = deps.clock.now();
    if (now < heldUntil) return sending.putOff(now, heldUntil);
    waiting = await sending.look([...inHand.keys()]);
  }

  function takeNext(): void {
    while (!stopping && inHand.size < SIDE_BY_SIDE) {
      const head = waiting.shift();
      if (head === undefined) return;
      if (inHand.has(head.subject)) continue;
      inHand.set(head.subject, workOff(head));
    }
  }

  async function workOff(head: Head): Promise<void> {
    try {
      await workLine(head);
    } catch (error) {
      deps.onError(error);
    } finally {
      inHand.delete(head.subject);
      takeNext();
      if (waiting.length === 0) bell.ring();
    }
  }

  /** One after the other, until one fails or none is left. */
  async function workLine(first: Head): Promise<void> {
    let head: Head | null = first;
    for (let count = 0; head !== null && count < IN_A_ROW; count += 1) {
      if (stopping || deps.clock.now() < heldUntil) return;
      const claimed: ClaimedWebhook | null = await sending.claim(head);
      if (claimed === null || !(await send(claimed))) return;
      head = await sending.headOf(claimed.subject);
    }
  }

  async function send(webhook: ClaimedWebhook): Promise<boolean> {
    beingSent.add(webhook);
    const outcome = await deps.post(webhook, cutOff.signal);
    deps.report?.({ kind: 'webhook-out', outcome: outcome.kind });
    const goesOn = await settle(webhook, outcome).finally(() => beingSent.delete(webhook));
    if (outcome.kind !== 'failed' || outcome.askedMs === undefined) return goesOn;
    heldUntil = await sending.holdBack(outcome.askedMs);
    return false;
  }

  /** The platform has answered, and a database that is away for a moment must not lose that. */
  async function settle(webhook: ClaimedWebhook, outcome: SendOutcome): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await sending.settle(webhook, outcome, deps.random());
      } catch (error) {
        if (stopping || attempt === SETTLE_TRIES) throw error;
        await pause(Math.min(5_000, 100 * 2 ** attempt));
      }
    }
  }

  /** When something is to be sent next, by the service's clock; null when nothing is. */
  async function nextDue(): Promise<Date | null> {
    return stopping ? null : sending.nextDue();
  }

  /** Resolves when everything that is due by the service's clock was tried. Works also when it was not started. */
  async function drain(): Promise<void> {
    const patience = createPatience();
    while (!stopping) {
      await refill();
      if (inHand.size === 0 && !(await sending.isDue())) return;
      await waitAtMost(Promise.race(inHand.values()), patience.nextMs());
    }
  }

  /** Takes nothing new, waits a little for what is on its way and cuts off the rest, to be sent at the next start. */
  async function stop(): Promise<void> {
    stopping = true;
    forget();
    bell.ring();
    await waitAtMost(Promise.all(inHand.values()), GRACE_MS);
    cutOff.abort();
    clearInterval(renewing);
    await Promise.all([running, looking, renewal, ...inHand.values()]);
  }

  return { start, nudge, nextDue, drain, stop };
}
