import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What is told outside of a seal: whoever has it sees whether the chain still has that seal, as it was. */
export type Anchor = { day: string; number: number; hash: string };

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
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
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
