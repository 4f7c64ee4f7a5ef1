import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { hasCode } from '../kernel/errors.ts';

/** What is told outside of a seal: whoever has it sees whether the chain still has that seal, as it was. */
export type Anchor = { day: string; number: number; hash: string };

/** A seal that somebody has kept, by whatever it was told through. */
export type KeptSeal = Pick<Anchor, 'number' | 'hash'>;

export type AnchorFile = ReturnType<typeof createAnchorFile>;

/** A file that seals are appended to, a line each: `2026-11-26 4711 hash`. It can lie where lines can only be added. */
export function createAnchorFile(file: string) {
  async function append({ day, number, hash }: Anchor): Promise<void> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await appendFile(file, `${day} ${number} ${hash}\n`, { mode: 0o600 });
  }

  async function read(): Promise<Anchor[]> {
    try {
      return anchorsOf(await readFile(file, 'utf8'));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    }
  }

  return { append, read };
}

/** The anchors of a text, one at the end of each line: before it may stand what a crash cut off. */
function anchorsOf(text: string): Anchor[] {
  return text.split('\n').flatMap((line) => {
    const [, day, number, hash] = /(\d{4}-\d{2}-\d{2}) (\d+) ([\w-]{43})$/.exec(line) ?? [];
    return day === undefined || hash === undefined ? [] : [{ day, number: Number(number), hash }];
  });
}

/** An anchor as managers, the log and the API have it: its number and hash, or the hash alone. Null where it is none. */
export function parseAnchor(text: string): { number?: number; hash: string } | null {
  const [, number, hash] = /^(?:(\d{1,15}):)?([\w-]{43})$/.exec(text) ?? [];
  if (hash === undefined) return null;
  return { hash, ...(number === undefined ? {} : { number: Number(number) }) };
}
