import { messageOf } from '../kernel/errors.ts';
import { createFairQueue } from '../kernel/fairQueue.ts';
import { pause, waitAtMost } from '../kernel/wait.ts';

/** The outcome of receiving an event; a conflict is an id that was used with other content. */
export type Receipt = 'accepted' | 'ignored' | 'duplicate' | 'conflict';

/** The inbox cannot promise to store an event now; the sender must send it again. */
export class InboxUnavailable extends Error {
  override name = 'InboxUnavailable';
}

/** The environment names no key for what says how people are paid, or not the one that this event was stored with. */
export class KeyLacks extends InboxUnavailable {
  override name = 'KeyLacks';
}

/** Too much waits for the database already, and most of it of this source. */
export class InboxFull extends InboxUnavailable {
  override name = 'InboxFull';
}

const ANSWER_WITHIN_MS = 2_000;
/**
 * So many writes may be under way at a time, the older ones overdue; the next one waits until one of them ends. More would be no help:
 * what they wait for is no single connection, but the database.
 */
const MOST_WRITES = 4;
const MIB = 1024 * 1024;
/** What a document has beside its body. */
const OVERHEAD_BYTES = 512;
/** What is longer is written apart, and so is what came in a batch: small events never wait for the disk to take many or large ones. */
const LARGE_BYTES = 16 * 1024;

/** How much goes into one write, and how much may wait for one. */
type Limits = { batchEvents: number; batchBytes: number; waitingEvents: number; waitingBytes: number };

const LIMITS: Record<'small' | 'batched' | 'large', Limits> = {
  // As many as are answered within two seconds.
  small: { batchEvents: 1_000, batchBytes: 4 * MIB, waitingEvents: 20_000, waitingBytes: 24 * MIB },
  batched: { batchEvents: 500, batchBytes: MIB, waitingEvents: 12_000, waitingBytes: 12 * MIB },
  large: { batchEvents: 1_000, batchBytes: MIB / 2, waitingEvents: 1_000, waitingBytes: 16 * MIB },
};

type Deferred<T> = {
  event: T;
  settle: (outcome: Receipt | Error) => void;
  /** It has its answer: its time was over before it was written. */
  isOver: () => boolean;
};

type Writer<T> = {
  limits: Limits;
  waiting: ReturnType<typeof createFairQueue<Deferred<T>>>;
  isWriting: boolean;
  /**
   * All but the newest are overdue and hold up no other. Their events are answered in time, or refused; what such a write stores after
   * that is a duplicate when its sender sends it again.
   */
  underWay: Set<Promise<void>>;
};

/**
 * Gathers events that arrive together into one write: nothing waits while the database is idle, and while a write is
 * under way the next one gathers, unless that one takes so long that its connection may be dead. Bounded in time and
 * memory, and fair among sources: they take turns by weight, and when too much waits it is the one with most of it whose
 * newest is refused.
 */
export function createGroupCommit<T>(deps: {
  /** A refusal where a key lacks to compare one with what is stored. */
  store: (batch: T[]) => Promise<(Receipt | KeyLacks)[]>;
  /** Hears how each write ended. */
  onWritten?: (isStored: boolean) => void;
  answerWithinMs?: number;
  limits?: typeof LIMITS;
}) {
  const { answerWithinMs = ANSWER_WITHIN_MS, limits = LIMITS } = deps;
  const small = createWriter<T>(limits.small);
  const batched = createWriter<T>(limits.batched);
  const large = createWriter<T>(limits.large);
  let smallCameAt = Number.NEGATIVE_INFINITY;
  let stopped = false;

  /** Answers once the event is durable. Rejects with InboxUnavailable. `inBatch`: it came with many others of the same sender. */
  function add(event: T, bytes: number, source = '', inBatch = false): Promise<Receipt> {
    if (stopped) return Promise.reject(new InboxUnavailable('the service is stopping'));
    const writer = bytes > LARGE_BYTES ? large : inBatch ? batched : small;
    if (writer === small) smallCameAt = performance.now();
    const weight = bytes + OVERHEAD_BYTES;
    if (!makeRoom(writer, source, weight)) {
      return Promise.reject(new InboxFull('too many events are waiting for the database'));
    }
    return new Promise((resolve, reject) => {
      let isOver = false;
      const timer = setTimeout(() => settle(new InboxUnavailable('the database did not answer')), answerWithinMs);
      const settle = (outcome: Receipt | Error): void => {
        isOver = true;
        clearTimeout(timer);
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      };
      writer.waiting.push(source, { event, settle, isOver: () => isOver }, weight);
      // One turn of the loop: requests that the socket delivered together come into the same batch.
      if (!writer.isWriting) setImmediate(() => writeWaiting(writer));
    });
  }

  async function writeWaiting(writer: Writer<T>): Promise<void> {
    if (writer.isWriting || writer.waiting.size() === 0) return;
    writer.isWriting = true;
    const startedAt = performance.now();
    const storing = write(takeBatch(writer));
    writer.underWay.add(storing);
    storing.then(() => writer.underWay.delete(storing));
    // Half of the time is left to those who came meanwhile, on another connection.
    await waitAtMost(storing, answerWithinMs / 2);
    if (writer.underWay.size >= MOST_WRITES) await Promise.race(writer.underWay);
    // The disk is shared: beside small events, all others have half of its time at most.
    if (writer !== small && smallCameAt >= startedAt) await pause(performance.now() - startedAt);
    writer.isWriting = false;
    if (writer.waiting.size() > 0) setImmediate(() => writeWaiting(writer));
  }

  async function write(batch: Deferred<T>[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      const receipts = await deps.store(batch.map(({ event }) => event));
      deps.onWritten?.(true);
      for (const [index, one] of batch.entries()) one.settle(receipts[index] ?? new Error('no receipt'));
    } catch (error) {
      deps.onWritten?.(false);
      const message = `the database did not store the event: ${messageOf(error)}`;
      const refusal = new InboxUnavailable(message, { cause: error });
      for (const one of batch) one.settle(refusal);
    }
  }

  /** Takes no more; what is waiting is still written. */
  function stop(): void {
    stopped = true;
  }

  return { add, stop };
}

function createWriter<T>(limits: Limits): Writer<T> {
  return { limits, waiting: createFairQueue(), isWriting: false, underWay: new Set() };
}

/** False when the source has most of what waits itself, so that it is this event that is refused. */
function makeRoom<T>({ limits, waiting }: Writer<T>, source: string, weight: number): boolean {
  while (waiting.size() >= limits.waitingEvents || waiting.weight() + weight > limits.waitingBytes) {
    const dropped = waiting.dropFromHeaviest(waiting.weightOf(source) + weight);
    if (dropped === undefined) return false;
    dropped.settle(new InboxFull('too many events of the same source are waiting for the database'));
  }
  return true;
}

function takeBatch<T>({ limits, waiting }: Writer<T>): Deferred<T>[] {
  const batch: Deferred<T>[] = [];
  let bytes = 0;
  while (batch.length < limits.batchEvents && bytes < limits.batchBytes) {
    const before = waiting.weight();
    const next = waiting.take();
    if (next === undefined) break;
    // Its sender was told to come again.
    if (next.isOver()) continue;
    bytes += before - waiting.weight();
    batch.push(next);
  }
  return batch;
}
