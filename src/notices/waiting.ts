import { insertIgnoringDuplicates } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { updateEvery } from '../database/everyDocument.ts';
import { groupBy } from '../kernel/group.ts';
import type { Texts } from '../privacy/texts.ts';
import type { Pending } from './fanOut.ts';
import { digestContent } from './messages/digest.ts';
import { type Gathering, traitsOf } from './messages/traits.ts';
import { ownersOf } from './privacy.ts';
import type { Recipient, Recipients } from './recipients.ts';
import { WAITING, type WaitingDocument, type WaitingStore } from './store.ts';

/**
 * What to do with a notice, by what its person is and wants at that moment. `silentUntil`: it goes out in quiet hours, which end
 * then, without a sound.
 */
export type Plan =
  | { kind: 'send'; silentUntil?: Date }
  | { kind: 'drop' }
  | { kind: 'wait'; notBefore: Date; gathered?: Gathering };

export type Plannable = Pick<WaitingDocument, 'content' | 'urgent'>;

const BATCH = 500;
/** Of more than this in one digest the rest comes in another. */
const DIGEST_ITEMS = 20_000;

/**
 * Notices that wait: for the end of quiet hours, or to be told with others of their topic. When one is due its person is read
 * anew, so it goes to the chats that speak for them then, or waits on, or goes nowhere (rules 3). Nothing is told twice: what a
 * digest tells of is fixed by its own insert, and what was handed over has the key of its delivery.
 */
