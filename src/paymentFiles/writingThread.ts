import { type WritingTask, type WrittenPart, writeFile } from './writeFile.ts';

/** What runs in a thread of `writer.ts`. */
export default function write(task: WritingTask): Promise<WrittenPart[]> {
  return writeFile(task);
}
