import type { Accounts } from '../accounts/accounts.ts';
import { cadenceOf } from '../accounts/topics.ts';
import { updateEvery } from '../database/everyDocument.ts';
import { chunksOf } from '../kernel/group.ts';
import { createSequence } from '../kernel/sequence.ts';
import type { Unfinished } from '../kernel/unfinished.ts';
import type { Policy } from '../policy.ts';
import type { Texts } from '../privacy/texts.ts';
import { createFanOut, type Pending, pendingOf } from './fanOut.ts';
import type { Notice } from './messages/notice.ts';
import { isGroupedKind, isNews, topicOf, traitsOf, WARNINGS } from './messages/traits.ts';
import { createPacing } from './pacing.ts';
import { digestInstant, quietEnd } from './personalTimes.ts';
import { concerns, createRecipients, isReachable, type Recipient } from './recipients.ts';
import {
  DELIVERIES,
  type DeliveryDocument,
  type NoticeStore,
  type WaitingDocument,
  type WaitingStore,
} from './store.ts';
import { createWaiting, type Plan, type Plannable } from './waiting.ts';

export type { Notice } from './messages/notice.ts';
export type { NoticeStore } from './store.ts';

export type Notices = ReturnType<typeof createNotices>;

export type NoticesDependencies = {
  store: NoticeStore;
  waitingStore: WaitingStore;
  texts: Texts;
  accounts: Pick<Accounts, 'linksOf' | 'getMany' | 'settingsOf'>;
  policy: Policy['notices'];
  /** The platform's, for whoever has none. */
  timeZone: string;
  /** Something had to be told these people, and no chat of theirs can take it (rules 2.9). */
  onUnreached: (accountIds: string[], now: Date) => Promise<void>;
  /** A warning of an invoice has arrived (rules 2.9); done again after a crash. */
  onWarned: (accountId: string, sentAt: Date) => Promise<void>;
  /** In shadow: what takes every notice instead of a chat, and counts it as delivered when it was due. */
  withheld?:
    | { notices(notices: Notice[]): Promise<void>; warnedAt(subjects: string[]): Promise<Map<string, Date>> }
    | undefined;
};

/**
 * What to tell whom. Telling is storing; the channels deliver on their own. What waits for its time is nobody's chat yet:
 * link, role and settings are read when it is due, and once more when it is sent (rules 3).
 */
