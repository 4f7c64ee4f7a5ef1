import { createBell } from '../src/kernel/bell.ts';

/** What is cut off is found at the first look after it, and finished at the second, which comes sooner: in four seconds. */
const LOOK_MS = 2_000;
const SECOND_LOOK_MS = 1_000;

/** Looks again and again for acts that were cut off, in a process that runs jobs; one look at a time. */
export function createFollowing(deps: {
  followUps: { look(): Promise<boolean>; stop(): Promise<void> };
  onError: (error: unknown) => void;
}) {
  const bell = createBell();
  let stopping = false;
  let running: Promise<void> | undefined;

  function start(): void {
    running ??= work();
  }

  async function work(): Promise<void> {
    let isPending = false;
    while (!stopping) {
      await bell.wait(isPending ? SECOND_LOOK_MS : LOOK_MS);
      if (!stopping) isPending = await look();
    }
  }

  async function look(): Promise<boolean> {
    try {
      return await deps.followUps.look();
    } catch (error) {
      deps.onError(error);
      return true;
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
