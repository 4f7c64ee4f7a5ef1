import { createReadStream } from 'node:fs';

/** One line of a file, without its end. `bytes` is null when the line is longer than allowed; `end` is its last byte. */
export type Line = { number: number; bytes: Buffer | null; end: number };

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The lines of a file, in memory that does not grow with it: of a line longer than `limit` bytes the rest is discarded.
 * Ends are LF or CRLF, the last one may be missing; a byte order mark at the beginning is dropped.
 */
export async function* linesOf(file: string, limit: number): AsyncGenerator<Line> {
  let kept: Buffer[] = [];
  let size = 0;
  let number = 1;
  let offset = 0;

  function keep(piece: Buffer): void {
    size += piece.length;
    if (size <= limit) kept.push(piece);
    else kept = [];
  }

  function line(): Line {
    const whole = size > limit ? null : trimmed(Buffer.concat(kept), number === 1);
    const done = { number, bytes: whole, end: offset };
    kept = [];
    size = 0;
    number += 1;
    return done;
  }

  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      keep(chunk.subarray(from, end));
      offset += end + 1 - from;
      from = end + 1;
      yield line();
    }
    keep(chunk.subarray(from));
    offset += chunk.length - from;
  }
  if (size > 0) yield line();
}

function trimmed(bytes: Buffer, isFirst: boolean): Buffer {
  const start = isFirst && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  return bytes.subarray(start, bytes.at(-1) === CARRIAGE_RETURN ? -1 : undefined);
}
