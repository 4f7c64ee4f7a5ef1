import type { DataOf, EventType } from './catalogue.ts';

/**
 * A fact as the platform sent it: `timestamp` is the envelope's. `arrivedAt` is the service's clock when it was received,
 * or when what it waited for had come.
 */
export type Fact<T extends EventType> = { eventId: string; timestamp: Date; arrivedAt: Date; data: DataOf<T> };

/**
 * How the facts of one type take effect. `apply` is idempotent and does not care for order; it answers the facts that
 * cannot be right, by event id, with the reason. `follow` comes after that, in the order of the facts, and answers what
 * comes last. While one batch is followed, the next of the type may be applied; while one comes to its last, the next may
 * be followed. `refersTo`, `requires` and `provides` name things as `kind:id`: a fact waits for what it refers to, and one
 * that requires what is known to be otherwise is quarantined. Either goes on when that comes about.
 */
export type Handler<T extends EventType> = {
  type: T;
  refersTo(data: DataOf<T>): string[];
  requires?(data: DataOf<T>): Requirement[];
  provides(data: DataOf<T>): string[];
  apply(facts: Fact<T>[], now: Date): Promise<Map<string, string>>;
  follow?(facts: Fact<T>[], now: Date): Promise<Last>;
};

/** Something, as `kind:id`, without which a fact cannot be right, and how to say so. */
export type Requirement = { key: string; reason: string };

/** All facts can be right. */
export const NONE_REFUSED = new Map<string, string>();

/** The last step, idempotent as those before it. */
export type Last = () => Promise<void>;

/** A handler whose type is known at run time only: the worker gives it facts of its own type alone. */
export type AnyHandler = {
  type: EventType;
  refersTo(data: DataOf<EventType>): string[];
  requires?(data: DataOf<EventType>): Requirement[];
  provides(data: DataOf<EventType>): string[];
  apply(facts: Fact<EventType>[], now: Date): Promise<Map<string, string>>;
  follow?: Follow;
};

export type Follow = (facts: Fact<EventType>[], now: Date) => Promise<Last>;

/** Lets handlers of different types stand in one table. The cast is sound because facts are sorted by type first. */
export function handler<T extends EventType>(definition: Handler<T>): AnyHandler {
  return definition as unknown as AnyHandler;
}

/**
 * The new outcome of events that were decided before: refused now, with the reason, or holding after all; by event id.
 */
export type Revision = { refused: Map<string, string>; holding: string[] };

/** Cannot be decided at this moment, because another step is under way; costs no try. */
export class NotYet extends Error {
  override name = 'NotYet';
}

/** The same of some facts alone, by event id: the others of the batch are tried again at once, and these after `afterMs`. */
export class SomeNotYet extends NotYet {
  readonly eventIds: ReadonlySet<string>;
  readonly afterMs: number;

  constructor(eventIds: ReadonlySet<string>, afterMs: number) {
    super(`${eventIds.size} events cannot be decided yet`);
    this.eventIds = eventIds;
    this.afterMs = afterMs;
  }
}
