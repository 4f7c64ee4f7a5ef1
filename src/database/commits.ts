import { type Connection, Schema } from 'mongoose';
import { realMilliseconds } from '../kernel/clock.ts';
import { oneAtATime } from '../kernel/shared.ts';
import { withTimeout } from '../kernel/wait.ts';
import { driverCollection } from './collection.ts';
import { durable } from './durable.ts';
import { takesMoments } from './patience.ts';

type Probe = { _id: 'last'; at: Date };

const probeSchema = new Schema<Probe>(
  { _id: { type: String, required: true }, at: Date },
  { versionKey: false, collection: 'commit_probes' },
);

/** How long it is believed that what was committed last says that something would be committed now. */
const BELIEVED_MS = 1_500;
/** With the age of what is believed and of a shared answer, a lost majority shows within five seconds. */
const COMMIT_WITHIN_MS = 1_500;

export type Commits = ReturnType<typeof createCommits>;

/**
 * Whether the database commits what it is given. A primary that has lost its majority answers every read, and acknowledges no write:
 * only a write tells. The last one of the inbox does; where none was committed just now, a tiny one of our own, one at a time.
 */
export function createCommits(connection: Connection) {
  const probes = driverCollection(connection.model<Probe>('CommitProbe', probeSchema));
  let committedAt = Number.NEGATIVE_INFINITY;

  /** Says how a durable write ended. */
  function note(isCommitted: boolean): void {
    committedAt = isCommitted ? performance.now() : Number.NEGATIVE_INFINITY;
  }

  const probe = oneAtATime(async () => {
    const at = new Date(realMilliseconds());
    await probes.updateOne({ _id: 'last' }, { $set: { at } }, { upsert: true, ...durable(probes), ...takesMoments });
    note(true);
  });

  /** Rejects, with what went wrong, when a write is not committed in time. */
  async function check(): Promise<void> {
    if (performance.now() - committedAt < BELIEVED_MS) return;
    await withTimeout(COMMIT_WITHIN_MS, probe(), NOT_COMMITTED);
  }

  return { note, check };
}

const NOT_COMMITTED = 'a write was not committed in time';
