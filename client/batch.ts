import type { EventAnswer } from './send.ts';
import { type EventResult, fits, type Line, lineOf, MOST_EVENTS, type SendLines } from './sendMany.ts';
import type { CallOptions } from './transport.ts';
import type { PlatformEvent } from './types.ts';

export type BatchOptions = {
  /** A batch is sent when it has so many events, 500 by default and at most, or 2 MiB. */
  events?: number | undefined;
  /** Or when its first event has waited so long: 20 ms by default. */
  waitMs?: number | undefined;
  /** Batches that are on their way at once: 2 by default. */
  inHand?: number | undefined;
};

export type Batch = ReturnType<typeof createBatch>;

type Waiting = { line: Line; settle(result: EventResult): void; fail(error: unknown): void };

/**
 * Collects events that are sent one by one into batches; each gets its own answer, as if it had been sent alone. `signal` ends what is
 * on its way and what comes later.
 */
export function createBatch(
  sendLines: SendLines,
  { events = MOST_EVENTS, waitMs = 20, inHand = 2, signal }: BatchOptions & CallOptions,
) {
  const most = Math.min(Math.max(1, events), MOST_EVENTS);
  let collecting: Waiting[] = [];
  let bytes = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const full: Waiting[][] = [];
  const underWay = new Set<Promise<void>>();

  /** Resolves once the event is durable. Rejects with RefusedError, UnavailableError, or the signal's reason. */
  async function send(event: PlatformEvent): Promise<EventAnswer> {
    const line = lineOf(event);
    const result = await new Promise<EventResult>((settle, fail) => add({ line, settle, fail }));
    if ('error' in result) throw result.error;
    return result;
  }

  function add(one: Waiting): void {
    if (!fits(one.line, collecting.length, bytes)) close();
    collecting.push(one);
    bytes += one.line.bytes.length;
    if (collecting.length >= most) close();
    else timer ??= setTimeout(close, waitMs);
  }

  /** What has been collected goes, as soon as there is room. */
  function close(): void {
    clearTimeout(timer);
    timer = undefined;
    if (collecting.length > 0) full.push(collecting);
    collecting = [];
    bytes = 0;
    begin();
  }

  function begin(): void {
    if (underWay.size >= inHand) return;
    const next = full.shift();
    if (next === undefined) return;
    const sending = deliver(next).finally(() => {
      underWay.delete(sending);
      begin();
    });
    underWay.add(sending);
    begin();
  }

  async function deliver(batch: Waiting[]): Promise<void> {
    try {
      const results = await sendLines(
        batch.map(({ line }) => line),
        { signal },
      );
      for (const one of batch) {
        const result = results.get(one.line);
        if (result !== undefined) one.settle(result);
      }
    } catch (error) {
      for (const one of batch) one.fail(error);
    }
  }

  /** Sends at once what has been collected, and resolves when everything has its answer, whatever it is. */
  async function flush(): Promise<void> {
    close();
    while (underWay.size > 0) await Promise.all(underWay);
  }

  return { send, flush };
}
