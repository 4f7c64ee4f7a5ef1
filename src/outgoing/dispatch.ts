import type { mongo } from 'mongoose';
import { durable } from '../database/durable.ts';
import type { Clock } from '../kernel/clock.ts';
import { randomToken } from '../kernel/ids.ts';
import { ERASED_TEXT, type Texts } from '../privacy/texts.ts';
import { failureText } from './failure.ts';
import { delayAfter, honoured } from './retrySchedule.ts';
import { COLLECTION, IN_ORDER, type OutgoingDocument } from './store.ts';

/** The outcome of handing a message to the platform. `error` has no secret in it. */
export type SendOutcome =
  | { kind: 'delivered' }
  /** `askedMs`: what `Retry-After` asked for. */
  | { kind: 'failed'; error: string; askedMs?: number }
  /** The sender stopped in between: nobody's fault, and to be sent again at once. */
  | { kind: 'cut-off' };

/** A message that is ours to send; `claim` proves it. */
export type ClaimedWebhook = Pick<OutgoingDocument, 'type' | 'body' | 'attempts' | 'failures' | 'replays'> & {
  id: string;
  subject: string;
  claim: string;
};

export type ParkedWebhook = {
  webhookId: string;
  type: string;
  error: string;
  attempts: number;
  /** How often it was given up before. */
  replays: number;
};

/** The first message of a subject: only that one may be sent, so that the platform reads in order. */
export type Head = { id: string; subject: string };

/** The first of a subject, which is `_id`; it may have to wait. */
type SubjectHead = { _id: string; id: string; nextAt: Date; failures: number };

/** A claim expires this long after its process died or froze; a living process renews it in good time. */
const CLAIM_MS = 5_000;
/** How many messages are read to find those that may be sent. */
const LOOK = 256;

