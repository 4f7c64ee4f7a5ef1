// Prints the last line of a test run, `12 passed, 0 failed`, from the report of vitest in the file named first, given
// the run's exit code second. A run that failed without a failed test (a check before the tests, a file that does not
// load, an error outside any test) counts as one failure more, so that the line never looks better than the run was.
import { readFileSync } from 'node:fs';

const [file = '', exitCode = '1'] = process.argv.slice(2);
const { passed, failed } = counts(file);
process.stdout.write(`${passed} passed, ${failed === 0 && exitCode !== '0' ? 1 : failed} failed\n`);

function counts(path) {
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    process.stdout.write('the tests were not reached\n');
    return { passed: 0, failed: 0 };
  }
  const unloaded = report.testResults.filter(({ status, assertionResults }) => {
    return status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
  });
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length };
}
