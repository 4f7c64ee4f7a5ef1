import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

import { hasCode, messageOf } from '../../kernel/errors.ts';
import { BadInput } from './badInput.ts';

/** The bytes of a file, and their SHA-256 in hex. Throws BadInput, with why, when there is no such file or it is empty. */
export async function readWhole(file: string): Promise<{ bytes: Buffer; sha256: string }> {
  const bytes = await orBadInput(file, readFile(file));
  if (bytes.length === 0) throw new BadInput([`${file} is empty`]);
  return { bytes, sha256: hash('sha256', bytes, 'hex') };
}

/** The same of a file of any size: how many bytes it has, the last of them, and the SHA-256 in hex. */
export async function measure(file: string): Promise<{ size: number; last: number; sha256: string }> {
  const sum = createHash('sha256');
  await orBadInput(file, pipeline(createReadStream(file), sum));
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size === 0) throw new BadInput([`${file} is empty`]);
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    return { size, last: buffer[0] ?? 0, sha256: sum.digest('hex') };
  } finally {
    await handle.close();
  }
}

async function orBadInput<T>(file: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw new BadInput([`${file} cannot be read: ${reasonOf(error)}`]);
  }
}

function reasonOf(error: unknown): string {
  if (hasCode(error, 'ENOENT')) return 'there is no such file';
  if (hasCode(error, 'EISDIR')) return 'it is a directory';
  if (hasCode(error, 'EACCES')) return 'this user may not read it';
  return messageOf(error);
}
