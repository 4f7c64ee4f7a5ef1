import { isDatabaseTrouble } from '../../src/database/trouble.ts';
import { createBell } from '../../src/kernel/bell.ts';
import { messageOf } from '../../src/kernel/errors.ts';
import { createPatience, pause, waitAtMost } from '../../src/kernel/wait.ts';
import type { LeaderState } from '../../src/notices/delivery/delivery.ts';
import { type BotStore, LANES, type ReceivedUpdate } from './store.ts';

type WorkerDependencies = {
  store: Pick<BotStore, 'unhandled' | 'markHandled' | 'hasUnhandled'>;
  /** False when the update is to be handled again, by the next process. */
  handle: (update: ReceivedUpdate) => Promise<boolean>;
  leaderState: () => LeaderState;
  warn: (text: string) => void;
};

const POLL_MS = 300;
const SIDE_BY_SIDE = 20;
/** Of these at most, so that no number of strangers keeps linked people waiting. */
const STRANGERS_SIDE_BY_SIDE = 4;
const STANDBY_DRAIN_MS = 10_000;

/**
 * Works off the stored updates, linked people's first: each chat's in order, different chats side by side, in one process at a
 * time.
 */
export function createWorker({ store, handle, leaderState, warn }: WorkerDependencies) {
  const inHand = new Map<string, Promise<void>>();
  let strangers = 0;
  const bell = createBell();
  let running: Promise<void> | undefined;
  let stopping = false;

  function start(): void {
    running ??= work();
  }

  async function work(): Promise<void> {
    while (!stopping) {
      // Created before reading, so that what comes in meanwhile rings it.
      const rung = bell.wait(POLL_MS);
      try {
        if (leaderState() === 'active') await takeNext();
      } catch (error) {
        warn(`telegram: updates are not being read for now: ${messageOf(error)}`);
      }
      await rung;
    }
  }

  async function takeNext(): Promise<void> {
    const free = SIDE_BY_SIDE - inHand.size;
    if (free <= 0) return;
    for (const document of await store.unhandled(free * 5, [...inHand.keys()])) {
      if (inHand.size >= SIDE_BY_SIDE) return;
      if (inHand.has(document.chatId)) continue;
      const isStranger = document.lane >= LANES.newcomer;
      if (isStranger && strangers >= STRANGERS_SIDE_BY_SIDE) return;
      if (isStranger) strangers += 1;
      inHand.set(
        document.chatId,
        workOff(document).then(() => {
          inHand.delete(document.chatId);
          if (isStranger) strangers -= 1;
          bell.ring();
        }),
      );
    }
  }

  /**
   * An update that handling fails on is not tried again: a malformed one would come back for ever. Trouble of the database is no
   * fault of the update: then it is handled again.
   */
  async function workOff(document: ReceivedUpdate): Promise<void> {
    const { _id } = document;
    try {
      const isDone = await handle(document).catch((error) => {
        if (isDatabaseTrouble(error)) throw error;
        warn(`telegram: update ${_id} failed: ${messageOf(error)}`);
        return true;
      });
      if (isDone) await store.markHandled(_id);
    } catch (error) {
      warn(`telegram: update ${_id} will be handled again: ${messageOf(error)}`);
      await pause(1_000);
    }
  }

  async function drain(): Promise<void> {
    const giveUpAt = performance.now() + STANDBY_DRAIN_MS;
    const patience = createPatience();
    while (!stopping && leaderState() !== 'off' && (inHand.size > 0 || (await store.hasUnhandled()))) {
      if (leaderState() === 'standby' && performance.now() > giveUpAt) return;
      bell.ring();
      await pause(patience.nextMs());
    }
  }

  async function stop(graceMs = 5_000): Promise<void> {
    stopping = true;
    bell.ring();
    await waitAtMost(Promise.all([running, ...inHand.values()]), graceMs);
  }

  return { start, stop, wake: bell.ring, drain };
}
