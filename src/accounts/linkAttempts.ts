import { retryDuplicate } from '../database/duplicates.ts';
import { realMilliseconds } from '../kernel/clock.ts';
import { LINK_CODE_MINUTES } from './linkCode.ts';

import type { AccountStore } from './store.ts';

const ATTEMPTS_WINDOW_MS = LINK_CODE_MINUTES * 60_000;

/**
 * Counts one more attempt of a user and answers how long to wait in milliseconds, 0 when the attempt may go on. It is
 * counted before the code is read, so attempts at the same moment cannot slip through together.
 */
export async function countAttempt(store: AccountStore, user: string, allowed: number): Promise<number> {
  const now = realMilliseconds();
  const windowStart = new Date(now - ATTEMPTS_WINDOW_MS);
  await store.attempts.deleteOne({ _id: user, since: { $lte: windowStart } });
  const counted = await retryDuplicate(() =>
    store.attempts.findOneAndUpdate(
      { _id: user },
      { $inc: { attempts: 1 }, $setOnInsert: { since: new Date(now) } },
      { upsert: true, returnDocument: 'after' },
    ),
  );
  if (counted === null || counted.attempts <= allowed) return 0;
  return Math.max(1, counted.since.getTime() - windowStart.getTime());
}
