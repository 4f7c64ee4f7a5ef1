import type { z } from 'zod';

import { MONEY_IN } from './incoming/money.ts';
import { ORDERS_IN } from './incoming/orders.ts';
import { PAYEES_IN } from './incoming/payees.ts';
import { PAYOUTS_IN } from './incoming/payouts.ts';
import { PEOPLE_IN } from './incoming/people.ts';
import { PROGRAMS_IN } from './incoming/programs.ts';
import { SUBSCRIPTIONS_IN } from './incoming/subscriptions.ts';
import type { SOURCE_DATA, SOURCE_EVENT } from './sourceEvent.ts';

/** What the platform may send, type by type, in the order of docs/events.md: the only definition of it. */
export const EVENTS_IN = {
  ...PEOPLE_IN,
  ...MONEY_IN,
  ...PROGRAMS_IN,
  ...SUBSCRIPTIONS_IN,
  ...ORDERS_IN,
  ...PAYEES_IN,
  ...PAYOUTS_IN,
};

export type PlatformEventType = keyof typeof EVENTS_IN;
export const EVENT_TYPES = Object.keys(EVENTS_IN) as PlatformEventType[];
/** Also the one that the service stores of its own. */
export type EventType = PlatformEventType | typeof SOURCE_EVENT;
export type DataOf<T extends EventType> = T extends PlatformEventType
  ? z.infer<z.ZodObject<(typeof EVENTS_IN)[T]['fields']>>
  : z.infer<typeof SOURCE_DATA>;
