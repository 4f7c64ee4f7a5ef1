import type { Audit } from '../audit/audit.ts';
import { type Invoice, invoiceView, modelAccount } from '../invoicing/invoice.ts';
import type { Invoices } from '../invoicing/invoices.ts';
import { cardNotice } from '../invoicing/notices.ts';
import type { PartOutcome, Parts } from '../invoicing/parts.ts';
import type { Calendar } from '../kernel/calendar.ts';
import { BrokenInvariant } from '../kernel/errors.ts';
import type { Unfinished } from '../kernel/unfinished.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Notices } from '../notices/notices.ts';
import type { Outgoing } from '../outgoing/outgoing.ts';
import type { LatePayers } from '../standing/latePayers.ts';
import { type StandingFacts, standingAt } from '../standing/standing.ts';
import { promiseNotice, promiseSubject } from './notices.ts';
import type { PromisePolicy } from './promise.ts';
import type { PromiseStore, StoredPromise } from './store.ts';
import { promiseView, stateOf } from './views.ts';

/** The promise holds, or why it does not: its first part could not be taken. */
type Followed = 'made' | Exclude<PartOutcome, { kind: 'held' }>;

/**
 * What follows from a promise, and from its end, for others: its first part is taken, the platform and the model are told, standing is
 * refreshed. The promise bears a mark until that is done; doing it again does nothing twice.
 */
