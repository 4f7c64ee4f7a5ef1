import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { createTurns } from '../../kernel/wait.ts';
import type { MapResult, MapTask } from './mapProgram.ts';
import { type Rule, stepsOf } from './rule.ts';

/**
 * Maps bodies in a process of its own, one after the other: whatever a map does, the service goes on. A thread would not do: one
 * that asks for much memory at once takes its whole process with it. A map that takes longer than `longestMs`, or more memory than
 * it may, ends with the process, and the next body gets another. It starts with the first body, and ends when none came in a while.
 */
export function createMapper({ longestMs = LONGEST_MS, heapMebibytes = HEAP_MEBIBYTES } = {}) {
  const inTurn = createTurns();
  let child: Promise<ChildProcess> | undefined;
  let idle: NodeJS.Timeout | undefined;

  function map(rules: Rule[], body: string): Promise<MapResult> {
    return inTurn(async () => {
      clearTimeout(idle);
      child ??= start();
      try {
        return await run(await child, { map: rules, body });
      } finally {
        idle = setTimeout(end, IDLE_MS).unref();
      }
    });
  }

  /** Resolves when it is ready: starting is no part of the time of the first body. */
  function start(): Promise<ChildProcess> {
    const execArgv = [...process.execArgv, `--max-old-space-size=${heapMebibytes}`];
    // Nothing of the environment: it has secrets, and a map needs none.
    const started = fork(PROGRAM, {
      execArgv,
      env: {},
      stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
      serialization: 'json',
    });
    const forget = (): void => {
      child = undefined;
    };
    started.once('exit', forget).once('error', forget);
    return new Promise((resolve, reject) => {
      started.once('message', () => resolve(started));
      started.once('error', reject);
      started.once('exit', (code, signal) =>
        reject(new Error(`the process for maps did not start: ${code ?? signal}`)),
      );
    });
  }

  function run(of: ChildProcess, task: MapTask): Promise<MapResult> {
    const steps = stepsOf(task.map);
    let [at, isLate] = [0, false];
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        isLate = true;
        of.kill('SIGKILL');
      }, longestMs);
      const note = (text: Buffer): void => {
        at = Number(text.toString().trim().split('\n').at(-1));
      };
      const finish = (answer: () => void): void => {
        clearTimeout(timer);
        of.off('message', onResult).off('exit', onExit);
        of.stdout?.off('data', note);
        answer();
      };
      const onResult = (result: MapResult): void => finish(() => resolve(result));
      const onExit = (code: number | null, signal: NodeJS.Signals | null): void =>
        finish(() => {
          const step = steps[at];
          const isOutOfMemory = signal === 'SIGABRT' || code === ABORTED;
          if (step === undefined || !(isLate || isOutOfMemory)) {
            reject(new Error(`the process for maps ended: ${code ?? signal}`));
          } else {
            const message = `it took ${isLate ? `longer than ${longestMs / 1_000} s` : `more than ${heapMebibytes} MiB`}`;
            resolve({ kind: 'fault', step, message });
          }
        });
      of.stdout?.on('data', note);
      of.on('message', onResult).on('exit', onExit);
      of.send(task);
    });
  }

  async function end(): Promise<void> {
    clearTimeout(idle);
    const running = await child?.catch(() => undefined);
    running?.kill('SIGKILL');
  }

  return { map, close: end };
}

/** Of all expressions of a map for one body. */
const LONGEST_MS = 3_000;
const HEAP_MEBIBYTES = 64;
const IDLE_MS = 30_000;
/** How a shell says SIGABRT, by which V8 ends a process that has no memory left. */
const ABORTED = 134;

/** Built as JavaScript, in tests as it is written. */
const PROGRAM = fileURLToPath(
  new URL(`./mapProgram${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);
