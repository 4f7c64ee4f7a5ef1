import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { hasDatabase } from '../embedded/dataDirectory.ts';
import { openEmbedded } from '../embedded/engine.ts';
import { BackupUnusable, DatabaseNewer } from '../errors.ts';
import { checkArchive, type End, type Header, piecesOf } from './archive.ts';
import { reasonOf } from './backUp.ts';
import { isOfEngine } from './files.ts';
import { isThere, makeFolder, syncFolder } from './folders.ts';
import { dropUnpacking, findUnfinishedRestore, finishRestore, UNPACKED, UNPACKING } from './unfinished.ts';

export type RestoreOptions = {
  file: string;
  dataDir: string;
  /** Files that go with the database, and no others. */
  others: readonly string[];
  /** The migrations that this version knows. */
  migrations: readonly string[];
  /** So many bytes of the file are done: `check` first, then `unpack`. */
  reach: (step: 'check' | 'unpack', bytes: number) => void;
  say: (line: string) => void;
};

export type Restored = { takenAt: Date; documents: Record<string, number> };

/**
 * Makes the database of a backup in a data directory that has none. The file is read to its end and compared with its hash
 * before anything is made; then it is unpacked beside, opened by the engine, closed, and moved to its place. Cut off
 * anywhere, it leaves no database or the whole one: the same command again goes on. Throws BackupUnusable, or DatabaseNewer
 * when a newer version made it.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const dataDir = resolve(options.dataDir);
  await clearEarlier(dataDir, options.say);
  if (await hasDatabase(dataDir))
    throw new BackupUnusable(
      `${dataDir} has a database, which is never written over: stop the service and move that away, or set DATA_DIR to another directory`,
    );
  const header = await checkArchive(options.file, (bytes) => options.reach('check', bytes));
  refuseNewer(header, options.migrations);
  try {
    const unpacking = join(dataDir, UNPACKING);
    await makeFolder(unpacking);
    const end = await unpack(options, unpacking);
    await refuseToReplace(dataDir, end);
    // The engine brings the files into the form that a stop leaves, and shows that it can.
    await (await openEmbedded(unpacking)).close();
    await rename(unpacking, join(dataDir, UNPACKED));
    await syncFolder(dataDir);
    await finishRestore(dataDir);
    return { takenAt: new Date(end.takenAt), documents: end.documents };
  } catch (error) {
    await dropUnpacking(dataDir);
    if (error instanceof BackupUnusable) throw error;
    throw new BackupUnusable(`nothing was restored into ${dataDir}: ${reasonOf(error)}`, { cause: error });
  }
}

/** What an earlier restore left: half of a database is removed, a whole one is put in its place. */
async function clearEarlier(dataDir: string, say: (line: string) => void): Promise<void> {
  const left = await findUnfinishedRestore(dataDir);
  if (left === 'unpacking') {
    await dropUnpacking(dataDir);
    say('what an earlier restore left half done was removed');
  }
  if (left === 'unpacked') {
    await finishRestore(dataDir);
    say('an earlier restore was cut off at its last step: it is complete now');
  }
}

function refuseNewer({ migrations }: Header, known: readonly string[]): void {
  const newer = migrations.filter((name) => !known.includes(name));
  if (newer.length > 0) throw new DatabaseNewer(newer);
}

async function unpack({ file, others, reach }: RestoreOptions, folder: string): Promise<End> {
  const pieces = piecesOf(file);
  const made = new Set<string>();
  let current: { name: string; handle: FileHandle } | undefined;

  /** Pieces of a file come together, so one is open at a time. */
  async function handleOf(name: string): Promise<FileHandle> {
    if (current?.name === name) return current.handle;
    await current?.handle.close();
    if (!isOfEngine(name) && !others.includes(name))
      throw new BackupUnusable(`the backup has a file that is none of ours: ${name}`);
    await makeFolder(dirname(join(folder, name)));
    current = { name, handle: await open(join(folder, name), constants.O_WRONLY | constants.O_CREAT, 0o600) };
    made.add(name);
    return current.handle;
  }

  try {
    let done = 0;
    for (;;) {
      const next = await pieces.next();
      if (next.done) return await finishFiles(folder, made, next.value);
      const { file: name, at, bytes } = next.value;
      await writeAt(await handleOf(name), bytes, at);
      done += bytes.length;
      reach('unpack', done);
    }
  } finally {
    await current?.handle.close();
  }
}

/** A file may have been longer, or there at all, when it was looked at first; blocks of zeros were left out. */
async function finishFiles(folder: string, made: ReadonlySet<string>, end: End): Promise<End> {
  for (const name of made) if (!(name in end.files)) await rm(join(folder, name));
  for (const [name, bytes] of Object.entries(end.files)) {
    const handle = await open(join(folder, name), constants.O_WRONLY | constants.O_CREAT, 0o600);
    try {
      await handle.truncate(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
  return end;
}

async function writeAt(handle: FileHandle, bytes: Buffer, at: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, at + written);
    written += bytesWritten;
  }
}

/** Somebody's secrets, for one. */
async function refuseToReplace(dataDir: string, end: End): Promise<void> {
  for (const name of Object.keys(end.files)) {
    if (!(await isThere(join(dataDir, name)))) continue;
    throw new BackupUnusable(`${join(dataDir, name)} is there already, and the backup has one, too: move yours away`);
  }
}