export function createWaiting(deps: {
  waitingStore: WaitingStore;
  texts: Texts;
  onUnreached: (accountIds: string[], now: Date) => Promise<void>;
  recipients: Recipients;
  fanOut: (list: [Pending, Recipient][], now: Date) => Promise<void>;
  plan: (notice: Plannable, person: Recipient, now: Date) => Plan;
}) {
  const { waitingStore } = deps;

  function documentOf(
    { key, ...notice }: Pending,
    { notBefore, gathered }: Extract<Plan, { kind: 'wait' }>,
  ): WaitingDocument {
    return { _id: key, ...notice, notBefore, ...(gathered === undefined ? {} : { gathered }), state: 'waiting' };
  }

  async function store(documents: WaitingDocument[]): Promise<void> {
    const stored = await deps.texts.protect(WAITING, documents, ownersOf);
    await insertIgnoringDuplicates(waitingStore, stored, durable(waitingStore));
  }

  /** When the last that was gathered for a person so is due, or was; one look for each state, however many there are. */
  async function lastGathered(accountId: string, gathered: Gathering): Promise<Date | undefined> {
    const [waiting, released] = await Promise.all(
      (['waiting', 'released'] as const).map((state) =>
        waitingStore.findOne(
          { accountId, state, gathered },
          { sort: { notBefore: -1 }, projection: { _id: 0, notBefore: 1 } },
        ),
      ),
    );
    return (waiting ?? released)?.notBefore;
  }

  /** For whom of these people something waits for the end of their quiet hours. */
  async function heldUp(accountIds: string[]): Promise<Set<string>> {
    const wanted = {
      accountId: { $in: [...new Set(accountIds)] },
      state: 'waiting',
      gathered: { $exists: false },
    } as const;
    return new Set(await waitingStore.distinct('accountId', wanted));
  }

  async function drop(subjects: string[]): Promise<void> {
    await updateEvery(waitingStore, { subject: { $in: subjects }, state: 'waiting' }, { $set: { state: 'moot' } });
  }

  async function nextDue(): Promise<Date | null> {
    const next = await waitingStore.find({ state: 'waiting' }).sort({ notBefore: 1, order: 1 }).limit(1).next();
    return next?.notBefore ?? null;
  }

  /** After a person has changed what they want: decides anew about everything of theirs that waits. */
  async function reconsider(accountId: string, now: Date): Promise<void> {
    const person = (await deps.recipients.load([accountId])).get(accountId);
    if (person === undefined) return;
    for await (const document of waitingStore.find({ accountId, state: 'waiting' })) {
      const plan = planAnew(document, person, now);
      if (plan.kind === 'drop') await mark([document], 'moot');
      else await putOff(document, plan.kind === 'wait' ? plan : { kind: 'wait', notBefore: now });
    }
    await release(now);
  }

  /** All of it, a batch at a time; what is put off is due later than `now`, so this ends. */
  async function release(now: Date): Promise<void> {
    for (;;) {
      const due = await waitingStore
        .find({ state: 'waiting', notBefore: { $lte: now } })
        .sort({ notBefore: 1, order: 1 })
        .limit(BATCH)
        .toArray();
      if (due.length === 0) return;
      await releaseBatch(await deps.texts.reveal(WAITING, due), now);
    }
  }

  /** What was stored to be told at once, without waiting for the next beat: each with whatever else of its kind is due. */
  async function tellNow(documents: WaitingDocument[], now: Date): Promise<void> {
    const groups = groupBy(documents, ({ accountId, gathered }) => `${gathered}:${accountId}`);
    for (const [first] of groups.values()) if (first !== undefined) await gather(first, now);
  }

  async function releaseBatch(due: WaitingDocument[], now: Date): Promise<void> {
    const people = await deps.recipients.load(due.map(({ accountId }) => accountId));
    const planned = due.map((document) => ({ document, plan: planOf(document, people.get(document.accountId), now) }));
    const of = (kind: Step['kind']) => planned.filter(({ plan }) => plan.kind === kind).map(({ document }) => document);
    const toSend = of('send').flatMap((document): [Pending, Recipient][] => {
      const person = people.get(document.accountId);
      return person === undefined ? [] : [[pendingOf(document), person]];
    });
    await deps.fanOut(toSend, now);
    await mark(of('send'), 'released');
    await mark(of('drop'), 'moot');
    for (const { document, plan } of planned) if (plan.kind === 'wait') await putOff(document, plan);
    const unreached = of('drop').filter(
      (document) => traitsOf(document.content).mustReach === true && !people.has(document.accountId),
    );
    if (unreached.length > 0)
      await deps.onUnreached(
        unreached.map(({ accountId }) => accountId),
        now,
      );
    await tellNow(of('gather'), now);
  }

  type Step = Plan | { kind: 'gather' };

  /** What to do with a notice that waited; one that was gathered, and still is to be, is told now. */
  function planOf(document: WaitingDocument, person: Recipient | undefined, now: Date): Step {
    if (person === undefined || (document.expiresAt !== undefined && document.expiresAt <= now))
      return { kind: 'drop' };
    const plan = planAnew(document, person, now);
    const isGathered = document.gathered !== undefined && plan.kind === 'wait' && plan.gathered === document.gathered;
    return isGathered ? { kind: 'gather' } : plan;
  }

  /** What waits for the morning waits on beside what came before it, so that both are read in their order. */
  function planAnew(document: WaitingDocument, person: Recipient, now: Date): Plan {
    const plan = deps.plan(document, person, now);
    if (plan.kind !== 'send' || plan.silentUntil === undefined || document.gathered !== undefined) return plan;
    return { kind: 'wait', notBefore: plan.silentUntil };
  }

  async function putOff({ _id }: WaitingDocument, { notBefore, gathered }: Extract<Plan, { kind: 'wait' }>) {
    const set = { notBefore, ...(gathered === undefined ? {} : { gathered }) };
    const unset = gathered === undefined ? { $unset: { gathered: '' as const } } : {};
    await waitingStore.updateOne({ _id, state: 'waiting' }, { $set: set, ...unset });
  }

  async function mark(documents: WaitingDocument[], state: WaitingDocument['state']): Promise<void> {
    if (documents.length === 0) return;
    const ids = documents.map(({ _id }) => _id);
    await waitingStore.updateMany({ _id: { $in: ids }, state: 'waiting' }, { $set: { state } }, durable(waitingStore));
  }

  /** Everything of a person and topic, or kind, that is due, in one notice; a single one as itself. */
  async function gather({ accountId, gathered }: WaitingDocument, now: Date): Promise<void> {
    if (gathered === undefined) return;
    const found = await waitingStore
      .find({ accountId, state: 'waiting', gathered, notBefore: { $lte: now } })
      .sort({ order: 1 })
      .limit(DIGEST_ITEMS)
      .toArray();
    const items = await deps.texts.reveal(WAITING, found);
    const [first] = items;
    if (first === undefined) return;
    if (items.length > 1) return tellTogether(first, gathered, items, now);
    const person = (await deps.recipients.load([accountId])).get(accountId);
    if (person !== undefined) await deps.fanOut([[pendingOf(first), person]], now);
    await mark([first], 'released');
  }

  /** The insert of the digest decides what it tells of; whoever comes second, or again, goes by that. */
  async function tellTogether(
    first: WaitingDocument,
    gathered: Gathering,
    items: WaitingDocument[],
    now: Date,
  ): Promise<void> {
    for (let number = 1; ; number += 1) {
      const digest: WaitingDocument = {
        _id: `digest:${first.accountId}:${gathered}:${first.notBefore.toISOString()}:${number}`,
        accountId: first.accountId,
        content: digestContent(
          gathered,
          items.map(({ content }) => content),
        ),
        urgent: items.some(({ urgent }) => urgent),
        ...{ at: now, enqueuedAt: now, notBefore: now, order: items.at(-1)?.order ?? first.order },
        state: 'waiting',
        members: items.map(({ _id }) => _id),
      };
      await store([digest]);
      const stored = await waitingStore.findOne({ _id: digest._id });
      const members = new Set(stored?.members ?? []);
      const told = items.filter(({ _id }) => members.has(_id));
      await mark(told, 'released');
      if (stored?.state === 'waiting') await releaseBatch(await deps.texts.reveal(WAITING, [stored]), now);
      if (told.length > 0) return;
    }
  }

  return { documentOf, store, lastGathered, heldUp, drop, nextDue, reconsider, release, tellNow };
}

function pendingOf({ _id: key, notBefore, state, gathered, members, ...notice }: WaitingDocument): Pending {
  return { key, ...notice };
}
