import type { mongo } from 'mongoose';

import type { Audit } from '../audit/audit.ts';
import { type Backlog, backlogOf } from '../database/backlog.ts';
import { unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { realMilliseconds } from '../kernel/clock.ts';
import { randomToken } from '../kernel/ids.ts';
import { sum } from '../kernel/money.ts';
import { batchHash, isSamePerson, type Part, stateOf, type Why } from './request.ts';
import type { ApprovalDocument, ApprovedAct } from './store.ts';

/** What somebody wants to do: to a subject, as `payout:2026-04-01:kim`, with these parts and their amounts. */
export type Act = { action: ApprovedAct; subject: string; parts: Part[] };

/** A request that a second person is to approve, as others see it. */
export type ApprovalRequest = Omit<ApprovalDocument, '_id' | 'storedAt' | 'approvedBy' | 'approvedAt'>;

/**
 * `approved`: do it now, and then close it. `waiting`: it waits for another person than `by`; `startedOver` says why an
 * earlier request no longer counts, if there was one.
 */
export type Approval =
  | { kind: 'approved'; askedBy: string | null; approvedBy: string | null; note: string | null }
  | { kind: 'waiting'; request: ApprovalRequest; isNew: boolean; startedOver: Why | null };

export type Approvals = ReturnType<typeof createApprovals>;

/**
 * Two people for what one alone must not do. The first asks, which is stored with a hash of everything that would be done; the
 * second wants to do the very same, and that approves it. Whatever has changed in between starts over.
 */
export function createApprovals(deps: {
  store: mongo.Collection<ApprovalDocument>;
  audit: Pick<Audit, 'record'>;
  /** How many people it takes. */
  people: 1 | 2;
  /** Whether who asked may still ask: their request is worth nothing once they may not. */
  mayAsk: (actor: string) => Promise<boolean>;
  /** Hears of each request, perhaps more than once. */
  onAsked: (request: ApprovalRequest, now: Date) => Promise<void>;
}) {
  const { store } = deps;

  /** Asks for an act, or approves what another person has asked for. */
  async function approve(act: Act, by: { actor: string; note?: string | undefined }, now: Date): Promise<Approval> {
    if (deps.people === 1) return AT_ONCE;
    const hash = batchHash(act);
    for (;;) {
      const known = await store.findOne({ _id: idOf(act) });
      const state = known === null ? 'none' : stateOf(known, { hash, now, mayAsk: await deps.mayAsk(known.askedBy) });
      if (known !== null && state === 'approved') return approvedOf(known);
      if (known !== null && state === 'waiting') {
        if (isSamePerson(known.askedBy, by.actor)) return waiting(known, false, null, now);
        const approved = await approveNow(known, by.actor, now);
        if (approved !== null) return approved;
        continue;
      }
      const fresh = requestFor(act, hash, by, now);
      if (!(await put(fresh, known))) continue;
      return waiting(fresh, true, state === 'none' || state === 'approved' || state === 'waiting' ? null : state, now);
    }
  }

  /** What `approve` would answer now; writes nothing, and nobody hears of it. */
  async function preview(act: Act, by: { actor: string; note?: string | undefined }, now: Date): Promise<Approval> {
    if (deps.people === 1) return AT_ONCE;
    const hash = batchHash(act);
    const known = await store.findOne({ _id: idOf(act) });
    if (known === null) return { ...waitingFor(requestFor(act, hash, by, now)), isNew: true, startedOver: null };
    const state = stateOf(known, { hash, now, mayAsk: await deps.mayAsk(known.askedBy) });
    const { askedBy, approvedBy = by.actor, note = null } = known;
    if (state === 'approved') return { kind: 'approved', askedBy, approvedBy, note };
    if (state !== 'waiting') return { ...waitingFor(requestFor(act, hash, by, now)), isNew: true, startedOver: state };
    if (isSamePerson(askedBy, by.actor)) return { ...waitingFor(known), isNew: false, startedOver: null };
    return { kind: 'approved', askedBy, approvedBy: by.actor, note };
  }

  /** In the place of what is there; false when that has changed meanwhile. */
  async function put(fresh: ApprovalDocument, known: ApprovalDocument | null): Promise<boolean> {
    if (known === null) return (await unlessDuplicate(store.insertOne(fresh, durable(store)))) !== null;
    const { _id, token } = known;
    const { _id: _same, ...rest } = fresh;
    const { modifiedCount } = await store.replaceOne({ _id, token, ...unapproved(known) }, rest, durable(store));
    return modifiedCount === 1;
  }

  async function approveNow(known: ApprovalDocument, actor: string, now: Date): Promise<Approval | null> {
    const { _id, token } = known;
    const approved = await store.findOneAndUpdate(
      { _id, token, approvedBy: { $exists: false } },
      { $set: { approvedBy: actor, approvedAt: now } },
      { returnDocument: 'after', ...durable(store) },
    );
    return approved === null ? null : approvedOf(approved);
  }

  /** Who asked and who approved is written down before anything is done; a crash before that comes here again. */
  async function approvedOf(known: ApprovalDocument): Promise<Approval> {
    const { token, action, subject, askedBy, approvedBy: actor = '', approvedAt: at = known.askedAt } = known;
    await noteAsked(known);
    const key = `approval:${token}:approved`;
    await deps.audit.record({ key, actor, action: `${action}.approved`, subject, before: { askedBy }, at });
    return { kind: 'approved', askedBy, approvedBy: actor, note: known.note ?? null };
  }

  async function waiting(known: ApprovalDocument, isNew: boolean, startedOver: Why | null, now: Date) {
    await noteAsked(known);
    const answer = waitingFor(known);
    await deps.onAsked(answer.request, now);
    return { ...answer, isNew, startedOver };
  }

  async function noteAsked({ token, action, subject, askedBy, askedAt, ...known }: ApprovalDocument): Promise<void> {
    const { hash, count, amount, expiresAt, note } = known;
    await deps.audit.record({
      ...{ key: `approval:${token}:asked`, actor: askedBy, action: `${action}.asked`, subject, at: askedAt },
      ...(note === undefined ? {} : { reason: note }),
      after: { hash, count, amount, expiresAt },
    });
  }

  /** The act is done: the request is used up. */
  async function close(act: Pick<Act, 'action' | 'subject'>): Promise<void> {
    if (deps.people > 1) await store.deleteOne({ _id: idOf(act), approvedBy: { $exists: true } });
  }

  /** What waits for a second person now. */
  const backlog = (now: Date): Promise<Backlog> =>
    backlogOf(
      store,
      { expiresAt: { $gt: now }, approvedBy: { $exists: false } },
      { since: 'askedAt', amount: '$amount' },
    );

  return { approve, preview, backlog, close, people: deps.people };
}

/** Where one person is enough. */
const AT_ONCE: Approval = { kind: 'approved', askedBy: null, approvedBy: null, note: null };

function waitingFor({ _id, storedAt, approvedBy, approvedAt, ...request }: ApprovalDocument) {
  return { kind: 'waiting' as const, request };
}

function requestFor(
  act: Act,
  hash: string,
  { actor, note }: { actor: string; note?: string | undefined },
  now: Date,
): ApprovalDocument {
  const { action, subject, parts } = act;
  return {
    ...{ _id: idOf(act), token: randomToken(12), action, subject, hash, count: parts.length },
    amount: sum(parts.map(({ amount }) => amount)),
    ...(note === undefined ? {} : { note }),
    ...{ askedBy: actor, askedAt: now, expiresAt: new Date(now.getTime() + HOURS * 3_600_000) },
    storedAt: new Date(realMilliseconds()),
  };
}

/** How long a request waits for a second person, in hours of the service's clock. */
const HOURS = 24;

function idOf({ action, subject }: Pick<Act, 'action' | 'subject'>): string {
  return `${action}:${subject}`;
}

function unapproved({ approvedBy }: ApprovalDocument): mongo.Filter<ApprovalDocument> {
  return { approvedBy: approvedBy ?? { $exists: false } };
}
