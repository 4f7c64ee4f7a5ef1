import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { constants, createDeflate, createInflate } from 'node:zlib';
import { z } from 'zod';

import { hasCode } from '../../kernel/errors.ts';
import { BackupUnusable } from '../errors.ts';

/**
 * The file of a backup:
 *
 *   one line of JSON, the header, in clear
 *   a zlib stream of pieces: {"file","at","bytes"} in a line, and so many bytes of that file from `at` on. A later piece holds
 *     against an earlier one. At last {"end": …}: which files there are, and how long each is
 *   32 bytes: the SHA-256 of everything before
 */
export type Header = z.infer<typeof headerSchema>;
export type End = z.infer<typeof endSchema>;
export type Piece = { file: string; at: number; bytes: Buffer };

/** A reader of an older format reads this one, or refuses it by its number. */
export const FORMAT = 1;
const HASH_BYTES = 32;
const HEADER_LIMIT = 64 * 1024;
const LINE_LIMIT = 16 * 1024 * 1024;
/** Larger than any piece that is written. */
const PIECE_LIMIT = 16 * 1024 * 1024;

const headerSchema = z.object({
  settlebotBackup: z.int().positive(),
  /** Of the service that made it. */
  version: z.string(),
  begunAt: z.iso.datetime(),
  /** The names of the migrations that the database has gone through. */
  migrations: z.array(z.string()),
});

const pieceSchema = z.object({
  file: z.string(),
  at: z.int().nonnegative(),
  bytes: z.int().positive().max(PIECE_LIMIT),
});

const endSchema = z.object({
  /** Everything that was acknowledged before is in the backup, and perhaps some seconds more. */
  takenAt: z.iso.datetime(),
  files: z.record(z.string(), z.int().nonnegative()),
  /** How many documents each collection has, as the engine counts them. */
  documents: z.record(z.string(), z.int().nonnegative()),
});

export type ArchiveWriter = {
  piece(piece: Piece): Promise<void>;
  /** Everything is on disk then. */
  end(end: End): Promise<void>;
  abandon(): Promise<void>;
};

/** Begins a backup in a new file for its owner alone. Throws when there is one of that name. */
export async function createArchive(file: string, header: Header): Promise<ArchiveWriter> {
  const handle = await open(file, 'wx', 0o600);
  const hash = createHash('sha256');

  async function save(bytes: Buffer): Promise<void> {
    hash.update(bytes);
    await handle.writeFile(bytes);
  }

  const deflate = createDeflate({ level: constants.Z_BEST_SPEED });
  const saved = pipeline(deflate, async (packed: AsyncIterable<Buffer>) => {
    for await (const bytes of packed) await save(bytes);
  });
  let failure: unknown;
  let failWrite = (_error: unknown): void => {};
  // A write that waits for room is not told that the stream has ended with an error; the end awaits `saved` itself.
  saved.catch((error: unknown) => {
    failure = error;
    failWrite(error);
  });
  await save(Buffer.from(`${JSON.stringify(header)}\n`));

  function put(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      if (failure !== undefined) return reject(failure);
      failWrite = reject;
      deflate.write(bytes, (error) => (error ? reject(failure ?? error) : resolve()));
    });
  }

  async function piece({ file: name, at, bytes }: Piece): Promise<void> {
    await put(Buffer.from(`${JSON.stringify({ file: name, at, bytes: bytes.length })}\n`));
    await put(bytes);
  }

  async function end(end: End): Promise<void> {
    await put(Buffer.from(`${JSON.stringify({ end })}\n`));
    deflate.end();
    await saved;
    await handle.writeFile(hash.digest());
    await handle.sync();
    await handle.close();
  }

  async function abandon(): Promise<void> {
    deflate.destroy();
    await saved.catch(() => undefined);
    await handle.close();
  }

  return { piece, end, abandon };
}

/**
 * Reads the header and compares the hash, so that whoever goes on reads what was written. `reach` is told how many bytes are
 * done. Throws BackupUnusable when it is no backup, or not whole, or of a later format.
 */
