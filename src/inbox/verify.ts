import type { EventType } from '../events/catalogue.ts';
import { EVENT_TYPES } from '../events/catalogue.ts';
import type { AppliedChecks, AppliedEvent } from '../events/toldEvent.ts';
import { realMilliseconds } from '../kernel/clock.ts';
import { groupBy, inBatches } from '../kernel/group.ts';
import { linesOn } from '../kernel/lines.ts';
import { awaitAll } from '../kernel/wait.ts';
import { BUCKETS } from './store.ts';
import type { createToldEvents, ReadEvent } from './toldEvents.ts';

const BATCH = 500;

/** No event is put off for longer than half a second of real time; this leaves room for clocks that are apart. */
const LONGEST_DELAY_MS = 3_600_000;

/**
 * Compares what is stored of events beside their bodies with the bodies, and what applied events left with what they
 * say; answers every difference as a line, and of how many events nobody can read the body any more.
 */
export async function verifyEvents(
  events: Pick<ReturnType<typeof createToldEvents>, 'all'>,
  checks: AppliedChecks,
  erasedOf: ErasedOf,
): Promise<{ differences: string[]; erased: number }> {
  const differences: string[] = [];
  let erased = 0;
  for await (const batch of inBatches(events.all(), BATCH)) {
    erased += batch.filter(({ body }) => body.kind === 'erased').length;
    differences.push(...(await erasureDifferences(batch, erasedOf)));
    const lines = (some: ReadEvent[]) => some.flatMap((one) => [...columnDifferences(one), ...statusDifferences(one)]);
    differences.push(...(await linesOn(batch, ({ _id }) => `events/${_id}`, lines)));
    differences.push(...(await appliedDifferences(batch.filter(isApplied), checks)));
  }
  return { differences, erased };
}

async function appliedDifferences(applied: ReadEvent[], checks: AppliedChecks): Promise<string[]> {
  const nameOf = ({ eventId }: { eventId: string }) => `what came of event ${eventId}`;
  const lines = await awaitAll(
    [...groupBy(applied, ({ told }) => told.type)].map(async ([type, mine]) => {
      // Grouped by type, so that each check gets events of its own.
      const check = checks[type as EventType] as ((some: AppliedEvent<EventType>[]) => Promise<string[]>) | undefined;
      const told = mine.map((event) => event.told as AppliedEvent<EventType>);
      return check === undefined ? [] : linesOn(told, nameOf, check);
    }),
  );
  return lines.flat();
}

/** Which of these are erased: `account:m1`, `day:2026-11-26`, `order:o1`. */
export type ErasedOf = (things: string[]) => Promise<Set<string>>;

/** A body that nobody can read was erased, by whatever it cannot be read without, or with what it is about. */
async function erasureDifferences(batch: ReadEvent[], erasedOf: ErasedOf): Promise<string[]> {
  const unread = batch.flatMap(({ _id, body, about }) =>
    body.kind === 'erased' ? [{ _id, things: body.without.length > 0 ? body.without : [about ?? 'it'] }] : [],
  );
  if (unread.length === 0) return [];
  const erased = await erasedOf([...new Set(unread.flatMap(({ things }) => things))]);
  return unread.flatMap(({ _id, things }) =>
    things
      .filter((thing) => !erased.has(thing))
      .map((thing) => `events/${_id}: nobody can read its body, though ${thing} was never erased`),
  );
}

function isApplied({ status, told }: ReadEvent): boolean {
  return status === 'applied' && told.data !== null;
}

/** Type, instant and hash follow from the body, and the bucket is one that is worked on. */
function columnDifferences(event: ReadEvent): string[] {
  const { _id, type, timestamp, bucket, body, envelope, told, status } = event;
  const where = `events/${_id}`;
  const isMisplaced = !(Number.isInteger(bucket) && bucket >= 0 && bucket < BUCKETS);
  const lines = isMisplaced ? [`${where}: bucket is ${bucket}, where nobody looks for it`] : [];
  if (event.hasItsHash === false) lines.push(`${where}: its body does not match its hash`);
  if (body.kind === 'erased') return lines;
  if (body.kind === 'locked') return [...lines, `${where}: its body needs a key that PAYEE_KEYS does not name`];
  if (body.kind === 'altered') return [...lines, `${where}: its body is not what was stored`];
  if (envelope === 'not-read') return [...lines, `${where}: its body is no event`];
  if (envelope.type !== type) lines.push(`${where}: type is ${type}, and its body says ${envelope.type}`);
  if (envelope.timestamp.getTime() !== timestamp.getTime()) {
    lines.push(
      `${where}: timestamp is ${timestamp.toISOString()}, and its body says ${envelope.timestamp.toISOString()}`,
    );
  }
  if (status === 'applied' && told.data === null) lines.push(`${where}: it was applied, but its data is not valid`);
  return lines;
}

/** An event that is not applied is on its way, waits for something, or shows why it is not. */
function statusDifferences({ _id, type, status, nextAt, waitsFor = [], error, dismissed }: ReadEvent): string[] {
  const where = `events/${_id}`;
  switch (status) {
    case 'received':
      return nextAt.getTime() > realMilliseconds() + LONGEST_DELAY_MS
        ? [`${where}: it is ${status}, and put off until ${nextAt.toISOString()}`]
        : [];
    case 'waiting':
      return waitsFor.length > 0 ? [] : [`${where}: it is ${status}, for nothing`];
    case 'quarantined':
      return error === undefined ? [`${where}: it is ${status}, and nothing says why`] : [];
    case 'ignored':
      return dismissed === undefined && EVENT_TYPES.some((known) => known === type)
        ? [`${where}: it is ${status}, though events of type ${type} have effects: replay or dismiss it`]
        : [];
    case 'applied':
      return [];
    default:
      return [`${where}: status is ${String(status)}, which is none`];
  }
}
