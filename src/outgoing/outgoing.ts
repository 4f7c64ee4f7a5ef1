import type { Connection } from 'mongoose';
import { type Backlog, backlogOf } from '../database/backlog.ts';
import { durable } from '../database/durable.ts';
import { readPage } from '../database/readPage.ts';
import type { OutgoingType } from '../events/outgoing.ts';
import type { Clock } from '../kernel/clock.ts';
import { chunksOf } from '../kernel/group.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import { createSequence } from '../kernel/sequence.ts';
import { ERASED_TEXT, type Texts } from '../privacy/texts.ts';
import { createSending, type ParkedWebhook } from './dispatch.ts';
import { createLatency } from './latency.ts';
import { bodyOf, type OutgoingMessage, ownersOf, webhookIdOf } from './message.ts';
import { createNumbering } from './numbering.ts';
import { COLLECTION, createOutgoingStore, type OutgoingDocument, type OutgoingState } from './store.ts';
import { verifySequences } from './verify.ts';

export { OUTGOING_TYPES, type OutgoingType } from '../events/outgoing.ts';
export type { ClaimedWebhook, Head, ParkedWebhook, SendOutcome } from './dispatch.ts';
export type { OutgoingMessage } from './message.ts';
export { OUTGOING_STATES, type OutgoingState } from './store.ts';

/** `timestamp` is when it happened, by effective time; `nextAt` is there while it is due. Lists have no more than this. */
export type OutgoingSummary = {
  webhookId: string;
  type: OutgoingType;
  subject: string;
  /** Its number among those of the subject; null for one of before there were numbers. */
  sequence: number | null;
  timestamp: Date;
  emittedAt: Date;
  status: OutgoingState;
  attempts: number;
  error: string | null;
  nextAt: Date | null;
  deliveredAt: Date | null;
};

/** With what the message says. */
export type OutgoingView = OutgoingSummary & { data: unknown };

type SummaryDocument = Omit<OutgoingDocument, 'body'>;

export type Outgoing = ReturnType<typeof createOutgoing>;

/**
 * Webhooks to the platform (docs/integration.md): stored durably here, sent by the process that runs `sending`. Without
 * `enabled`, where no URL is configured, nothing is stored. `onParked` is called before a message is given up. In shadow
 * `withhold` takes every message instead, and none is stored here.
 */
