import type { mongo } from 'mongoose';

import { BrokenInvariant } from '../kernel/errors.ts';

/**
 * The options of a write that must survive once it is acknowledged: in the journal, and on a replica set on a majority.
 * How many members is the connection's own default, because asking for the majority where there is but one server is
 * not the same: the embedded engine then answers without waiting for its journal, whatever `j` says, and a `kill -9`
 * takes the last tenth of a second back.
 */
export function durable(collection: { readonly writeConcern?: mongo.WriteConcern | undefined }) {
  const w = collection.writeConcern?.w;
  if (w === undefined)
    throw new BrokenInvariant('a durable write needs a collection of the driver, by connectDatabase');
  return { writeConcern: { w, j: true } } as const;
}
