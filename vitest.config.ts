import { defineConfig } from 'vitest/config';

/** A file to write the results to, for a program to read; see `.ci/run`. */
const report = process.env.TEST_REPORT;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The embedded engine allows one open directory per process, so every test file has a process of its own.
    pool: 'forks',
    maxWorkers: 2,
    // Vitest reads TypeScript for itself alone; threads and programs that the product or a test starts do not.
    execArgv: ['--import', new URL('test/support/typescript.mjs', import.meta.url).href],
    // Generous, for machines with more to do than these tests: what fails here fails by what it says, not by being slow.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
