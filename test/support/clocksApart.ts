import { vi } from 'vitest';

import type { Core } from '../../src/core.ts';
import type { TestEvent } from './events.ts';
import type { World } from './world.ts';

const realNow = Date.now.bind(Date);

/**
 * Two processes of a world, whose hosts' clocks are some seconds apart: `ahead` is fast, `behind` is right. Each acts by
 * its own clock, one after the other; `second` counts from the world's instant.
 */
export function clocksApart(world: World, apartMs = 5_000) {
  const start = world.clock.now().getTime();
  const [first, second] = world.processes;
  if (first === undefined || second === undefined) throw new Error('clocks are apart in a world of two processes');

  async function as<T>(core: Core, shiftMs: number, seconds: number, act: (core: Core, now: Date) => Promise<T>) {
    const now = new Date(start + seconds * 1_000 + shiftMs);
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => realNow() + shiftMs);
    world.pin(now);
    try {
      return await act(core, now);
    } finally {
      clock.mockRestore();
    }
  }

  type Act<T> = (core: Core, now: Date) => Promise<T>;
  return {
    ahead: <T>(seconds: number, act: Act<T>) => as(first, apartMs, seconds, act),
    behind: <T>(seconds: number, act: Act<T>) => as(second, 0, seconds, act),
  };
}

/** An act: these events come to this process, which applies them. */
export function takes(...events: TestEvent[]) {
  return async (core: Core): Promise<void> => {
    for (const { id, type, timestamp, data } of events) {
      const body = JSON.stringify({ type, timestamp, data });
      await core.inbox.receive({ id, type, timestamp: new Date(timestamp), body, known: true });
      await core.inboxWorker.drain();
    }
  };
}
