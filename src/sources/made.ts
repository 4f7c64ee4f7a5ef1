import type { Catalogue } from '../events/catalogue.ts';
import { BODY_LIMIT, DEEPEST, readEnvelope } from '../events/envelope.ts';
import { shownData } from '../events/shownData.ts';
import type { MadeEvent } from './source.ts';

/** An event of the catalogue, made of something that came in by a source and ready to be stored. */
export type Made = { id: string; type: string; timestamp: Date; body: string; known: true; receivedAt: Date };

/** More than any one thing that happened comes to. */
const MOST_EVENTS = 1_000;

/**
 * Holds what a map made of `from`, an event of the inbox, to all that the door holds an event of the platform to. Their ids follow
 * from its id and their places, and say how many there are. `fault` names the event, the field and the expression.
 */
export function madeEvents(
  catalogue: Catalogue,
  from: { eventId: string; arrivedAt: Date },
  events: MadeEvent[],
): Made[] | { fault: string } {
  if (events.length > MOST_EVENTS)
    return { fault: `the map makes ${events.length} events of it; ${MOST_EVENTS} are the most` };
  const made: Made[] = [];
  for (const [index, event] of events.entries()) {
    const { type, timestamp } = event;
    const fault = Number.isNaN(timestamp.getTime()) ? 'timestamp is no instant' : faultOf(catalogue, event);
    if (fault !== null) return { fault: `${nameOf(type, index, events.length)}: ${fault}` };
    const body = bodyOf(event, from.eventId);
    const id = madeId(from.eventId, index + 1, events.length);
    made.push({ id, type, timestamp, body, known: true, receivedAt: from.arrivedAt });
  }
  return made;
}

/** The id of number `number`, from 1, of so many events that were made of one. */
export function madeId(eventId: string, number: number, count: number): string {
  return `${eventId}:${number}:${count}`;
}

function faultOf(catalogue: Catalogue, event: MadeEvent): string | null {
  const text = Buffer.from(bodyOf(event, ''));
  if (text.length > BODY_LIMIT) return 'it is larger than 256 KiB';
  const read = readEnvelope(catalogue, text);
  if (read.kind === 'too-deep') return `it is nested deeper than ${DEEPEST} levels`;
  if (read.kind === 'not-json') return 'it has a text or a number that JSON cannot hold';
  if (read.kind === 'not-an-event') return read.errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
  const parsed = catalogue.parseData(event.type, read.envelope.data);
  if (parsed.kind === 'known') return null;
  if (parsed.kind === 'unknown-type') return `there are no events of type ${event.type}`;
  const shown = { ...event, data: shownFields(event) };
  return parsed.errors.map(({ path, message }) => `${path} ${message}${madeBy(shown, path)}`).join('; ');
}

/** What may stand in an error, which people read. */
function shownFields({ type, data }: MadeEvent): Record<string, unknown> {
  // Fields stay fields.
  return shownData({ type }, data) as Record<string, unknown>;
}

/** Beside the data stands what it was made of: no part of what happened. */
function bodyOf({ type, timestamp, data }: MadeEvent, eventId: string): string {
  return JSON.stringify({ type, timestamp: timestamp.toISOString(), data, madeOf: eventId });
}

function madeBy({ expressions = {}, data }: MadeEvent, path: string): string {
  const field = path.split('.')[1] ?? '';
  const expression = expressions[field] ?? expressions['*'];
  if (expression === undefined) return '';
  const value = Object.hasOwn(data, field) ? JSON.stringify(data[field]) : 'nothing';
  return ` (\`${expression}\` gives ${value.length > 100 ? `${value.slice(0, 100)}…` : value})`;
}

function nameOf(type: string, index: number, count: number): string {
  return count === 1 ? type : `${type}, number ${index + 1} of ${count}`;
}
