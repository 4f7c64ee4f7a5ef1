import { fork } from 'node:child_process';

import { BENCHMARKS, type Listed } from './benchmarks.ts';
import { type Figure, isMet, peakMebibytes } from './measure.ts';

/** `npm run bench [-- NAME]`: every benchmark in a process of its own, each figure beside its limit of the same run. */

const PEAK_GOAL_MEBIBYTES = 512;
/**
 * As in a container of 512 MiB that is made from the image: there glibc keeps less of what the engine frees, and Node
 * allows its heap half of the memory, where on a large machine it would collect garbage late.
 */
const AS_IN_A_CONTAINER = { env: { MALLOC_ARENA_MAX: '2', ...process.env }, execArgv: ['--max-old-space-size=256'] };
const IN_THIS_PROCESS = '--in-this-process';

type Result = { figures: Figure[]; peakMebibytes: number };

const names = process.argv.slice(2);
const alone = names[0] === IN_THIS_PROCESS;
const wanted = names.filter((name) => name !== IN_THIS_PROCESS);
const unknown = wanted.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `no benchmark ${unknown.join(', ')}; there are: ${BENCHMARKS.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(1);
}
const chosen = BENCHMARKS.filter(
  ({ name, isLong }) => wanted.includes(name) || (wanted.length === 0 && isLong !== true),
);
if (alone) await runHere(chosen);
else process.exitCode = (await runAll(chosen)) ? 0 : 1;

async function runHere(benchmarks: Listed[]): Promise<void> {
  for (const { load } of benchmarks) {
    const { run } = await load();
    const result: Result = { figures: await run(), peakMebibytes: peakMebibytes() };
    process.send?.(result);
  }
  process.disconnect?.();
}

async function runAll(benchmarks: Listed[]): Promise<boolean> {
  let met = true;
  print(['', 'benchmark', 'figure', 'limit', 'ratio', 'goal']);
  for (const benchmark of benchmarks) {
    const { figures, peakMebibytes: peak } = await inProcessOfItsOwn(benchmark);
    for (const figure of [...figures, memoryFigure(benchmark, peak)]) {
      met &&= isMet(figure);
      print(rowOf(figure));
    }
  }
  return met;
}

function inProcessOfItsOwn({ name }: Listed): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = fork(process.argv[1] ?? '', [IN_THIS_PROCESS, name], AS_IN_A_CONTAINER);
    let result: Result | undefined;
    child.on('message', (message) => {
      // Sent by `runHere` above.
      result = message as Result;
    });
    child.on('exit', (code) => {
      if (result === undefined || code !== 0) reject(new Error(`benchmark ${name} ended with ${code}`));
      else resolve(result);
    });
  });
}

function memoryFigure({ name }: Listed, peak: number): Figure {
  return {
    name: `${name}: peak memory of the whole process`,
    figure: `${Math.round(peak)} MiB`,
    limit: `${PEAK_GOAL_MEBIBYTES} MiB`,
    ratio: peak / PEAK_GOAL_MEBIBYTES,
    goal: { atMost: 1 },
  };
}

function rowOf(figure: Figure): string[] {
  const { name, goal } = figure;
  const bound = 'atLeast' in goal ? `>= ${goal.atLeast}` : `<= ${goal.atMost}`;
  return [isMet(figure) ? 'pass' : 'MISS', name, figure.figure, figure.limit, figure.ratio.toFixed(2), bound];
}

function print([verdict = '', name = '', ...rest]: string[]): void {
  process.stdout.write(`${verdict.padEnd(5)} ${name.padEnd(62)} ${rest.map((text) => text.padStart(11)).join(' ')}\n`);
}
