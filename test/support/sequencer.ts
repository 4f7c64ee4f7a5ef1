import { BaseSequencer, type TestSpecification } from 'vitest/node';

const PROJECTS = ['resilience', 'integration', 'unit'];
/** What waits for most of its time, and would be waited for in the end. */
const FIRST = '/demo/';

/** Starts with what takes longest, so that no worker is alone with it in the end; short unit tests fill the gaps. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => rank(one) - rank(other));
  }
}

function rank({ project, moduleId }: TestSpecification): number {
  return moduleId.includes(FIRST) ? -1 : PROJECTS.indexOf(project.name);
}
