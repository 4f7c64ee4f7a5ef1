import { isUtf8 } from 'node:buffer';

import { readCamt054 } from './camt054.ts';
import { readPain002 } from './pain002.ts';
import { type FileFault, type ResultFile, type ResultLine, UnreadableResult } from './result.ts';
import { tableOf } from './table.ts';
import { readTable } from './tables.ts';

/**
 * What a bank, PayPal, Wise or a table says of payments; which of them it is the content tells. `currency` is the platform's, and
 * amounts in another one are refused. Throws UnreadableResult with everything that is wrong: a file is taken whole or not at all.
 */
export function readResult(bytes: Uint8Array, currency: string): ResultFile {
  const text = textOf(bytes);
  if (/^\ufeff?\s*</.test(text)) {
    const file = readPain002(text, currency) ?? readCamt054(text, currency);
    if (file === null) throw new UnreadableResult([{ line: null, message: 'is neither a pain.002 nor a camt.054' }]);
    return whole(file);
  }
  return whole(readTable(tableOf(text), currency));
}

/** A file that is to be read, and what that answers: plain data, as it may be read in a thread. */
export type ReadingTask = { bytes: Uint8Array; currency: string };
export type ReadOutcome = { file: ResultFile } | { faults: FileFault[] };

/** The same, answering what is wrong. */
export function tryReadResult({ bytes, currency }: ReadingTask): ReadOutcome {
  try {
    return { file: readResult(bytes, currency) };
  } catch (error) {
    if (!(error instanceof UnreadableResult)) throw error;
    return { faults: error.faults };
  }
}

/** A payment that is listed twice alike is one; of two lines that differ nobody knows which holds. */
function whole(file: ResultFile): ResultFile {
  const seen = new Map<string, ResultLine>();
  const faults: FileFault[] = [];
  for (const one of file.lines) {
    const before = seen.get(one.reference);
    if (before === undefined) seen.set(one.reference, one);
    else if (before.outcome !== one.outcome || before.amount !== one.amount) {
      faults.push({ line: one.line, message: `says otherwise of a payment than line ${before.line}` });
    }
  }
  if (faults.length > 0) throw new UnreadableResult(faults);
  return { ...file, lines: [...seen.values()] };
}

/** Spreadsheets also write UTF-16, and banks of old Latin-1. */
function textOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  return new TextDecoder(isUtf8(bytes) ? 'utf-8' : 'windows-1252').decode(bytes);
}
