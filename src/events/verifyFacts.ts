import { linesOnAll } from '../kernel/lines.ts';
import type { EventType } from './catalogue.ts';
import { type AppliedEvent, isReadable, type ToldEvent, type ToldEvents } from './toldEvent.ts';

const BATCH = 500;

/** What is stored of a fact: under which id, naming which event, and the fields that say what the event said. */
export type StoredFact = { id: string; eventId: string | undefined; arrivedAt?: Date | undefined; content: object };

/** A collection of facts that events of one type have told. */
export type FactCollection<T extends EventType> = {
  /** As the database names it, and lines do: `payments`. */
  name: string;
  type: T;
  all(): AsyncIterable<StoredFact>;
  byId(ids: string[]): Promise<StoredFact[]>;
  /** What an event of this type leaves: an id, and the content beside it. */
  told(event: AppliedEvent<T>): { id: string; content: object };
  /** Fields that of several events for one id the latest says. */
  versioned?: readonly string[];
};

/** Answers a line for each fact that no event tells, or that says otherwise than the event that it names. */
export async function verifyFacts<T extends EventType>(
  collection: FactCollection<T>,
  events: ToldEvents,
): Promise<string[]> {
  const nameOf = ({ id }: StoredFact) => `${collection.name}/${id}`;
  return linesOnAll(collection.all(), BATCH, nameOf, async (facts) => {
    const told = await events.byId(facts.flatMap(({ eventId }) => eventId ?? []));
    return facts.flatMap((fact) => factDifferences(collection, fact, told.get(fact.eventId ?? '')));
  });
}

/** Answers a line for each event whose fact is not there, or is another. */
export async function verifyApplied<T extends EventType>(
  collection: FactCollection<T>,
  events: AppliedEvent<T>[],
): Promise<string[]> {
  const wanted = events.map((event) => ({ event, ...collection.told(event) }));
  const stored = await collection.byId([...new Set(wanted.map(({ id }) => id))]);
  const byId = new Map(stored.map((fact) => [fact.id, fact]));
  return wanted.flatMap(({ event, id, content }) => {
    const fact = byId.get(id);
    if (fact === undefined) {
      return [`${collection.name}/${id} is missing, though event ${event.eventId} was applied`];
    }
    // Compared in the other direction, where it is the event that the fact names.
    if (fact.eventId === event.eventId) return [];
    const versioned = new Set(collection.versioned);
    return differingFields(fact.content, content)
      .filter(([field]) => !versioned.has(field))
      .map(lineOf(`${collection.name}/${id}`, event.eventId));
  });
}

function factDifferences<T extends EventType>(
  { name, type, told, versioned = [] }: FactCollection<T>,
  { id, eventId, arrivedAt, content }: StoredFact,
  event: ToldEvent | undefined,
): string[] {
  const where = `${name}/${id}`;
  if (eventId === undefined) return [`${where} names no event that it came of`];
  if (event === undefined) return [`${where} names event ${eventId}, which never came in`];
  if (event.type !== type) return [`${where} names event ${eventId}, which is ${event.type}, not ${type}`];
  if (!isReadable(event, type)) return [];
  const said = told(event);
  if (said.id !== id) return [`${where} names event ${eventId}, which tells of ${name}/${said.id}`];
  const isTimely =
    arrivedAt === undefined ||
    event.arrivals.length === 0 ||
    // A later version leaves when the first one arrived.
    event.arrivals.some((at) => at.getTime() === arrivedAt.getTime() || (versioned.length > 0 && at > arrivedAt));
  return [
    ...contentDifferences(where, content, said.content, eventId),
    ...(isTimely
      ? []
      : [`${where}: arrived ${arrivedAt.toISOString()}, and event ${eventId} at ${wordOf(event.arrivals.at(-1))}`]),
  ];
}

/** A line for each field of something stored that an event says otherwise. */
function contentDifferences(where: string, stored: object, said: object, eventId: string): string[] {
  return differingFields(stored, said).map(lineOf(where, eventId));
}

function lineOf(where: string, eventId: string) {
  return ([field, is, should]: [string, string, string]) =>
    `${where}: ${field} is ${is}, and event ${eventId} says ${should}`;
}

/** The fields of two things that are not the same, with what each says in words. */
export function differingFields(one: object, other: object): [field: string, one: string, other: string][] {
  const [left, right] = [fieldsOf(one), fieldsOf(other)];
  return [...new Set([...left.keys(), ...right.keys()])].sort().flatMap((field) => {
    const [is, should] = [wordOf(left.get(field)), wordOf(right.get(field))];
    return is === should ? [] : [[field, is, should] as [string, string, string]];
  });
}

function fieldsOf(thing: object): Map<string, unknown> {
  return new Map(Object.entries(thing).filter(([, value]) => value !== undefined && value !== null));
}

/** A value in a line: an instant as such, a missing one as `none`, groups by their fields in order. */
export function wordOf(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no instant' : value.toISOString();
  if (Array.isArray(value)) return `[${value.map(wordOf).join(', ')}]`;
  if (typeof value !== 'object') return String(value);
  const fields = [...fieldsOf(value)].sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([field, inner]) => `${field}: ${wordOf(inner)}`).join(', ')}}`;
}
