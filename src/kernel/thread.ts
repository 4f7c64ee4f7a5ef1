import { fileURLToPath } from 'node:url';
import type { Piscina } from 'piscina';

/** A module that runs in a thread: its default export takes a task and answers, both plain data. */
export type ThreadModule = { readonly file: string };

export type Thread = ReturnType<typeof createThread>;

/**
 * A thread for large pieces of work that would hold up everything else, whoever has them: one at a time, in the order of asking.
 * It starts with the first and ends when none was asked for in a while.
 */
export function createThread() {
  let pool: Promise<Piscina> | undefined;

  /** Does a task in the thread, by the module that knows it. Rejects as that does, with a plain error. */
  async function run<Task, Answer>({ file: filename }: ThreadModule, task: Task): Promise<Answer> {
    pool ??= createPool();
    return (await pool).run(task, { filename, signal: AbortSignal.timeout(LONGEST_MS) });
  }

  async function createPool(): Promise<Piscina> {
    const { Piscina } = await import('piscina');
    return new Piscina({
      ...{ minThreads: 0, maxThreads: 1, idleTimeout: IDLE_MS, niceIncrement: NICE },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEBIBYTES },
    });
  }

  /** Ends the thread; what it was at can be asked for again. */
  async function close(): Promise<void> {
    await (await pool)?.destroy();
  }

  return { run, close };
}

/** A module beside the one with this address, by its name: built as JavaScript, in tests as it is written. */
export function threadModule(name: string, beside: string): ThreadModule {
  return { file: fileURLToPath(new URL(`./${name}${beside.endsWith('.ts') ? '.ts' : '.js'}`, beside)) };
}

const IDLE_MS = 30_000;
/** Where processors are short, everything else comes first. */
const NICE = 10;
/** What a hundred thousand lines of XML take. */
const HEAP_MEBIBYTES = 512;
const LONGEST_MS = 300_000;