export function createPromiseEffects(
  deps: {
    store: PromiseStore;
    invoices: Pick<Invoices, 'current'>;
    parts: Pick<Parts, 'take'>;
    ledger: Pick<Ledger, 'balance'>;
    notices: Pick<Notices, 'enqueue' | 'drop'>;
    outgoing: Pick<Outgoing, 'emit'>;
    audit: Pick<Audit, 'record'>;
    calendar: Calendar;
    policy: PromisePolicy;
  } & Pick<LatePayers, 'factsOf' | 'refreshStanding'>,
) {
  const { promises } = deps.store;

  /** Does what is still to be done of a promise. */
  async function follow(promise: StoredPromise): Promise<Followed> {
    const { _id, pendingEffects } = promise;
    if (pendingEffects === undefined) return 'made';
    const invoice = await invoiceOf(promise);
    if (promise.taking === true && promise.parts !== undefined) {
      const part = { number: promise.number, amount: promise.parts.first, paidAt: promise.madeAt };
      const taken = await deps.parts.take(invoice, part, promise.actor);
      if (taken.kind !== 'held') {
        await withdraw(promise);
        return taken;
      }
      await promises.updateOne({ _id, taking: true }, { $unset: { taking: '' } });
    }
    await announce(promise, await invoiceOf(promise), pendingEffects);
    // Only the mark that was worked off goes.
    await promises.updateOne({ _id, pendingEffects }, { $unset: { pendingEffects: '' } });
    return 'made';
  }

  /** A promise whose first part was not there after all has never held anything back. */
  async function withdraw({ _id, madeAt }: StoredPromise): Promise<void> {
    await promises.updateOne(
      { _id, taking: true },
      { $set: { ended: 'withdrawn', endedAt: madeAt }, $unset: { taking: '', running: '', pendingEffects: '' } },
    );
  }

  async function announce(
    promise: StoredPromise,
    invoice: Invoice,
    what: NonNullable<StoredPromise['pendingEffects']>,
  ): Promise<void> {
    const at = what === 'made' ? promise.madeAt : (promise.endedAt ?? promise.until);
    const { _id, invoiceId, modelId, parts = null, until } = promise;
    if (what === 'made') {
      await deps.audit.record({
        ...{ key: `promise:${_id}`, actor: promise.actor, action: 'promise.make', subject: `invoice:${invoiceId}`, at },
        after: { until, parts },
      });
    }
    if (what === 'refused' && promise.refusal !== undefined) {
      await deps.audit.record({
        ...{ key: `promise:${_id}:refused`, action: 'promise.refuse', subject: `invoice:${invoiceId}`, at },
        ...promise.refusal,
        before: { until },
      });
    }
    if (what !== 'lapsed') {
      const type = `promise.${what}` as const;
      const data = promiseView(promise, invoice, at);
      await deps.outgoing.emit([{ key: `${type}:${_id}`, subject: modelAccount(modelId), type, at, data }], at);
    }
    if (what !== 'made') await deps.notices.drop([promiseSubject(promise)]);
    await tell(promise, invoice, what, at);
    await deps.refreshStanding([modelId], at);
  }

  /** What the model reads of it: its message, and the card of the invoice. What is paid is told by the payment. */
  async function tell(
    promise: StoredPromise,
    invoice: Invoice,
    what: NonNullable<StoredPromise['pendingEffects']>,
    at: Date,
  ): Promise<void> {
    if (what === 'kept' || what === 'lapsed') return;
    const { modelId, number } = promise;
    const [balance, facts] = await Promise.all([deps.ledger.balance(modelAccount(modelId)), deps.factsOf([modelId])]);
    const { policy, calendar } = deps;
    const mine: StandingFacts = facts.get(modelId) ?? { invoices: [], orders: [], graces: [], decisions: [] };
    const standing = standingAt(mine, policy, calendar, at);
    const notice = promiseNotice(promise, invoice, { what, balance, standing, policy, at });
    const isOpen = invoiceView(invoice, at).status === 'overdue';
    const card =
      what === 'made'
        ? cardNotice(invoice, 'promised', at, { balance, number, until: promise.until })
        : cardNotice(invoice, 'overdue', at, { balance, number });
    await deps.notices.enqueue([...(isOpen ? [card] : []), notice], at);
  }

  /** Ends a promise that runs, by somebody's decision. Answers whether this was what ended it. */
  async function end(
    { _id }: StoredPromise,
    change: Pick<StoredPromise, 'endedAt' | 'refusal'> & { ended: 'refused' },
  ): Promise<boolean> {
    const ended = await promises.updateOne(
      { _id, running: true, pendingEffects: { $exists: false } },
      { $set: { ...change, pendingEffects: change.ended }, $unset: { running: '' } },
    );
    const promise = await promises.findOne({ _id });
    if (promise !== null) await follow(promise);
    return ended.matchedCount > 0;
  }

  /**
   * Notes what became of the promises about some invoices by `now`: kept, broken, or lapsed with an invoice that ended in another way.
   * A payment that counts as earlier than a break that was told turns it into one that is kept.
   */
  async function settle(invoiceIds: string[], now: Date): Promise<void> {
    if (invoiceIds.length === 0) return;
    const open = { invoiceId: { $in: invoiceIds }, ended: { $nin: ['refused' as const, 'withdrawn' as const] } };
    for (const found of await promises.find(open).sort({ invoiceId: 1, number: 1 }).toArray()) {
      await follow(found);
      const invoice = await invoiceOf(found);
      const state = stateOf(found, invoice, now);
      if (state.status === 'running' || state.status === found.ended) continue;
      const { status, endedAt } = state;
      await promises.updateOne(
        { _id: found._id, ended: found.ended ?? { $exists: false }, pendingEffects: { $exists: false } },
        { $set: { ended: status, endedAt, pendingEffects: status }, $unset: { running: '' } },
      );
      const changed = await promises.findOne({ _id: found._id });
      if (changed !== null) await follow(changed);
    }
  }

  async function invoiceOf({ _id, invoiceId }: StoredPromise): Promise<Invoice> {
    const invoice = await deps.invoices.current(invoiceId);
    if (invoice === null) throw new BrokenInvariant(`promise ${_id} is about an invoice that is not there`);
    return invoice;
  }

  const unfinished: Unfinished = {
    kind: 'promises',
    find: async (limit) => {
      const found = promises.find(PENDING, { projection: { madeAt: 1, endedAt: 1 } }).limit(limit);
      return (await found.toArray()).map(({ _id, madeAt, endedAt = madeAt }) => ({ id: _id, since: endedAt }));
    },
    finish: async (ids) => {
      for (const promise of await promises.find({ _id: { $in: ids }, ...PENDING }).toArray()) await follow(promise);
    },
  };

  return { follow, end, settle, unfinished };
}

const PENDING = { pendingEffects: { $exists: true } };
