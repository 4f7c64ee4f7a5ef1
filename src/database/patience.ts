import type { mongo } from 'mongoose';

/** What all options of the driver have in common. */
type Patience = mongo.Abortable & Pick<mongo.CommandOperationOptions, 'comment'>;

/**
 * The option of a read that works through as much as a week or a payday has, however long the database takes for it, up to ten
 * minutes: a run must not wait for ever on a connection that is dead. The driver takes it with every command, but does not list it.
 */
export const takesLong = { socketTimeoutMS: 10 * 60_000 } as Patience;

/** The option of a write for which somebody waits: an event's sender, or what goes on under a lease. */
export const takesMoments = { socketTimeoutMS: 5_000 } as Patience;
