import { BODY_LIMIT } from '../../src/events/envelope.ts';

/** A line of a batch that is not empty, without its end; `bytes` is null where it is longer than an event may be. */
export type BatchLine = { number: number; bytes: Buffer | null };

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The lines of a batch by their numbers, from 1 on: ends are LF or CRLF, the last may be missing. Empty ones count in the numbers, and
 * are nothing else. Null where there are more than `most`.
 */
export function linesOf(body: Buffer, most: number): BatchLine[] | null {
  const lines: BatchLine[] = [];
  let number = 0;
  for (let from = 0; from < body.length; ) {
    const newline = body.indexOf(NEWLINE, from);
    const end = newline === -1 ? body.length : newline;
    const line = body.subarray(from, end > from && body[end - 1] === CARRIAGE_RETURN ? end - 1 : end);
    number += 1;
    from = end + 1;
    if (isBlank(line)) continue;
    if (lines.length === most) return null;
    lines.push({ number, bytes: line.length > BODY_LIMIT ? null : line });
  }
  return lines;
}

/** Spaces and tabs alone, or nothing. */
function isBlank(line: Buffer): boolean {
  for (const byte of line) if (byte !== 0x20 && byte !== 0x09 && byte !== CARRIAGE_RETURN) return false;
  return true;
}
