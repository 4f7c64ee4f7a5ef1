import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export type TestProcess = {
  child: ChildProcess;
  /** The next line of its output; undefined when it has ended. */
  nextLine(): Promise<string | undefined>;
  /** Its exit code, or null when it was killed. */
  ended: Promise<number | null>;
};

/** Runs `program.ts` in a process of its own. */
export function startProgram(...args: string[]): TestProcess {
  const loader = new URL('../../support/typescript.mjs', import.meta.url).href;
  const program = fileURLToPath(new URL('program.ts', import.meta.url));
  const env = { ...process.env, MONGODB_URI: '' };
  const child = spawn(process.execPath, ['--import', loader, program, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    nextLine: async () => {
      const { value, done } = await lines.next();
      return done ? undefined : value;
    },
    ended: new Promise((resolve) => child.once('exit', resolve)),
  };
}
