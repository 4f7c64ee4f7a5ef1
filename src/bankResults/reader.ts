import { type Thread, threadModule } from '../kernel/thread.ts';
import { type ReadingTask, type ReadOutcome, tryReadResult } from './readResult.ts';
import { type ResultFile, UnreadableResult } from './result.ts';

/** A smaller file is read before a thread would have started: some tens of milliseconds. */
const SMALL_BYTES = 200_000;

const THREAD = threadModule('readingThread', import.meta.url);

export type Reader = ReturnType<typeof createReader>;

/** Reads what banks send: large files in a thread, so that they hold up nothing else. */
export function createReader(thread: Pick<Thread, 'run'>) {
  /** Throws UnreadableResult with everything that is wrong. */
  return async function read(bytes: Uint8Array, currency: string): Promise<ResultFile> {
    const task = { bytes, currency };
    const outcome =
      bytes.length <= SMALL_BYTES ? tryReadResult(task) : await thread.run<ReadingTask, ReadOutcome>(THREAD, task);
    if ('faults' in outcome) throw new UnreadableResult(outcome.faults);
    return outcome.file;
  };
}
