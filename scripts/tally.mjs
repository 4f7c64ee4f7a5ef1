// Prints the last line of a test run, `12 passed, 0 failed, 3 skipped`, from the reports of vitest in the folder named
// first, given the run's exit code second. Of a test file that ran more than once the last report by name counts. A run
// that failed without a failed test (a check before the tests, a file that does not load, an error outside any test)
// counts as one failure more, so that the line never looks better than the run was.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder = '', exitCode = '1'] = process.argv.slice(2);
const { passed, failed, skipped } = counts(folder);
const failures = failed === 0 && exitCode !== '0' ? 1 : failed;
process.stdout.write(`${passed} passed, ${failures} failed, ${skipped} skipped\n`);

function counts(path) {
  const files = new Map(reportsIn(path).flatMap(({ testResults }) => testResults.map((file) => [file.name, file])));
  if (files.size === 0) process.stdout.write('the tests were not reached\n');
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { status, assertionResults } of files.values()) {
    const failed = assertionResults.filter((test) => test.status === 'failed').length;
    const passed = assertionResults.filter((test) => test.status === 'passed').length;
    sum.passed += passed;
    sum.skipped += assertionResults.length - passed - failed;
    sum.failed += status === 'failed' && failed === 0 ? 1 : failed;
  }
  return sum;
}

/** A run that was cut off leaves half a report, or none; its exit code says so, too. */
function reportsIn(path) {
  const names = readdirSync(path).filter((name) => name.endsWith('.json'));
  return names.sort().flatMap((name) => {
    try {
      return [JSON.parse(readFileSync(join(path, name), 'utf8'))];
    } catch {
      process.stdout.write(`${name} is no whole report\n`);
      return [];
    }
  });
}
