import { type ReadingTask, type ReadOutcome, tryReadResult } from './readResult.ts';

/** What runs in a thread for `reader.ts`. */
export default function read(task: ReadingTask): ReadOutcome {
  return tryReadResult(task);
}
