import type { mongo } from 'mongoose';

import type { Entry } from './entry.ts';

/** Further back than the clocks of two processes are apart, and than a process that finishes acts was away. */
const LATELY_MS = 60_000;

export type Decided = { outcome: string; recordedAt: Date };

/** More than a process decides in a minute by itself; a Monday's run finishes what it decides. */
const MOST = 5_000;

/** The questions that begin like this and were decided lately, by real time `now`; the latest first. */
export async function decidedLately(
  entries: mongo.Collection<Entry>,
  beginning: string,
  now: number,
): Promise<Decided[]> {
  const found = await entries
    .find(
      {
        insertedAt: { $gte: new Date(now - LATELY_MS) },
        outcome: { $gte: beginning, $lt: `${beginning}\uffff` },
      },
      { projection: { _id: 0, outcome: 1, recordedAt: 1 } },
    )
    .sort({ insertedAt: -1 })
    .limit(MOST)
    .toArray();
  return found.map(({ outcome = '', recordedAt }) => ({ outcome, recordedAt }));
}
