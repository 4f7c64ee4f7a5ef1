// Writes what the service is shipped with as CycloneDX: `npm run sbom [FILE]`, by default dist/sbom.cdx.json. npm makes the list
// from the lock file, without a network; what it cannot know is the name of the service and what the build copies.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { BUNDLED } from './bundled.mjs';

const file = process.argv[2] ?? 'dist/sbom.cdx.json';
const asked = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--omit=dev', '--package-lock-only'];
const { status, stdout, stderr } = spawnSync('npm', asked, { encoding: 'utf8', shell: process.platform === 'win32' });
if (status !== 0) throw new Error(`npm made no list: ${stderr}`);

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const { name } = JSON.parse(readFileSync('package.json', 'utf8'));
const list = JSON.parse(stdout);
list.metadata.component.name = name;
list.components.push(...BUNDLED.map(componentOf));
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(list, null, 2)}\n`);
process.stdout.write(`${list.components.length} components in ${file}\n`);

function componentOf(bundled) {
  const { version, license } = packages[`node_modules/${bundled}`];
  return {
    'bom-ref': `${bundled}@${version}`,
    type: 'library',
    name: bundled,
    version,
    scope: 'required',
    purl: `pkg:npm/${bundled.replace('@', '%40')}@${version}`,
    licenses: [{ license: { id: license } }],
  };
}
