import { type Thread, threadModule } from '../kernel/thread.ts';
import { type WritingTask, type WrittenPart, writeFile } from './writeFile.ts';

/** Of fewer lines it is done before a thread would have started: some tens of milliseconds. */
const FEW = 500;

const THREAD = threadModule('writingThread', import.meta.url);

export type Writer = ReturnType<typeof createWriter>;

/** Writes files: those of many lines in a thread, so that they hold up nothing else. */
export function createWriter(thread: Pick<Thread, 'run'>) {
  return async function write(task: WritingTask): Promise<WrittenPart[]> {
    return task.lines.length <= FEW ? writeFile(task) : thread.run<WritingTask, WrittenPart[]>(THREAD, task);
  };
}
