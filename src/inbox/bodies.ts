import type { StoredEvent } from './store.ts';

/** What is left of an event's body: its text, or nothing that anybody can read. */
export type Body = { kind: 'text'; text: string } | { kind: 'erased' };

export type ReadBodies = (events: Pick<StoredEvent, '_id' | 'body'>[]) => Promise<Body[]>;

/** Reads the bodies of some events, in their order: what compares events with anything else reads them here. */
export const bodiesAsStored: ReadBodies = async (events) => events.map(({ body }) => ({ kind: 'text', text: body }));
