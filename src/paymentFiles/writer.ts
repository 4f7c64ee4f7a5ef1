import { fileURLToPath } from 'node:url';
import type { Piscina } from 'piscina';

import { type WritingTask, type WrittenPart, writeFile } from './writeFile.ts';

export type Writer = ReturnType<typeof createWriter>;

/**
 * Writes files: those of many lines in a thread of their own, so that they hold up nothing else. It starts with the first and
 * ends when none was asked for in a while; one is written at a time.
 */
export function createWriter() {
  let pool: Promise<Piscina<WritingTask, WrittenPart[]>> | undefined;

  async function write(task: WritingTask): Promise<WrittenPart[]> {
    // Of few lines it is done before a thread would have started.
    if (task.lines.length <= FEW) return writeFile(task);
    pool ??= createPool();
    return (await pool).run(task, { signal: AbortSignal.timeout(LONGEST_MS) });
  }

  async function createPool(): Promise<Piscina<WritingTask, WrittenPart[]>> {
    const { Piscina } = await import('piscina');
    return new Piscina({
      filename: THREAD,
      ...{ minThreads: 0, maxThreads: 1, idleTimeout: IDLE_MS, niceIncrement: NICE },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEBIBYTES },
    });
  }

  /** Ends the thread; what it was writing can be asked for again. */
  async function close(): Promise<void> {
    await (await pool)?.destroy();
  }

  return { write, close };
}

/** What takes some tens of milliseconds. */
const FEW = 500;
const IDLE_MS = 30_000;
/** Where processors are short, everything else comes first. */
const NICE = 10;
/** What a hundred thousand lines of XML take. */
const HEAP_MEBIBYTES = 512;
const LONGEST_MS = 300_000;

/** Built as JavaScript, in tests as it is written. */
const THREAD = fileURLToPath(
  new URL(`./writingThread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);
