import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';

import { type Catalogue, type DataOf, EVENT_TYPES } from '../../events/catalogue.ts';
import { BODY_LIMIT } from '../../events/envelope.ts';
import type { Incoming } from '../../inbox/inbox.ts';
import { BrokenInvariant } from '../../kernel/errors.ts';
import { hashOf } from '../../kernel/ids.ts';
import { quoted } from '../../kernel/text.ts';
import { type Line, linesOf } from '../lines.ts';
import { readEvent, TOO_LARGE } from '../readEvent.ts';
import { BadInput, createFaults, type Faults } from './badInput.ts';
import { measure } from './readFile.ts';

/** An event's id and some spaces more than its body. */
const LINE_LIMIT = 2 * BODY_LIMIT;

/** Where an event stands in the file, and when it came in; `balance` is the account that a top-up is for. */
export type PastEvent = { at: number; type: string; balance?: string; line: number; start: number; end: number };

/** A file of events, in the order in which they came in. `sha256` is of the whole file. */
export type Past = {
  file: string;
  sha256: string;
  events: PastEvent[];
  /** How many lines were not in the order of time. */
  outOfOrder: number;
  /** How many lines said again what an earlier one had said. */
  repeated: number;
};

/**
 * Reads which events there are in a file, and holds each to what the service would take. Throws BadInput with every line that it
 * would not, or that is dated after `end`; the file is looked at as a whole before anything of it is played.
 */
export async function readPast(file: string, catalogue: Catalogue, end: { at: Date; name: string }): Promise<Past> {
  const { size, last, sha256 } = await measure(file);
  const endsWithNewline = last === 0x0a;
  const faults = createFaults();
  const events: PastEvent[] = [];
  const seen = new Map<string, { line: number; hash: string }>();
  let [start, repeated] = [0, 0];
  for await (const line of linesOf(file, LINE_LIMIT)) {
    const isCut = line.end === size && !endsWithNewline;
    const event = readLine(catalogue, line, isCut, (fault) => faults.add(`${file} line ${line.number}: ${fault}`));
    if (event !== null) {
      const at = event.timestamp.getTime();
      const hash = hashOf(event.body);
      const before = seen.get(event.id);
      if (before === undefined) {
        seen.set(event.id, { line: line.number, hash });
        const balance = event.type === 'balance.topped_up' ? { balance: accountOf(event) } : {};
        events.push({ at, type: event.type, ...balance, line: line.number, start, end: line.end });
        if (event.timestamp > end.at)
          faults.add(`${file} line ${line.number}: it is dated ${readable(event)}, after ${end.name}`);
      } else if (before.hash === hash) repeated += 1;
      else
        faults.add(
          `${file} line ${line.number}: the id ${event.id} is that of line ${before.line}, with other content`,
        );
    }
    start = line.end;
  }
  faults.check();
  if (events.length === 0) throw new BadInput([`${file} has no events`]);
  const outOfOrder = events.filter(({ at }, index) => at < (events[index - 1]?.at ?? at)).length;
  // Equally old ones in the order of their lines.
  events.sort((a, b) => a.at - b.at || a.line - b.line);
  return { file, sha256, events, outOfOrder, repeated };
}

/** Reads events of a file that was read before, as they are received. */
export async function openPast(file: string, catalogue: Catalogue) {
  const handle = await open(file, 'r');
  return {
    read: (events: readonly PastEvent[]) => Promise.all(events.map((event) => readAt(handle, catalogue, event))),
    close: () => handle.close(),
  };
}

async function readAt(handle: FileHandle, catalogue: Catalogue, { start, end, line }: PastEvent): Promise<Incoming> {
  const bytes = Buffer.alloc(end - start);
  await handle.read(bytes, 0, bytes.length, start);
  const read = readEvent(catalogue, bytes.subarray(bytes.indexOf(OPENING)));
  if ('problem' in read) throw new BrokenInvariant(`line ${line} has changed while it was played: ${read.problem}`);
  return read.event;
}

/** Before it there is at most a byte order mark. */
const OPENING = '{';

/** Null for an empty line, and for one that cannot be taken. */
function readLine(catalogue: Catalogue, { bytes }: Line, isCut: boolean, addFault: Faults['add']): Incoming | null {
  if (bytes === null) {
    addFault(TOO_LARGE);
    return null;
  }
  if (bytes.toString('latin1').trim() === '') return null;
  const read = readEvent(catalogue, bytes);
  if ('problem' in read) {
    addFault(
      isCut ? `${read.problem}; it is the last line and has no end, so the file may have been cut off` : read.problem,
    );
    return null;
  }
  if (read.event.known) return read.event;
  addFault(`${quoted(read.event.type, 60)} is no type of event; there are ${EVENT_TYPES.join(', ')}`);
  return null;
}

function accountOf({ body }: Incoming): string {
  const { data } = JSON.parse(body) as { data: DataOf<'balance.topped_up'> };
  return data.accountId;
}

function readable({ timestamp }: Incoming): string {
  return timestamp.toISOString().replace('.000Z', 'Z');
}
