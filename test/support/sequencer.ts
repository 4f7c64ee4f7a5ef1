import { BaseSequencer, type TestSpecification } from 'vitest/node';

import type { Suites } from './suites.ts';

/** What waits for most of its time, and would be waited for in the end. */
const FIRST = '/demo/';

/** Starts with what takes longest, so that no worker is alone with it in the end; short unit tests fill the gaps. */
export function longestFirst({ resilience, integration, unit }: Suites): typeof BaseSequencer {
  const rankOf = new Map([resilience, integration, unit].flatMap((files, rank) => files.map((file) => [file, rank])));

  function rank({ moduleId }: TestSpecification): number {
    return moduleId.includes(FIRST) ? -1 : (rankOf.get(moduleId) ?? 0);
  }

  return class LongestFirst extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      const sorted = await super.sort(files);
      return sorted.sort((one, other) => rank(one) - rank(other));
    }
  };
}
