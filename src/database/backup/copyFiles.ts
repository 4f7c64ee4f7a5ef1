import { createHash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { hasCode } from '../../kernel/errors.ts';
import type { Piece } from './archive.ts';

/** Small against what is written between two looks, large against its hash. */
const BLOCK_BYTES = 128 * 1024;
const HASH_BYTES = 16;
/** A file that was written so shortly before it was looked at may bear the same time after the next write. */
const UNSURE_MS = 1_000;

/** What a file was when it was read: its length, when it was written, and a hash of each of its blocks. */
type Seen = { bytes: number; writtenMs: number; isSure: boolean; hashes: Buffer };

/**
 * Copies the files of a folder again and again, each time only the blocks that are not as they were the last time; nothing
 * else of a file is remembered than 16 bytes for each 128 KiB.
 */
export function createFileCopy(folder: string, now: () => number) {
  let seen = new Map<string, Seen>();
  /** Of these something is in the copy from an earlier look; of all others a block of zeros need not be. */
  const begun = new Set<string>();

  /**
   * Hands what has changed of these files to `take`, and answers how long each of them is. A file that is gone is left out.
   */
  async function copyChanges(
    names: readonly string[],
    take: (piece: Piece) => Promise<void>,
    reach: (bytes: number) => void,
  ): Promise<Record<string, number>> {
    const found = new Map<string, Seen>();
    let done = 0;
    for (const name of names) {
      const file = await copyFile(name, seen.get(name), take, (bytes) => reach(done + bytes));
      if (file === null) continue;
      found.set(name, file);
      done += file.bytes;
    }
    seen = found;
    return Object.fromEntries([...found].map(([name, { bytes }]) => [name, bytes]));
  }

  async function copyFile(
    name: string,
    before: Seen | undefined,
    take: (piece: Piece) => Promise<void>,
    reach: (bytes: number) => void,
  ): Promise<Seen | null> {
    const handle = await openIfThere(join(folder, name));
    if (handle === null) return null;
    try {
      const { size, mtimeMs: writtenMs } = await handle.stat();
      if (before?.isSure && before.bytes === size && before.writtenMs === writtenMs) return before;
      const isSure = now() - writtenMs > UNSURE_MS;
      const hashes: Buffer[] = [];
      let at = 0;
      while (at < size) {
        const bytes = await readBlock(handle, at);
        if (bytes.length === 0) break;
        const hash = hashOf(bytes);
        if (isMissing(name, before, bytes, hash, hashes.length)) await take({ file: name, at, bytes });
        hashes.push(hash);
        at += bytes.length;
        reach(at);
      }
      begun.add(name);
      return { bytes: at, writtenMs, isSure, hashes: Buffer.concat(hashes) };
    } finally {
      await handle.close();
    }
  }

  function isMissing(name: string, before: Seen | undefined, bytes: Buffer, hash: Buffer, block: number): boolean {
    if (!begun.has(name) && isZero(bytes)) return false;
    return before === undefined || !hash.equals(hashAt(before, block));
  }

  return { copyChanges };
}

/** How many bytes these files have together. */
export async function bytesOf(folder: string, names: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const name of names) bytes += await stat(join(folder, name)).then(({ size }) => size, zeroIfGone);
  return bytes;
}

/** A whole block, or what is left of the file: blocks that are compared begin at the same place. */
async function readBlock(handle: FileHandle, at: number): Promise<Buffer> {
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  let filled = 0;
  while (filled < BLOCK_BYTES) {
    const { bytesRead } = await handle.read(block, filled, BLOCK_BYTES - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return block.subarray(0, filled);
}

const ZEROS = Buffer.alloc(BLOCK_BYTES);

/** The engine makes its journal files longer than it fills them. */
function isZero(bytes: Buffer): boolean {
  return bytes.equals(ZEROS.subarray(0, bytes.length));
}

function hashOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest().subarray(0, HASH_BYTES);
}

function hashAt({ hashes }: Seen, block: number): Buffer {
  return hashes.subarray(block * HASH_BYTES, (block + 1) * HASH_BYTES);
}

/** The engine removes files while it works. */
async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function zeroIfGone(error: unknown): number {
  if (hasCode(error, 'ENOENT')) return 0;
  throw error;
}