export function createOutgoing(deps: {
  connection: Connection;
  texts: Texts;
  clock: Clock;
  enabled: boolean;
  onParked: (webhook: ParkedWebhook, now: Date) => Promise<void>;
  withhold?: ((list: OutgoingMessage[]) => Promise<void>) | undefined;
}) {
  const messages = createOutgoingStore(deps.connection);
  const listeners = new Set<() => void>();
  const nextOrder = createSequence();
  const sending = createSending({ ...deps, messages });
  const numbering = createNumbering({ messages, documentsOf });

  /**
   * Stores messages durably, in the order given; a key that was emitted before changes nothing. Those of one subject are
   * numbered as they are stored, and sent in that order: so whoever emits a message has emitted, before it or with it, all
   * that was decided earlier about the subject. They are sent from `now` on, or from the service's present instant on if
   * that is later. Hand over many at once.
   */
  async function emit(list: OutgoingMessage[], now: Date): Promise<void> {
    if (deps.withhold !== undefined) return deps.withhold(list);
    if (!deps.enabled || list.length === 0) return;
    const present = deps.clock.now();
    const sentFrom = present > now ? present : now;
    const emitted = list.map((message) => ({
      ...{ id: webhookIdOf(message.key), subject: message.subject },
      ...{ message, order: nextOrder(), sentFrom },
    }));
    for (const batch of chunksOf(emitted, BATCH)) await numbering.store(batch);
    wake();
  }

  async function documentsOf(numbered: (Emitted & { sequence: number })[]): Promise<OutgoingDocument[]> {
    const owners = new Map(numbered.map(({ id, message }) => [id, ownersOf(message)]));
    return deps.texts.protect(COLLECTION, numbered.map(documentOf), ({ path }, { _id }) =>
      path === 'body' ? (owners.get(_id) ?? []) : [],
    );
  }

  async function get(id: string): Promise<OutgoingView | null> {
    const found = await messages.findOne({ _id: id });
    if (found === null) return null;
    const { body } = await deps.texts.revealOne(COLLECTION, found);
    return { ...summaryOf(found), data: body === ERASED_TEXT ? null : JSON.parse(body).data };
  }

  /** Newest first; what a message says is read one by one. */
  async function list(request: PageRequest & { status?: OutgoingState }): Promise<Page<OutgoingSummary>> {
    const found = messages
      .find({
        ...(request.status === undefined ? {} : { state: request.status }),
        ...(request.after === undefined ? {} : before(request.after)),
      })
      .project<SummaryDocument>({ body: 0 })
      .sort({ order: -1, _id: -1 });
    const { items, next } = await readPage(found, request.limit, ({ order, _id }) => `${order}~${_id}`);
    return { items: items.map(summaryOf), next };
  }

  /**
   * Sends a message at once, with a retry schedule of its own and under the number that it has: a parked or delivered one
   * after whatever else is due of its subject, one that is due together with those before it. The platform recognises a repetition by its id.
   */
  async function replay(id: string): Promise<{ kind: 'replayed' } | { kind: 'not-found' }> {
    const nextAt = deps.clock.now();
    const found = await messages.findOne({ _id: id }, { projection: { state: 1, subject: 1 } });
    if (found === null) return { kind: 'not-found' };
    if (found.state === 'due') {
      await messages.updateMany({ state: 'due', subject: found.subject }, { $set: { nextAt, failures: 0 } });
    } else {
      await messages.updateOne(
        { _id: id, subject: found.subject, state: found.state },
        {
          $set: { state: 'due', nextAt, failures: 0, order: nextOrder() },
          $inc: { replays: 1 },
          $unset: { error: '', deliveredAt: '', parkedAt: '' },
        },
        durable(messages),
      );
    }
    wake();
    return { kind: 'replayed' };
  }

  /** How many are on their way, and how many were given up. */
  async function counts(): Promise<Record<'due' | 'parked', number>> {
    const [due = 0, parked = 0] = await Promise.all(
      (['due', 'parked'] as const).map((state) => messages.countDocuments({ state })),
    );
    return { due, parked };
  }

  /** What was given up until somebody has it sent again. */
  const parkedBacklog = (): Promise<Backlog> => backlogOf(messages, { state: 'parked' }, { since: 'parkedAt' });

  /** Calls back when there may be something new to send. */
  function onDue(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  function wake(): void {
    for (const listener of listeners) listener();
  }

  return {
    ...{ enabled: deps.enabled, emit, get, list, replay, counts, parkedBacklog, onDue, sending },
    latency: createLatency(messages),
    verify: () => verifySequences(messages),
  };
}

const BATCH = 1_000;

/** A message that is to be stored, in the order in which it was handed over, to be sent from an instant on. */
type Emitted = { id: string; subject: string; message: OutgoingMessage; order: number; sentFrom: Date };

function documentOf({ id, message, order, sentFrom, sequence }: Emitted & { sequence: number }): OutgoingDocument {
  return {
    _id: id,
    type: message.type,
    subject: message.subject,
    at: message.at,
    body: bodyOf(message, sequence),
    emittedAt: sentFrom,
    sequence,
    order,
    state: 'due',
    nextAt: sentFrom,
    attempts: 0,
    failures: 0,
    replays: 0,
  };
}

function summaryOf(document: SummaryDocument): OutgoingSummary {
  return {
    webhookId: document._id,
    type: document.type,
    subject: document.subject,
    sequence: document.sequence ?? null,
    timestamp: document.at,
    emittedAt: document.emittedAt,
    status: document.state,
    attempts: document.attempts,
    error: document.error ?? null,
    nextAt: document.state === 'due' ? document.nextAt : null,
    deliveredAt: document.deliveredAt ?? null,
  };
}

/**
 * Messages after a cursor, which is the order and id of the last one listed; a cursor that no page answered finds
 * nothing.
 */
function before(cursor: string) {
  const [, order = '-1', id = ''] = /^(\d{1,16})~(.*)$/.exec(cursor) ?? [];
  return { $or: [{ order: { $lt: Number(order) } }, { order: Number(order), _id: { $lt: id } }] };
}
