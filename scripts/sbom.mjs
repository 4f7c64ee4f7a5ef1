// Writes what the service is shipped with as CycloneDX: `npm run sbom [FILE]`, by default dist/sbom.cdx.json. npm makes the list
// from the lock file, without a network. `npm sbom --omit=dev` leaves out what a tool needs as well, so npm is shown a lock file
// that has no tools; and it cannot know what the build copies. Throws when anything that is shipped is not in the list.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { BUNDLED } from './bundled.mjs';

const file = process.argv[2] ?? 'dist/sbom.cdx.json';
const { devDependencies: _tools, scripts: _scripts, ...manifest } = JSON.parse(readFileSync('package.json', 'utf8'));
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const shipped = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && dev !== true);
const { devDependencies: _same, ...root } = lock.packages[''];

const list = listOf({ ...lock, packages: { '': root, ...Object.fromEntries(shipped) } });
list.metadata.component.name = manifest.name;
list.components.push(...BUNDLED.map(componentOf));
const named = new Set(list.components.map(({ name, version }) => `${name}@${version}`));
const wanted = shipped.map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')}@${version}`);
for (const one of wanted) if (!named.has(one)) throw new Error(`npm left out ${one}`);
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(list, null, 2)}\n`);
process.stdout.write(`${list.components.length} components in ${file}\n`);

function listOf(lockFile) {
  const folder = mkdtempSync(join(tmpdir(), 'settlebot-sbom-'));
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lockFile));
    const asked = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only'];
    const options = { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32', maxBuffer: 64 * 1024 * 1024 };
    const { status, stdout, stderr } = spawnSync('npm', asked, options);
    if (status !== 0) throw new Error(`npm made no list: ${stderr}`);
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function componentOf(bundled) {
  const { version, license } = lock.packages[`node_modules/${bundled}`];
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
