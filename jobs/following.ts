import { createBell } from '../src/kernel/bell.ts';

/** What is cut off is found at the first look after it, and finished at the second. */
const LOOK_MS = 1_000;

/** Looks again and again for acts that were cut off, in a process that runs jobs; one look at a time. */
export function createFollowing(deps: {
  followUps: { look(): Promise<void>; stop(): Promise<void> };
  onError: (error: unknown) => void;
}) {
  const bell = createBell();
  let stopping = false;
  let running: Promise<void> | undefined;

  function start(): void {
    running ??= work();
  }

  async function work(): Promise<void> {
    while (!stopping) {
      await bell.wait(LOOK_MS);
      if (!stopping) await deps.followUps.look().catch(deps.onError);
    }
  }

  /** Finishes the look in hand, and lets another process lead. */
  async function stop(): Promise<void> {
    stopping = true;
    bell.ring();
    await running;
    await deps.followUps.stop().catch(deps.onError);
  }

  return { start, stop };
}
