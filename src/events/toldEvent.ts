import type { DataOf, EventType } from './catalogue.ts';

/**
 * An event as what was stored of it is compared with: its data as the body that came in says it, or null where nobody can
 * read that any more. `arrivals` are the instants at which its facts can have become known; empty where it was replayed,
 * so that any can.
 */
export type ToldEvent = {
  eventId: string;
  type: string;
  timestamp: Date;
  receivedAt: Date;
  arrivals: Date[];
  /** It is still to be applied, so that what follows from it may be there in part. */
  isUnderWay: boolean;
  data: object | null;
};

/** Reads events again, to compare what was stored of them. */
export type ToldEvents = {
  /** Those of these events that exist. */
  byId(eventIds: string[]): Promise<Map<string, ToldEvent>>;
};

/** For each type: the lines on what events of it, which were applied, left behind. Each is handed a batch. */
export type AppliedChecks = { [T in EventType]?: (events: AppliedEvent<T>[]) => Promise<string[]> };

/** An event of a type, whose body can be read. */
export type AppliedEvent<T extends EventType> = ToldEvent & { data: DataOf<T> };

/** Whether an event is of a type and can be read. */
export function isReadable<T extends EventType>(event: ToldEvent, type: T): event is AppliedEvent<T> {
  return event.type === type && event.data !== null;
}
