import type { RecordedAct, Trail } from '../events/recordedAct.ts';
import { wordOf } from '../events/verifyFacts.ts';
import type { Invoice } from '../invoicing/invoice.ts';
import type { Invoices } from '../invoicing/invoices.ts';
import { partEntry, partEntryId } from '../invoicing/partEntries.ts';
import { linesOnAll } from '../kernel/lines.ts';
import { type Entry, hashOfDraft } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/journal.ts';
import { isErasedText } from '../privacy/texts.ts';
import type { PromiseStore, StoredPromise } from './store.ts';
import { stateOf } from './views.ts';

const BATCH = 500;

/** Compares promises with the audit trail, the ledger and their invoices, and the audit trail with them. */
export function createPromiseVerification(deps: {
  store: PromiseStore;
  invoices: Pick<Invoices, 'getMany'>;
  ledger: Pick<Ledger, 'entriesById'>;
}) {
  const { promises } = deps.store;

  /** A line for each promise that is not as somebody made it, or has not become what follows by `now`. */
  async function facts(trail: Pick<Trail, 'byKey'>, now: Date): Promise<string[]> {
    const nameOf = ({ _id }: StoredPromise) => `promises/${_id}`;
    return linesOnAll(promises.find({}), BATCH, nameOf, async (batch) => {
      // What is still to be done of one is found by its mark.
      const done = batch.filter(({ pendingEffects }) => pendingEffects === undefined);
      const [acts, entries, invoices] = await Promise.all([
        trail.byKey(done.flatMap(({ _id }) => [`promise:${_id}`, `promise:${_id}:refused`])),
        deps.ledger.entriesById(done.map(({ invoiceId, number }) => partEntryId(invoiceId, number))),
        deps.invoices.getMany(done.map(({ invoiceId }) => invoiceId)),
      ]);
      return done.flatMap((promise) =>
        differencesOf(promise, { acts, entries, invoice: invoices.get(promise.invoiceId), now }),
      );
    });
  }

  /** A line for each act of a person that is no promise, or no end of one. */
  async function acts(batch: RecordedAct[]): Promise<string[]> {
    const ids = batch.map(({ key }) => key.replace(/^promise:/, '').replace(/:refused$/, ''));
    const found = await promises.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
    const known = new Set(found.map(({ _id }) => _id));
    return batch.flatMap(({ actor, action, at }, index) => {
      const id = ids[index] ?? '';
      return known.has(id) ? [] : [`promises/${id} is missing: ${actor} did ${action} on ${at.toISOString()}`];
    });
  }

  return { facts, acts: { 'promise.make': acts, 'promise.refuse': acts } };
}

type Beside = {
  acts: Map<string, RecordedAct>;
  entries: Map<string, Entry>;
  invoice: Invoice | undefined;
  now: Date;
};

function differencesOf(promise: StoredPromise, { acts, entries, invoice, now }: Beside): string[] {
  const where = `promises/${promise._id}`;
  if (promise.ended === 'withdrawn') return [];
  if (invoice === undefined) return [`${where}: there is no invoice ${promise.invoiceId}`];
  return [
    ...madeDifferences(promise, acts.get(`promise:${promise._id}`)),
    ...refusalDifferences(promise, acts.get(`promise:${promise._id}:refused`)),
    ...partDifferences(promise, invoice, entries.get(partEntryId(promise.invoiceId, promise.number))),
    ...stateDifferences(promise, invoice, now),
  ];
}

function madeDifferences({ _id, ...promise }: StoredPromise, act: RecordedAct | undefined): string[] {
  const where = `promises/${_id}`;
  if (act === undefined) return [`${where} is ${promise.actor}'s, and the audit trail says nobody did that`];
  const { until, parts } = Object(act.after);
  return compared(where, [
    ['invoiceId', `invoice:${promise.invoiceId}`, act.subject],
    ['madeAt', promise.madeAt, act.at],
    ['actor', promise.actor, act.actor],
    ['until', promise.until, until],
    ['parts', promise.parts?.first, parts?.first],
  ]);
}

function refusalDifferences({ _id, refusal, endedAt }: StoredPromise, act: RecordedAct | undefined): string[] {
  const where = `promises/${_id}`;
  if (refusal === undefined) return act === undefined ? [] : [`${where} was refused by ${act.actor}, and is not`];
  if (act === undefined) return [`${where} was refused by ${refusal.actor}, and the audit trail says nobody did that`];
  return compared(where, [
    ['refusal.actor', refusal.actor, act.actor],
    ['refusal.reason', refusal.reason, act.reason],
    ['endedAt', endedAt, act.at],
  ]);
}

/** The first of two parts left the balance when it was promised. */
function partDifferences(promise: StoredPromise, invoice: Invoice, entry: Entry | undefined): string[] {
  const { _id, parts, number, madeAt, actor } = promise;
  const where = `promises/${_id}`;
  if (parts === undefined) return entry === undefined ? [] : [`${where} has no parts, and one was paid`];
  const draft = partEntry(invoice, { number, amount: parts.first, paidAt: madeAt }, actor);
  if (entry === undefined) return [`${where}: its first part of ${parts.first} was not paid`];
  return entry.hash === hashOfDraft(draft) ? [] : [`${where}: its first part is ${parts.first}, and another was paid`];
}

/** One that time ends is told at the next tick. */
function stateDifferences(promise: StoredPromise, invoice: Invoice, now: Date): string[] {
  const { _id, ended, endedAt, running } = promise;
  const state = stateOf(promise, invoice, now);
  const where = `promises/${_id}`;
  if (ended === undefined) {
    const isLate = state.status !== 'running' && state.status !== 'broken';
    return [
      ...(isLate ? [`${where} is told to be running, and was ${state.status}`] : []),
      ...(running === true ? [] : [`${where} may still be kept, and no tick will end it`]),
    ];
  }
  return compared(where, [
    ['ended', ended, state.status],
    ['endedAt', endedAt, state.status === 'running' ? undefined : state.endedAt],
    ['running', running, undefined],
  ]);
}

function compared(where: string, said: [field: string, is: unknown, should: unknown][]): string[] {
  return said
    .filter(([, is, should]) => wordOf(is) !== wordOf(should) && !isErasedText(is) && !isErasedText(should))
    .map(([field, is, should]) => `${where}: ${field} is ${wordOf(is)}, and should be ${wordOf(should)}`);
}
