import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

import { projectsOf } from './test/support/projects.ts';

/** A file to write the results to, for a program to read; see `.ci/run`. */
const report = process.env.TEST_REPORT;

const { unit, integration, resilience } = projectsOf(fileURLToPath(new URL('test', import.meta.url)));
const engine = './test/support/engine.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    // What takes a while is importing, so a worker keeps what it has imported.
    isolate: false,
    // Generous, for machines with more to do than these tests: what fails here fails by what it says, not by being slow.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    projects: [
      { extends: true, test: { name: 'resilience', include: resilience, globalSetup: engine } },
      { extends: true, test: { name: 'integration', include: integration, globalSetup: engine } },
      { extends: true, test: { name: 'unit', include: unit } },
    ],
  },
});
