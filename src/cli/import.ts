import { access, constants, stat } from 'node:fs/promises';

import type { Config } from '../config.ts';
import type { Core } from '../core.ts';
import { BODY_LIMIT } from '../events/envelope.ts';
import type { Incoming, Receipt } from '../inbox/inbox.ts';
import { messageOf } from '../kernel/errors.ts';
import { inBatches } from '../kernel/group.ts';
import { pause } from '../kernel/wait.ts';
import { catchUp, withBusiness } from './business.ts';
import { onInterrupt } from './interrupt.ts';
import { type Line, linesOf } from './lines.ts';
import { say } from './output.ts';
import { createProgress, type Progress } from './progress.ts';
import { readEvent, TOO_LARGE } from './readEvent.ts';
import { receiveEvents } from './receiveEvents.ts';
import { createWarningTally, type WarningTally } from './warningTally.ts';

/** As many as the inbox writes at once; the next ones are read meanwhile. */
const BATCH = 1_000;
/** An event's id and some spaces more than its body. */
const LINE_LIMIT = 2 * BODY_LIMIT;

type ReadLine = ReturnType<typeof readEvent>;

type Counts = Record<Receipt | 'bad', number>;

/** What is noted of the lines, to be said as they come or at the end. */
type Noted = { counts: Counts; tally: WarningTally; progress: Progress };

/**
 * Receives the events of a file as if they came by webhook now, in the order of its lines, and applies them. Doing it
 * again does no harm: what is there already counts as duplicate. Exit code 0 when every line was good.
 */
export async function importEvents(config: Config, file: string): Promise<number> {
  const size = await sizeOf(file);
  const { signal: interrupted, release } = onInterrupt();
  const progress = createProgress(size);
  const counts: Counts = { accepted: 0, duplicate: 0, ignored: 0, bad: 0, conflict: 0 };
  const tally = createWarningTally();
  try {
    return await withBusiness(config, 'creates', async (business) => {
      const { core } = business;
      await catchUp(business);
      await takeIn(core, file, { counts, tally, progress }, interrupted);
      progress.note('applying');
      interrupted.addEventListener('abort', core.inboxWorker.stop);
      if (!interrupted.aborted) await core.inboxWorker.drain();
      progress.stop();
      say(summary(counts));
      for (const line of [...tally.lines(), ...(await leftOver(core))]) say(line);
      if (interrupted.aborted) throw new Error('interrupted; the same command again goes on from here');
      return counts.bad + counts.conflict === 0 ? 0 : 1;
    });
  } finally {
    release();
    progress.stop();
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new Error('it is a directory');
    await access(file, constants.R_OK);
    return found.size;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const reason =
      code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'this user may not read it' : messageOf(error);
    throw new Error(`${file} cannot be imported: ${reason}`);
  }
}

/** Two batches are under way at any time: one is being written while the next is read. */
async function takeIn(core: Core, file: string, noted: Noted, interrupted: AbortSignal) {
  let before: Promise<void> = Promise.resolve();
  for await (const batch of inBatches(linesOf(file, LINE_LIMIT), BATCH)) {
    if (interrupted.aborted) break;
    const current = storeBatch(core, batch, noted);
    // Awaited after the next batch is read; it must not count as unhandled until then.
    current.catch(() => {});
    await before;
    before = current;
  }
  await before;
}

async function storeBatch(core: Core, batch: Line[], { counts, tally, progress }: Noted): Promise<void> {
  const lines = batch.map((line) => readLine(core, line));
  const events = lines.flatMap((line) => (line !== null && 'event' in line ? [line.event] : []));
  const receipts = await receiveEvents(core.inbox, events, pause);
  const receiptOf = new Map(events.map((event, index) => [event, receipts[index]]));
  for (const [index, line] of lines.entries()) {
    if (line === null) continue;
    const { kind, problem } = outcomeOf(line, receiptOf);
    counts[kind] += 1;
    if ('event' in line) tally.add(line.warnings);
    if (problem !== undefined) progress.say(`line ${batch[index]?.number}: ${problem}`);
  }
  progress.reach(batch.at(-1)?.end ?? 0);
}

/** Null for an empty line. */
function readLine(core: Core, { bytes }: Line): ReadLine | null {
  if (bytes === null) return { problem: TOO_LARGE };
  return isBlank(bytes) ? null : readEvent(core.catalogue, bytes);
}

function outcomeOf(
  line: ReadLine,
  receiptOf: Map<Incoming, Receipt | undefined>,
): { kind: keyof Counts; problem?: string } {
  if ('problem' in line) return { kind: 'bad', problem: line.problem };
  const kind = receiptOf.get(line.event) ?? 'bad';
  return kind === 'conflict' ? { kind, problem: `the id ${line.event.id} was used with other content` } : { kind };
}

function isBlank(bytes: Buffer): boolean {
  return bytes.length < 64 && bytes.toString('latin1').trim() === '';
}

function summary(counts: Counts): string {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const parts = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
  return `${total} events: ${parts.join(', ')}`;
}

/** Events that may need a person's attention now. */
async function leftOver({ inbox }: Core): Promise<string[]> {
  const { waiting, quarantined } = await inbox.counts();
  return [
    ...(waiting > 0 ? [`${waiting} events in the inbox wait for others they refer to`] : []),
    ...(quarantined > 0 ? [`${quarantined} events in the inbox are in quarantine`] : []),
  ];
}
