import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Connection, mongo } from 'mongoose';

import { BrokenInvariant, hasCode, messageOf } from '../../kernel/errors.ts';
import { isAlive } from '../../kernel/processes.ts';
import { socketPathOf } from '../embedded/engine.ts';
import { holdWrites } from '../embedded/hold.ts';
import { BackupFailed } from '../errors.ts';
import { type ArchiveWriter, createArchive, FORMAT, type Header } from './archive.ts';
import { bytesOf, createFileCopy } from './copyFiles.ts';
import { filesIn, MADE_WHILE_HELD } from './files.ts';
import { isThere, syncFolder } from './folders.ts';

/** So often the files are copied while they change; each time less is left. */
const LOOKS = 4;
/** So little takes no time to copy while writers wait. */
const LITTLE_BYTES = 8 * 1024 * 1024;

export type BackUpOptions = {
  /** An open connection to the embedded engine over `dataDir`, whoever has that open. */
  connection: Connection;
  uri: string;
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

export type BackedUp = { bytes: number; takenAt: Date; documents: Record<string, number>; heldMs: number };

/**
 * Writes everything that the database is at one instant into a file, while others write to it.
 *
 * The files are copied while they change, and again what has changed meanwhile, until little is left. Then the engine is held
 * (`holdWrites`): it writes a checkpoint and lets nobody write, and what has changed since the last look is copied. So the
 * copy is what the disk would have if the power were cut at that instant, with all that was acknowledged; every start
 * can begin from that. The file gets its name when it is whole. Throws BackupFailed with one line.
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
  const { connection, uri, dataDir, others, now } = options;
  const database = databaseOf(connection);
  const copy = createFileCopy(dataDir, () => now().getTime());

  async function look(): Promise<{ lengths: Record<string, number>; changedBytes: number }> {
    const names = await filesIn(dataDir, others);
    const total = await bytesOf(dataDir, names);
    return copy.copyChanges(names, archive.piece, (bytes) => options.reach(bytes, total));
  }

  let changedBytes = Number.POSITIVE_INFINITY;
  for (let looks = 0; looks < LOOKS && changedBytes > LITTLE_BYTES; looks += 1) {
    // What is in memory only would have to be written while writers wait.
    await database.admin().command({ fsync: 1 });
    ({ changedBytes } = await look());
  }
  await archive.hurry();
  const { answer, heldMs } = await holdWrites(socketPathOf(uri), async () => {
    const takenAt = now();
    const { lengths } = await look();
    return { takenAt, lengths, documents: await countDocuments(database) };
  });
  if (answer.lengths[MADE_WHILE_HELD] === undefined)
    throw new BrokenInvariant(`the engine was held and made no ${MADE_WHILE_HELD}`);
  const { takenAt, lengths: files, documents } = answer;
  await archive.end({ takenAt: takenAt.toISOString(), files, documents });
  return { takenAt, documents, heldMs };
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