export async function checkArchive(file: string, reach: (bytes: number) => void): Promise<Header> {
  const handle = await openToRead(file);
  try {
    const { size } = await handle.stat();
    const header = await readHeader(handle, file);
    const hash = createHash('sha256');
    let done = 0;
    for await (const chunk of handle.createReadStream({ start: 0, end: size - HASH_BYTES - 1, autoClose: false })) {
      hash.update(chunk);
      done += chunk.length;
      reach(done);
    }
    const told = Buffer.alloc(HASH_BYTES);
    await handle.read(told, 0, HASH_BYTES, size - HASH_BYTES);
    if (!hash.digest().equals(told))
      throw new BackupUnusable(`${file} is not as it was written: it was cut off or changed. Nothing was restored`);
    return header;
  } finally {
    await handle.close();
  }
}

/** The pieces of a backup that was checked, in their order; the generator returns its end. */
export async function* piecesOf(file: string): AsyncGenerator<Piece, End> {
  const { size, start } = await placeOfPieces(file);
  const packed = createReadStream(file, { start, end: size - HASH_BYTES - 1 });
  const plain = packed.pipe(createInflate());
  packed.on('error', (error) => plain.destroy(error));
  const { line, take } = readerOf(plain);
  try {
    for (;;) {
      const head: unknown = JSON.parse(await line());
      if (typeof head === 'object' && head !== null && 'end' in head) return endSchema.parse(head.end);
      const { file: name, at, bytes } = pieceSchema.parse(head);
      yield { file: name, at, bytes: await take(bytes) };
    }
  } finally {
    packed.destroy();
    plain.destroy();
  }
}

async function openToRead(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) throw new BackupUnusable(`there is no file ${file}`);
    throw error;
  }
}

async function placeOfPieces(file: string): Promise<{ size: number; start: number }> {
  const handle = await openToRead(file);
  try {
    return { size: (await handle.stat()).size, start: Buffer.byteLength(await headerLine(handle, file)) + 1 };
  } finally {
    await handle.close();
  }
}

async function readHeader(handle: FileHandle, file: string): Promise<Header> {
  const line = await headerLine(handle, file);
  const known = z.object({ settlebotBackup: z.int() }).safeParse(JSON.parse(line));
  if (known.success && known.data.settlebotBackup > FORMAT)
    throw new BackupUnusable(`${file} was made by a newer version of settlebot, which can restore it`);
  const header = headerSchema.safeParse(JSON.parse(line));
  if (!header.success) throw notOurs(file);
  return header.data;
}

async function headerLine(handle: FileHandle, file: string): Promise<string> {
  if (!(await handle.stat()).isFile()) throw notOurs(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_LIMIT), 0, HEADER_LIMIT, 0);
  const end = buffer.subarray(0, bytesRead).indexOf('\n');
  const line = buffer.toString('utf8', 0, Math.max(0, end));
  if (!line.startsWith('{"settlebotBackup":')) throw notOurs(file);
  return line;
}

function notOurs(file: string): BackupUnusable {
  return new BackupUnusable(`${file} is no backup of settlebot`);
}

/** Lines and so many bytes, in turn, from a stream. */
function readerOf(stream: AsyncIterable<Buffer>) {
  const chunks = stream[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  async function more(): Promise<void> {
    const { value, done } = await chunks.next();
    if (done) throw new BackupUnusable('the backup ends before its end');
    rest = Buffer.concat([rest, value]);
  }

  async function take(bytes: number): Promise<Buffer> {
    while (rest.length < bytes) await more();
    const taken = rest.subarray(0, bytes);
    rest = rest.subarray(bytes);
    return taken;
  }

  async function line(): Promise<string> {
    let end = rest.indexOf('\n');
    while (end < 0) {
      if (rest.length > LINE_LIMIT) throw new BackupUnusable('the backup has a line that is too long');
      await more();
      end = rest.indexOf('\n');
    }
    return (await take(end + 1)).toString('utf8', 0, end);
  }

  return { line, take };
}
