import type { mongo } from 'mongoose';

import type { Audit } from '../audit/audit.ts';
import { durable } from '../database/durable.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Unfinished } from '../kernel/unfinished.ts';
import type { Cause } from './ending.ts';
import type { SessionDocument } from './store.ts';

/** Who ends what ends by itself. */
export const SERVICE = 'service';

/** A session that is over. */
export type Ended = {
  session: Pick<SessionDocument, '_id' | 'accountId' | 'channel' | 'userId' | 'network' | 'agent' | 'openedAt'>;
  cause: Cause;
};

type Ending = { cause: Cause; by: string; at: Date };

/**
 * Ends sessions: first it opens nothing any more, then the trail says so, then it is gone. A process that dies in between is followed by
 * another.
 */
export function createEndings(
  sessions: mongo.Collection<SessionDocument>,
  deps: { audit: Pick<Audit, 'record'>; onStolen: ((ended: Ended, now: Date) => Promise<void>) | undefined },
) {
  /** Whether there was a session to end. */
  async function end(which: Pick<SessionDocument, '_id'> & { accountId?: string }, ending: Ending): Promise<boolean> {
    const wanted = which.accountId === undefined ? { _id: which._id } : { _id: which._id, accountId: which.accountId };
    const found = await sessions.findOneAndUpdate(
      { ...wanted, ended: { $exists: false } },
      { $set: { ended: ending } },
      { returnDocument: 'after', ...durable(sessions) },
    );
    if (found === null) return false;
    await finish(found, ending);
    return true;
  }

  async function endEvery(accountId: string, ending: Ending): Promise<number> {
    const open = sessions.find({ accountId, ended: { $exists: false } }, { projection: { _id: 1 } });
    let count = 0;
    for (const { _id } of await open.toArray()) if (await end({ _id }, ending)) count += 1;
    return count;
  }

  async function finish(session: SessionDocument, { cause, by, at }: Ending): Promise<void> {
    const { _id, accountId } = session;
    await deps.audit.record({
      ...{ key: `console.ended:${_id}`, actor: by, action: 'console.ended', at },
      ...{ subject: `account:${accountId}`, after: { sessionId: _id, cause } },
    });
    if (THEFTS.includes(cause)) await deps.onStolen?.({ session, cause }, at);
    await sessions.deleteOne({ _id });
  }

  /** Those that were cut off, and those whose time is over, which nobody has used since. */
  function unfinishedBy(clock: Clock): Unfinished {
    return {
      kind: 'console-session',
      find: async (limit) => {
        const over = { $or: [{ 'ended.at': { $exists: true } }, { expiresAt: { $lte: clock.now() } }] };
        const found = await sessions
          .find(over, { projection: { ended: 1, expiresAt: 1 } })
          .limit(limit)
          .toArray();
        return found.map(({ _id, ended, expiresAt }) => ({ id: _id, since: ended?.at ?? expiresAt }));
      },
      finish: async (ids, now) => {
        for (const session of await sessions.find({ _id: { $in: ids } }).toArray()) {
          if (session.ended !== undefined) await finish(session, session.ended);
          else if (session.expiresAt <= now) await end(session, { cause: 'expired', by: SERVICE, at: now });
        }
      },
    };
  }

  return { end, endEvery, unfinishedBy };
}

const THEFTS: readonly Cause[] = ['link-used-again', 'old-token'];
