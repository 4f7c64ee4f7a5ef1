import { messageOf } from '../kernel/errors.ts';

/** The outcome of receiving an event; a conflict is an id that was used with other content. */
export type Receipt = 'accepted' | 'ignored' | 'duplicate' | 'conflict';

/** The inbox cannot promise to store an event now; the sender must send it again. */
export class InboxUnavailable extends Error {
  override name = 'InboxUnavailable';
}

const ANSWER_WITHIN_MS = 2_000;
const LARGEST_BATCH = 1_000;
/** What may wait for the database at once: 64 MiB of bodies, or as many events as answer within two seconds. */
const WAITING_BYTES = 64 * 1024 * 1024;
const WAITING_EVENTS = 20_000;

type Waiting<T> = { event: T; bytes: number; settle: (outcome: Receipt | Error) => void };

/**
 * Gathers events that arrive together into one write: nothing waits while the database is idle, and while a write is
 * under way the next one gathers. Bounded in time and memory.
 */
export function createGroupCommit<T>(deps: {
  store: (batch: T[], timeoutMs: number) => Promise<Receipt[]>;
  answerWithinMs?: number;
}) {
  const answerWithinMs = deps.answerWithinMs ?? ANSWER_WITHIN_MS;
  let deferred: Waiting<T>[] = [];
  let bytes = 0;
  let writing = false;
  let stopped = false;

  /** Answers once the event is durable. Rejects with InboxUnavailable. */
  function add(event: T, size: number): Promise<Receipt> {
    if (stopped) return Promise.reject(new InboxUnavailable('the service is stopping'));
    if (bytes + size > WAITING_BYTES || deferred.length >= WAITING_EVENTS) {
      return Promise.reject(new InboxUnavailable('too many events are waiting for the database'));
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(new InboxUnavailable('the database did not answer')), answerWithinMs);
      const settle = (outcome: Receipt | Error): void => {
        clearTimeout(timer);
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      };
      bytes += size;
      deferred.push({ event, bytes: size, settle });
      // One turn of the loop: requests that the socket delivered together come into the same batch.
      if (!writing) setImmediate(writeWaiting);
    });
  }

  async function writeWaiting(): Promise<void> {
    if (writing || deferred.length === 0) return;
    writing = true;
    const batch = deferred.slice(0, LARGEST_BATCH);
    deferred = deferred.slice(LARGEST_BATCH);
    try {
      const receipts = await deps.store(
        batch.map(({ event }) => event),
        answerWithinMs,
      );
      for (const [index, one] of batch.entries()) one.settle(receipts[index] ?? new Error('no receipt'));
    } catch (error) {
      const refusal = new InboxUnavailable(`the database did not store the event: ${messageOf(error)}`);
      for (const one of batch) one.settle(refusal);
    } finally {
      for (const one of batch) bytes -= one.bytes;
      writing = false;
      if (deferred.length > 0) setImmediate(writeWaiting);
    }
  }

  /** Takes no more; what is waiting is still written. */
  function stop(): void {
    stopped = true;
  }

  return { add, stop };
}
