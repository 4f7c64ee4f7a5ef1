// Asks the registry for known weaknesses of what the service is shipped with: `npm run audit`. Ends with 0 when there are
// none that are high, with 1 when there are, and with 2 when the registry gave no answer, because then nothing was checked.
import { spawnSync } from 'node:child_process';

const asked = ['audit', '--omit=dev', '--audit-level=high', '--json'];
const { status, stdout } = spawnSync('npm', asked, { encoding: 'utf8', shell: process.platform === 'win32' });
const answer = parsed(stdout);
if (answer?.metadata?.vulnerabilities === undefined) {
  const why = answer?.message ?? answer?.error?.summary ?? 'no answer';
  process.stderr.write(`Nothing was checked: the registry does not answer what is known of packages (${why})\n`);
  process.exitCode = 2;
} else {
  for (const { name, severity, range } of Object.values(answer.vulnerabilities ?? {})) {
    process.stdout.write(`${name} ${range}: ${severity}\n`);
  }
  const { total } = answer.metadata.vulnerabilities;
  process.stdout.write(
    `${answer.metadata.dependencies?.prod ?? 'all'} packages checked, ${total} with known weaknesses\n`,
  );
  process.exitCode = status === 0 ? 0 : 1;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
