import { type Connection, Schema } from 'mongoose';

import { driverCollection } from '../database/collection.ts';
import { unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { realMilliseconds } from '../kernel/clock.ts';
import { lastSeals } from './days.ts';
import type { SealHead, SealStore } from './store.ts';

/** The last seal of a day, which is told outside; `root` is over the roots of all seals of that day. */
export type DayAnchor = { day: string; number: number; hash: string; root: string };

/** Posts an anchor to ANCHOR_URL. Never throws. */
export type AnchorPost = (message: { id: string; body: string }) => Promise<{ kind: string; error?: string }>;

/**
 * `_id` is the day. `pendingEffects`: it is still to be told to the log and the managers. `postAt`: it is still to be posted
 * to ANCHOR_URL, not before that instant of real time.
 */
type StoredAnchor = {
  _id: string;
  number: number;
  hash: string;
  root: string;
  pendingEffects?: true;
  postAt?: Date;
  postFailures?: number;
};

const anchorSchema = new Schema<StoredAnchor>(
  {
    _id: { type: String, required: true },
    number: Number,
    hash: String,
    root: String,
    pendingEffects: Boolean,
    postAt: Date,
    postFailures: Number,
  },
  { versionKey: false, collection: 'seal_anchors' },
)
  .index({ pendingEffects: 1 }, { partialFilterExpression: { pendingEffects: true } })
  .index({ postAt: 1 }, { partialFilterExpression: { postAt: { $exists: true } } });

const MINUTE_MS = 60_000;
const LONGEST_WAIT_MS = 60 * MINUTE_MS;
/** So many are posted in a row: what has to be sealed waits no longer for a slow receiver. */
const POSTS_AT_A_TIME = 3;

/**
 * Tells each day's last seal outside of the database, once a later day has a seal: then nothing is added to that day any more.
 * The insert of an anchor decides which seal it is; what follows is done again after a crash.
 */
export function createDayAnchors(deps: {
  connection: Connection;
  store: SealStore;
  /** To the log and the managers; done again after a crash. */
  announce: (anchor: DayAnchor, now: Date) => Promise<void>;
  /** Whether anchors are posted anywhere. */
  isPosted: boolean;
  /** A process without one leaves them to the others. */
  post: AnchorPost | undefined;
  onPosted: (outcome: 'delivered' | 'failed', error: string | undefined) => void;
}) {
  const { store } = deps;
  const anchors = driverCollection(deps.connection.model<StoredAnchor>('SealAnchor', anchorSchema));

  /** Anchors the days that are over, `through` being the day of the last seal, and tells what is to be told. */
  async function tell(through: string, now: Date): Promise<void> {
    const last = await anchors.findOne({}, { sort: { _id: -1 }, projection: { _id: 1 } });
    for await (const seal of lastSeals(store, last?._id ?? '', through)) await insert(seal);
    for await (const stored of anchors.find({ pendingEffects: true }).sort({ _id: 1 })) {
      await deps.announce(anchorOf(stored), now);
      await anchors.updateOne({ _id: stored._id }, { $unset: { pendingEffects: '' } }, durable(anchors));
    }
    await postDue();
  }

  async function insert({ _id: number, day, hash, dayRoot }: SealHead): Promise<void> {
    const postAt = deps.isPosted ? { postAt: new Date(realMilliseconds()), postFailures: 0 } : {};
    const anchor: StoredAnchor = { _id: day, number, hash, root: dayRoot, pendingEffects: true, ...postAt };
    await unlessDuplicate(anchors.insertOne(anchor, durable(anchors)));
  }

  /** The oldest first; after one that fails the others wait for the next time, too. Never given up: there is one a day. */
  async function postDue(): Promise<void> {
    if (deps.post === undefined) return;
    const due = await anchors
      .find({ postAt: { $lte: new Date(realMilliseconds()) } })
      .sort({ _id: 1 })
      .limit(POSTS_AT_A_TIME)
      .toArray();
    for (const stored of due) {
      const outcome = await deps.post(messageOf(anchorOf(stored)));
      if (outcome.kind === 'cut-off') return;
      const isDelivered = outcome.kind === 'delivered';
      deps.onPosted(isDelivered ? 'delivered' : 'failed', outcome.error);
      await anchors.updateOne({ _id: stored._id }, isDelivered ? POSTED : failedPost(stored.postFailures ?? 0));
      if (!isDelivered) return;
    }
  }

  async function all(): Promise<DayAnchor[]> {
    return (await anchors.find().toArray()).map(anchorOf);
  }

  return { tell, all };
}

const POSTED = { $unset: { postAt: '', postFailures: '' } } as const;

/** A minute after the first failure, twice as long after each more, an hour at the most. */
function failedPost(failures: number) {
  const waitMs = Math.min(LONGEST_WAIT_MS, MINUTE_MS * 2 ** failures);
  return { $set: { postAt: new Date(realMilliseconds() + waitMs), postFailures: failures + 1 } };
}

function anchorOf({ _id: day, number, hash, root }: StoredAnchor): DayAnchor {
  return { day, number, hash, root };
}

function messageOf({ day, number, hash, root }: DayAnchor): { id: string; body: string } {
  const data = { day, number, hash, root };
  return { id: `seal:${day}:${number}`, body: JSON.stringify({ type: 'day.sealed', data }) };
}