export function createNotices(deps: NoticesDependencies) {
  const { store, policy } = deps;
  const nextOrder = createSequence();
  const recipients = createRecipients(deps);
  const { fanOut, onEnqueued } = createFanOut(deps);
  const waiting = createWaiting({ ...deps, recipients, fanOut, plan });
  const pacing = createPacing({ lastGathered: waiting.lastGathered, policy });

  /**
   * Stores what is to be told, durably, in the order given; told before is told already. Who has no chat linked, or cannot
   * be reached there, is passed over. Hand over many at once.
   */
  async function enqueue(notices: Notice[], now: Date): Promise<void> {
    if (deps.withheld !== undefined) return deps.withheld.notices(notices);
    for (const batch of chunksOf(notices, BATCH)) await enqueueBatch(batch, now);
  }

  async function enqueueBatch(notices: Notice[], now: Date): Promise<void> {
    const people = await recipients.load(notices.map(({ accountId }) => accountId));
    const toSend: [Pending, Recipient][] = [];
    const toWait: WaitingDocument[] = [];
    const firstAtOnce = pacing.together();
    const inOrder = await silentInOrder(notices, people, now);
    for (const notice of notices) {
      const person = people.get(notice.accountId);
      if (person === undefined) continue;
      const pending = pendingOf(notice, nextOrder(), now);
      const at = await firstAtOnce(plan(pending, person, now), pending, person, now);
      const planned = inOrder(person, at.kind === 'send' && notice.briefly ? { kind: 'wait', notBefore: now } : at);
      if (planned.kind === 'send') toSend.push([pending, person]);
      if (planned.kind === 'wait') toWait.push(waiting.documentOf(pending, planned));
    }
    await waiting.store(toWait);
    await fanOut(toSend, now);
    await waiting.tellNow(
      toWait.filter((one) => isGroupedKind(one.gathered ?? '') && one.notBefore <= now),
      now,
    );
    const unreached = notices.filter((notice) => traitsOf(notice).mustReach === true && !reaches(people, notice));
    await reportUnreached(
      unreached.map(({ accountId }) => accountId),
      now,
    );
  }

  /**
   * Of notices that come together: what would go out in quiet hours without a sound waits where something before it does, because a
   * person reads what happened in its order.
   */
  async function silentInOrder(notices: Notice[], people: Map<string, Recipient>, now: Date) {
    const inQuietHours = notices.flatMap((notice) => {
      const person = people.get(notice.accountId);
      return person !== undefined && isNews(notice) && quietEnd(now, person, policy) !== null ? [person.accountId] : [];
    });
    const held = inQuietHours.length === 0 ? new Set<string>() : await waiting.heldUp(inQuietHours);

    return ({ accountId }: Recipient, planned: Plan): Plan => {
      if (planned.kind === 'send' && planned.silentUntil !== undefined && held.has(accountId))
        return { kind: 'wait', notBefore: planned.silentUntil };
      if (planned.kind === 'wait' && planned.gathered === undefined) held.add(accountId);
      return planned;
    };
  }

  /** What to do with a notice now, by what its person is and wants now. */
  function plan(notice: Plannable, person: Recipient, now: Date): Plan {
    if (!concerns(notice.content, person)) return { kind: 'drop' };
    const topic = topicOf(notice.content);
    const cadence = topic === undefined ? 'at-once' : cadenceOf(person.settings, topic);
    if (cadence === 'never') return { kind: 'drop' };
    if (traitsOf(notice.content).regular === true && person.settings.digest === 'off') return { kind: 'drop' };
    if (cadence !== 'at-once' && topic !== undefined && notice.content.kind !== 'digest') {
      return { kind: 'wait', notBefore: digestInstant(now, person, cadence, policy), gathered: topic };
    }
    const notBefore = notice.urgent ? null : quietEnd(now, person, policy);
    const { kind } = notice.content;
    if (isGroupedKind(kind)) return { kind: 'wait', notBefore: notBefore ?? now, gathered: kind };
    if (notBefore === null) return { kind: 'send' };
    return isNews(notice.content) ? { kind: 'send', silentUntil: notBefore } : { kind: 'wait', notBefore };
  }

  async function reportUnreached(accountIds: string[], now: Date): Promise<void> {
    if (accountIds.length > 0) await deps.onUnreached(accountIds, now);
  }

  /** No chat takes what was sent to this person: if none is left, those who have to know are told. */
  async function noteUnreachable(accountId: string, now: Date): Promise<void> {
    const person = (await recipients.load([accountId])).get(accountId);
    if (person === undefined || !isReachable(person)) await reportUnreached([accountId], now);
  }

  /** The person of a delivery as they are now, or null when that account has no chat any more. */
  async function recipientOf({ accountId }: Pick<DeliveryDocument, 'accountId'>): Promise<Recipient | null> {
    return (await recipients.load([accountId])).get(accountId) ?? null;
  }

  /** Sends on, to the chats that the person wants now, what a chat is no longer the right one for. */
  async function redirect(delivery: DeliveryDocument, person: Recipient, now: Date): Promise<void> {
    const key = delivery._id.slice(0, -`>${delivery.channel}:${delivery.userId}`.length);
    await fanOut([[{ ...(await legible(delivery)), key }, person]], now);
  }

  /** A delivery as its person reads it: what was erased meanwhile says so. */
  function legible(delivery: DeliveryDocument): Promise<DeliveryDocument> {
    return deps.texts.revealOne(DELIVERIES, delivery);
  }

  /** What follows from the arrival of a warning, once it is written down. */
  async function noteDelivered({ _id, accountId }: Pick<DeliveryDocument, '_id' | 'accountId'>): Promise<void> {
    const stored = await store.findOne({ _id });
    if (stored?.sentAt !== undefined) await deps.onWarned(accountId, stored.sentAt);
    await store.updateOne({ _id }, { $unset: { pendingEffects: '' } });
  }

  /** When the first warning about each of these subjects arrived; those without one are not in it. */
  async function warnedAt(subjects: string[]): Promise<Map<string, Date>> {
    if (deps.withheld !== undefined) return deps.withheld.warnedAt(subjects);
    const rows = store.aggregate<{ _id: string; at: Date }>([
      {
        $match: {
          subject: { $in: subjects },
          state: 'sent',
          'content.kind': { $in: WARNINGS },
          sentAt: { $exists: true },
        },
      },
      { $group: { _id: '$subject', at: { $min: '$sentAt' } } },
    ]);
    return new Map((await rows.toArray()).map(({ _id, at }) => [_id, at]));
  }

  /** Finishes what a crash left after an arrival. */
  async function repair(): Promise<void> {
    for (const delivery of await store.find({ pendingEffects: true }).toArray()) await noteDelivered(delivery);
  }

  const unfinished: Unfinished = {
    kind: 'warnings',
    find: async (limit) => {
      const found = store.find({ pendingEffects: true }, { projection: { sentAt: 1 } }).limit(limit);
      return (await found.toArray()).map(({ _id, sentAt = new Date(0) }) => ({ id: _id, since: sentAt }));
    },
    finish: repair,
  };

  /** Drops what is not sent yet about these subjects: it is moot (rules 3). */
  async function drop(subjects: string[]): Promise<void> {
    if (subjects.length === 0) return;
    await updateEvery(store, { subject: { $in: subjects }, state: 'due' }, { $set: { state: 'moot' } });
    await waiting.drop(subjects);
  }

  /** When the next notice that waits is due, or null. */
  async function nextDue(now: Date): Promise<Date | null> {
    // In shadow what waited before goes on waiting: it is nobody's chat yet, and read anew when its time comes.
    if (deps.withheld !== undefined) return null;
    const [put, [off]] = await Promise.all([
      waiting.nextDue(),
      store
        .find({ state: 'due', notBefore: { $gt: now } }, { projection: { notBefore: 1 } })
        .sort({ notBefore: 1 })
        .limit(1)
        .toArray(),
    ]);
    const instants = [put, off?.notBefore].filter((at) => at !== null && at !== undefined);
    return instants.length === 0 ? null : new Date(Math.min(...instants.map((at) => at.getTime())));
  }

  return {
    ...{
      enqueue,
      drop,
      nextDue,
      onEnqueued,
      recipientOf,
      redirect,
      legible,
      noteUnreachable,
      noteDelivered,
      warnedAt,
      repair,
      unfinished,
    },
    /** Hands over what waits and is due at `now`, and tells what was gathered until then. */
    release: waiting.release,
    /** What this person has changed decides anew about what waits for them. */
    reconsider: waiting.reconsider,
    /** When messages that are not urgent may make a sound for this person again, or null when they may now. */
    quietEnd: (person: Recipient, now: Date) => quietEnd(now, person, policy),
  };
}

const BATCH = 1_000;

function reaches(people: Map<string, Recipient>, { accountId }: Notice): boolean {
  const person = people.get(accountId);
  return person !== undefined && isReachable(person);
}
