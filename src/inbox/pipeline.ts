import { isDatabaseTrouble } from '../database/trouble.ts';
import { type AnyHandler, type Follow, type Last, NONE_REFUSED } from '../events/handler.ts';
import { createSerialQueue } from '../kernel/wait.ts';
import { type DeferredEvents, handlerKey } from './deferred.ts';
import type { EventOutcomes, Ready } from './outcomes.ts';
import type { DueEvent } from './store.ts';

/**
 * Works on batches of events, one after another and type by type, in the order in which types refer to each other. The
 * later steps of a batch (see Handler) go on beside the first ones of the next, so that neither the database nor this
 * process waits for the other.
 */
export function createPipeline(deps: {
  handlers: AnyHandler[];
  deferred: Pick<DeferredEvents, 'defer' | 'wake'>;
  outcomes: Pick<EventOutcomes, 'readyOf' | 'tryTogether' | 'markApplied'>;
}) {
  const { deferred, outcomes } = deps;
  const following = createSerialQueue();
  const finishing = createSerialQueue();
  const marking = createSerialQueue();

  /** The facts of a batch are applied when this is done; `done` waits for the rest. */
  async function work(batch: DueEvent[]): Promise<void> {
    const unhandled = batch.filter((event) => !deps.handlers.some(({ type }) => type === event.type));
    if (unhandled.length > 0) await deferred.defer(unhandled.map((event) => [event, [handlerKey(event.type)]]));
    for (const handler of deps.handlers) {
      const mine = batch.filter(({ type }) => type === handler.type);
      if (mine.length > 0) await applyType(handler, mine);
    }
  }

  async function applyType(handler: AnyHandler, batch: DueEvent[]): Promise<void> {
    const { follow } = handler;
    // Only more batches of the same type go on beside the effects of facts.
    if (follow === undefined) await ended(following, finishing);
    const applied = await outcomes.tryTogether(handler.apply, await outcomes.readyOf(handler, batch));
    if (applied.length === 0) return;
    // Waiting events are woken before the event counts as applied: a crash in between wakes them once more, not never.
    await deferred.wake(applied.flatMap(([, fact]) => handler.provides(fact.data)));
    if (follow === undefined) await mark(applied);
    else await following.start(() => pendingEffects(follow, applied));
  }

  async function pendingEffects(follow: Follow, applied: Ready): Promise<void> {
    const lasts: Last[] = [];
    const followed = await outcomes.tryTogether(async (facts, now) => {
      lasts.push(await follow(facts, now));
      return NONE_REFUSED;
    }, applied);
    await finishing.start(async () => mark(await finish(follow, followed, lasts)));
  }

  /** Where the last step fails, it and the one before it are done again, half by half. */
  async function finish(follow: Follow, followed: Ready, lasts: Last[]): Promise<Ready> {
    try {
      for (const last of lasts) await last();
      return followed;
    } catch (error) {
      if (isDatabaseTrouble(error)) throw error;
      return outcomes.tryTogether(async (facts, now) => {
        const last = await follow(facts, now);
        await last();
        return NONE_REFUSED;
      }, followed);
    }
  }

  async function mark(applied: Ready): Promise<void> {
    if (applied.length > 0) await marking.start(() => outcomes.markApplied(applied.map(([event]) => event)));
  }

  return { work, done: () => ended(following, finishing, marking) };
}

/** Resolves when these have ended, in the order in which they start each other; rejects when one of them did. */
async function ended(...behind: ReturnType<typeof createSerialQueue>[]): Promise<void> {
  const [first, ...others] = behind;
  if (first === undefined) return;
  try {
    await first.done();
  } finally {
    await ended(...others);
  }
}
