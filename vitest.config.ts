import { randomInt } from 'node:crypto';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

import { scratchFolder } from './test/support/scratch.ts';
import { longestFirst } from './test/support/sequencer.ts';
import { type Suites, suitesOf } from './test/support/suites.ts';

/** A file to write the results to, for a program to read; see `.ci/run`. */
const report = process.env.TEST_REPORT;

/** What chance decides in the tests: the same in every run, so that a change is judged and not luck, unless asked for. */
const { TEST_SEED = '7' } = process.env;
const seed = TEST_SEED === 'random' ? String(randomInt(2 ** 31)) : TEST_SEED;
process.env.TEST_SEED = seed;
process.env.TMPDIR = scratchFolder();

const showSeed = {
  onTestRunEnd: () => {
    process.stdout.write(`\nSeed ${seed}: what chance decided is the same again with TEST_SEED=${seed}\n`);
  },
};

const root = fileURLToPath(new URL('.', import.meta.url));
const suites = suitesOf(join(root, 'test'));
/** One suite alone, where it is asked for. */
const suite = process.env.TEST_SUITE as keyof Suites | undefined;

export default defineConfig({
  // The examples import the client as a platform does, by the name of the package, which leads into the build.
  resolve: { alias: { 'settlebot/client': fileURLToPath(new URL('client/index.ts', import.meta.url)) } },
  test: {
    pool: 'forks',
    // One more than a small machine has processors: much of what the tests do is waiting. With four the same took as long, and
    // 628 CPU s instead of 576.
    maxWorkers: 3,
    // What takes a while is importing, so a worker keeps what it has imported.
    isolate: false,
    // Vitest reads TypeScript for itself alone; threads that the product starts need this to read it.
    execArgv: ['--import', new URL('test/support/typescript.mjs', import.meta.url).href],
    sequence: { sequencer: longestFirst(suites) },
    // Generous, for machines with more to do than these tests: what fails here fails by what it says, not by being slow.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: ['default', showSeed, ...(report === undefined ? [] : [['json', { outputFile: report }] as const])],
    // All in one project: each has workers of its own, and most of what starting one takes is importing and compiling.
    include: (suite === undefined ? Object.values(suites).flat() : suites[suite]).map((file) => relative(root, file)),
    globalSetup: suite === 'unit' ? [] : './test/support/engine.ts',
  },
});