/** The stored messages as a sender needs them. Any number of processes may send at once: a claim says who sends what. */
export function createSending(deps: {
  messages: mongo.Collection<OutgoingDocument>;
  texts: Texts;
  clock: Clock;
  onParked: (webhook: ParkedWebhook, now: Date) => Promise<void>;
}) {
  const { messages, clock } = deps;

  /** When the next message is to be sent, by the service's clock, or null when none is. */
  async function nextDue(): Promise<Date | null> {
    const next = await messages.findOne({ state: 'due' }, { sort: { nextAt: 1 }, projection: { nextAt: 1 } });
    return next?.nextAt ?? null;
  }

  /** Whether anything is due now, also when another process is at it. */
  async function isDue(): Promise<boolean> {
    const found = await messages.findOne({ state: 'due', nextAt: { $lte: clock.now() } }, { projection: { _id: 1 } });
    return found !== null;
  }

  /** What may be sent now, the longest due first, at most one of each subject; none of `exceptSubjects`. */
  async function look(exceptSubjects: string[]): Promise<Head[]> {
    const now = clock.now();
    const due = await messages
      .find({ state: 'due', nextAt: { $lte: now }, subject: { $nin: exceptSubjects } }, { projection: { subject: 1 } })
      .sort({ nextAt: 1, order: 1 })
      .limit(LOOK)
      .toArray();
    const heads = await headsOf([...new Set(due.map(({ subject }) => subject))]);
    await waitBehind(
      heads.filter(({ nextAt }) => nextAt > now),
      now,
    );
    return heads.filter(({ nextAt }) => nextAt <= now).map(({ id, _id: subject }) => ({ id, subject }));
  }

  /** The first of each of these subjects, in the order given. */
  async function headsOf(subjects: string[]): Promise<SubjectHead[]> {
    if (subjects.length === 0) return [];
    const heads = await messages
      .aggregate<SubjectHead>([
        { $match: { state: 'due', subject: { $in: subjects } } },
        { $sort: { subject: 1, ...IN_ORDER } },
        {
          $group: {
            _id: '$subject',
            ...{ id: { $first: '$_id' }, nextAt: { $first: '$nextAt' }, failures: { $first: '$failures' } },
          },
        },
      ])
      .toArray();
    const bySubject = new Map(heads.map((head) => [head._id, head]));
    return subjects.flatMap((subject) => bySubject.get(subject) ?? []);
  }

  /**
   * Messages behind one that waits for its next try wait with it, and its failures count for them too: they would have
   * failed as well. So all that a dead platform has not taken is given up after the same 27 hours. One that never failed
   * only waits because who emitted it has a clock that is ahead of ours.
   */
  async function waitBehind(waiting: SubjectHead[], now: Date): Promise<void> {
    if (waiting.length === 0) return;
    await messages.bulkWrite(
      waiting.map(({ _id: subject, nextAt, failures }) => ({
        updateMany: {
          filter: { state: 'due', subject, nextAt: { $lte: now } },
          update: { $set: { nextAt }, $inc: { failures: failures > 0 ? 1 : 0 } },
        },
      })),
      { ordered: false },
    );
  }

  /** Claims a message to send; null when it is not due any more, or another process has it. */
  async function claim({ id, subject }: Head): Promise<ClaimedWebhook | null> {
    const token = randomToken();
    const claimed = await messages.findOneAndUpdate(
      {
        ...{ _id: id, subject },
        state: 'due',
        nextAt: { $lte: clock.now() },
        $expr: { $lte: [{ $ifNull: ['$claimedUntil', LONG_AGO] }, '$$NOW'] },
      },
      [
        {
          $set: {
            claim: token,
            claimedUntil: { $add: ['$$NOW', CLAIM_MS] },
            attempts: { $add: ['$attempts', 1] },
          },
        },
      ],
      { returnDocument: 'after' },
    );
    if (claimed === null) return null;
    const { type, body, attempts, failures, replays } = await deps.texts.revealOne(COLLECTION, claimed);
    if (body === ERASED_TEXT) return giveUp({ id, subject });
    return { id, subject, type, body, attempts, failures, replays, claim: token };
  }

  /** What it said is erased with an account: it goes to nobody any more. */
  async function giveUp({ id, subject }: Head): Promise<null> {
    const error = failureText({ kind: 'erased' });
    const parked = { state: 'parked', parkedAt: clock.now(), error } as const;
    await messages.updateOne({ _id: id, subject, state: 'due' }, { $set: parked, $unset: NO_CLAIM }, durable(messages));
    return null;
  }

  /** Renews the claims of what is being sent: to be called well within five seconds. */
  async function renew(held: ClaimedWebhook[]): Promise<void> {
    await messages.updateMany(
      { _id: { $in: held.map(({ id }) => id) }, claim: { $in: held.map(({ claim }) => claim) } },
      [{ $set: { claimedUntil: { $add: ['$$NOW', CLAIM_MS] } } }],
    );
  }

  /**
   * Stores the outcome of a claimed message, durably. `jitter` is a random number in [0, 1). Answers whether the next
   * of its subject may be sent now.
   */
  async function settle(webhook: ClaimedWebhook, outcome: SendOutcome, jitter: number): Promise<boolean> {
    const now = clock.now();
    switch (outcome.kind) {
      case 'delivered':
        // True whoever holds the claim now: the platform has it.
        await messages.updateOne(
          { _id: webhook.id, subject: webhook.subject, state: 'due' },
          { $set: { state: 'delivered', deliveredAt: now }, $unset: { ...NO_CLAIM, error: '' } },
          durable(messages),
        );
        return true;
      case 'cut-off':
        await messages.updateOne(mine(webhook), { $unset: NO_CLAIM });
        return false;
      case 'failed': {
        const failures = webhook.failures + 1;
        const delay = delayAfter(failures, jitter, outcome.askedMs);
        if (delay === null) return park(webhook, outcome.error, now);
        const nextAt = new Date(now.getTime() + delay);
        const change = { $set: { nextAt, failures, error: outcome.error }, $unset: NO_CLAIM };
        await messages.updateOne(mine(webhook), change, durable(messages));
        return false;
      }
    }
  }

  /** Reported first: a message that is given up silently would be lost. */
  async function park(webhook: ClaimedWebhook, error: string, now: Date): Promise<boolean> {
    const { id: webhookId, type, attempts, replays } = webhook;
    await deps.onParked({ webhookId, type, error, attempts, replays }, now);
    const change = { $set: { state: 'parked', parkedAt: now, error } as const, $unset: NO_CLAIM };
    await messages.updateOne(mine(webhook), change, durable(messages));
    return true;
  }

  /** The first message of a subject, if it is due now. */
  async function headOf(subject: string): Promise<Head | null> {
    const [head] = await messages
      .find({ state: 'due', subject }, { projection: { nextAt: 1 } })
      .sort(IN_ORDER)
      .limit(1)
      .toArray();
    return head === undefined || head.nextAt > clock.now() ? null : { id: head._id, subject };
  }

  /** The platform asked for a pause: what is due waits. Answers until when, by the service's clock. */
  async function holdBack(askedMs: number): Promise<Date> {
    const now = clock.now();
    const until = new Date(now.getTime() + honoured(askedMs));
    await putOff(now, until);
    return until;
  }

  /** Puts off whatever is due at `now` to `until`; no fault of its own, so it costs no try. */
  async function putOff(now: Date, until: Date): Promise<void> {
    await messages.updateMany({ state: 'due', nextAt: { $lte: now } }, { $set: { nextAt: until } });
  }

  return { nextDue, isDue, look, claim, renew, settle, headOf, holdBack, putOff };
}

const LONG_AGO = new Date(0);
const NO_CLAIM = { claim: '', claimedUntil: '' } as const;

/** A process that was taken for dead meanwhile has no say about a failure. */
function mine({ id, subject, claim }: ClaimedWebhook): mongo.Filter<OutgoingDocument> {
  return { _id: id, subject, state: 'due', claim };
}
