import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Connection, mongo } from 'mongoose';

import { BrokenInvariant, hasCode, messageOf } from '../../kernel/errors.ts';
import { isAlive } from '../../kernel/processes.ts';
import { BackupFailed } from '../errors.ts';
import { type ArchiveWriter, createArchive, FORMAT, type Header } from './archive.ts';
import { bytesOf, createFileCopy } from './copyFiles.ts';
import { CHECKPOINT_FILE, filesIn, isJournal } from './files.ts';
import { isThere, syncFolder } from './folders.ts';

/** So many looks at all files are tried at most. One at which nothing much has changed takes a second for each GB. */
const LOOKS = 10;

export type BackUpOptions = {
  /** An open connection to the embedded engine over `dataDir`, whoever has that open. */
  connection: Connection;
  dataDir: string;
  file: string;
  /** Files of `dataDir` that go with the database. */
  others: readonly string[];
  /** Of the service, for the header. */
  version: string;
  migrations: readonly string[];
  /** Whether a file of that name is replaced. */
  force: boolean;
  now: () => Date;
  /** So many bytes of so many are done, of the copy that is under way. */
  reach: (bytes: number, of: number) => void;
};

export type BackedUp = { bytes: number; takenAt: Date; documents: Record<string, number> };

/**
 * Writes everything that the database is at one instant into a file, while others write to it; nobody waits.
 *
 * The storage engine never writes over what its last checkpoint consists of, until the next one is complete: a crash in between
 * must find it. So files that are read between two checkpoints have the first of them whole, whatever else they have, and the
 * journal, read last, has what was acknowledged since. That is what a crash at this instant would leave, and every start
 * begins from that. Reading everything takes longer than the minute between checkpoints, so the files are read again and
 * again, each time only what has changed is written, until one look began and ended at the same checkpoint.
 *
 * The engine could also be locked (`fsync` with `lock`), but eight writers that wait then take all of its threads, and
 * nobody can unlock it any more. The file gets its name when it is whole. Throws BackupFailed with one line.
 */
export async function backUp(options: BackUpOptions): Promise<BackedUp> {
  const file = resolve(options.file);
  if (!options.force && (await isThere(file))) throw new BackupFailed(`${file} is there already; --force replaces it`);
  // Two backups to one name write two files; which of them gets the name is decided by the last.
  const partial = `${file}.${process.pid}.partial`;
  try {
    await removeCutOff(file);
    const made = await write(partial, options);
    if (!options.force && (await isThere(file))) throw new BackupFailed(`${file} was made meanwhile; it stays`);
    await rename(partial, file);
    await syncFolder(dirname(file));
    return made;
  } catch (error) {
    await rm(partial, { force: true });
    throw error instanceof BackupFailed ? error : new BackupFailed(`${file} cannot be written: ${reasonOf(error)}`);
  }
}

/** What backups to this name left that were killed. */
async function removeCutOff(file: string): Promise<void> {
  const folder = dirname(file);
  for (const name of await readdir(folder)) {
    const [, pid] =
      /^\.(\d+)\.partial$/.exec(name.startsWith(basename(file)) ? name.slice(basename(file).length) : '') ?? [];
    if (pid === undefined || (isAlive(Number(pid)) && Number(pid) !== process.pid)) continue;
    await rm(join(folder, name), { force: true });
  }
}

async function write(partial: string, options: BackUpOptions): Promise<BackedUp> {
  const { version, migrations, now } = options;
  const header: Header = {
    settlebotBackup: FORMAT,
    version,
    begunAt: now().toISOString(),
    migrations: [...migrations],
  };
  const archive = await createArchive(partial, header);
  try {
    const copied = await copyEverything(archive, options);
    return { ...copied, bytes: (await stat(partial)).size };
  } catch (error) {
    await archive.abandon();
    throw error;
  }
}

async function copyEverything(archive: ArchiveWriter, options: BackUpOptions): Promise<Omit<BackedUp, 'bytes'>> {
  const { connection, dataDir, others, now } = options;
  const database = databaseOf(connection);
  const copy = createFileCopy(dataDir, () => now().getTime());

  for (let looks = 1; looks <= LOOKS; looks += 1) {
    // A checkpoint now: what is in memory only would come out of the journal otherwise, and the next one is further off.
    await database.admin().command({ fsync: 1 });
    const checkpoint = await readCheckpoint(dataDir);
    const takenAt = now();
    const names = await filesIn(dataDir, others);
    const total = await bytesOf(dataDir, names);
    const files = await copy.copyChanges(names, archive.piece, (bytes) => options.reach(bytes, total));
    // Of a collection that was made meanwhile the journal speaks, and its file would be missing.
    const since = (await filesIn(dataDir, others)).filter((name) => !isJournal(name));
    const isWhole = [...names, ...since].every((name) => name in files);
    if (!isWhole || (await readCheckpoint(dataDir)) !== checkpoint) continue;
    const documents = await countDocuments(database);
    await archive.end({ takenAt: takenAt.toISOString(), files, documents });
    return { takenAt, documents };
  }
  throw new BackupFailed(`the files changed ${LOOKS} times while they were read; try again when less is going on`);
}

function readCheckpoint(dataDir: string): Promise<string> {
  return readFile(join(dataDir, CHECKPOINT_FILE), 'latin1');
}

/** As the engine counts them beside its work, which takes no time. */
async function countDocuments(database: mongo.Db): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { name, type } of await database.listCollections().toArray()) {
    if (type !== 'collection' || name.startsWith('system.')) continue;
    counts[name] = await database.collection(name).estimatedDocumentCount();
  }
  return counts;
}

function databaseOf({ db }: Connection): mongo.Db {
  if (db === undefined) throw new BrokenInvariant('a backup was asked for before the connection was open');
  return db;
}

/** The disk, this user's share of it, or what one file may take. */
const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** For the person who types the command. */
export function reasonOf(error: unknown): string {
  if (FULL.some((code) => hasCode(error, code))) return 'the disk is full';
  if (hasCode(error, 'ENOENT')) return 'there is no such folder';
  if (hasCode(error, 'EACCES') || hasCode(error, 'EROFS')) return 'this user may not write there';
  return messageOf(error);
}
