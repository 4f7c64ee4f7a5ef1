import { type WritingTask, type WrittenPart, writeFile } from './writeFile.ts';

/** What runs in a thread for `writer.ts`. */
export default function write(task: WritingTask): Promise<WrittenPart[]> {
  return writeFile(task);
}
