import type { z } from 'zod';

import { ADJUSTMENTS_OUT } from './outgoing/adjustments.ts';
import { COMMISSIONS_OUT, HOLDS_OUT, PAYOUTS_OUT } from './outgoing/affiliates.ts';
import type { EventsOut } from './outgoing/eventsOut.ts';
import { INVOICES_OUT } from './outgoing/invoices.ts';
import { CHARGES_OUT, ORDERS_OUT } from './outgoing/orders.ts';
import { PEOPLE_OUT } from './outgoing/people.ts';
import { PROMISES_OUT } from './outgoing/promises.ts';
import { STANDING_OUT } from './outgoing/standing.ts';

/** The webhooks to the platform, family by family, in the order of docs/events.md: the only definition of them. */
export const EVENTS_OUT = [
  INVOICES_OUT,
  STANDING_OUT,
  PROMISES_OUT,
  ORDERS_OUT,
  CHARGES_OUT,
  COMMISSIONS_OUT,
  PAYOUTS_OUT,
  ADJUSTMENTS_OUT,
  HOLDS_OUT,
  PEOPLE_OUT,
] as const;

type Family = (typeof EVENTS_OUT)[number];
type TypesOf<F> = F extends EventsOut<z.ZodObject, infer Types> ? Types : never;
type DataIn<F, T> = F extends { data: infer Data; types: infer Types }
  ? T extends keyof Types
    ? z.output<Data>
    : never
  : never;

export type OutgoingType = TypesOf<Family>;
/** What the code hands over to be told: instants are dates still. */
export type OutgoingDataOf<T extends OutgoingType> = DataIn<Family, T>;

/** Object.keys forgets the names of the types. */
export const OUTGOING_TYPES = EVENTS_OUT.flatMap(({ types }) => Object.keys(types)) as OutgoingType[];
