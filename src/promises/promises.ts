import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit/audit.ts';
import { unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { type Invoice, type InvoiceView, invoiceView, modelAccount } from '../invoicing/invoice.ts';
import type { Invoices } from '../invoicing/invoices.ts';
import { partEntry } from '../invoicing/partEntries.ts';
import type { Parts } from '../invoicing/parts.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Refused } from '../kernel/refusals.ts';
import type { Posting } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Notices } from '../notices/notices.ts';
import type { Outgoing } from '../outgoing/outgoing.ts';
import { writtenNow } from '../seals/source.ts';
import type { LatePayers } from '../standing/latePayers.ts';
import { createPromiseEffects } from './effects.ts';
import { createOffers, remindAt } from './offers.ts';
import { dateRefusal, endOfDay, type Offer, type PromisePolicy } from './promise.ts';
import { createPromiseReading } from './reading.ts';
import { sealedPromises } from './sealed.ts';
import type { PromiseStore, StoredPromise } from './store.ts';
import { createPromiseTick } from './tick.ts';
import { createPromiseVerification } from './verify.ts';
import { type PromiseView, promiseView } from './views.ts';

type InvoiceStatus = InvoiceView['status'];

/** By when: a day of the model's own, which it has to its end, an instant, or left out as late as it may be. */
export type PromiseTerms = { until?: { day: string } | { at: Date }; inParts: boolean };

export type MakeOutcome =
  | {
      kind: 'made' | 'already-made';
      promise: PromiseView;
      invoice: InvoiceView;
      balance: MinorUnits;
      postings: Posting[];
    }
  | (Refused<InvoiceStatus> & { invoice: InvoiceView; offer: Offer | null })
  | { kind: 'insufficient'; invoice: InvoiceView; first: MinorUnits; balance: MinorUnits; missing: MinorUnits }
  | { kind: 'not-found' };

export type RefuseOutcome =
  | { kind: 'refused-now' | 'already-refused'; promise: PromiseView; invoice: InvoiceView }
  | (Refused<InvoiceStatus> & { invoice: InvoiceView })
  | { kind: 'not-found' };

export type Promises = ReturnType<typeof createPromises>;

/**
 * Promises of models to pay what is overdue (rules 2.11). A promise is one insert; what came of it follows from its invoice, at its
 * own instant, and what follows from that for others is marked until it is done.
 */
export function createPromises(
  deps: {
    store: PromiseStore;
    invoices: Pick<Invoices, 'current' | 'getMany'>;
    parts: Pick<Parts, 'take'>;
    ledger: Pick<Ledger, 'balance' | 'balances' | 'entriesById'>;
    accounts: Pick<Accounts, 'getMany'>;
    notices: Pick<Notices, 'enqueue' | 'drop'>;
    outgoing: Pick<Outgoing, 'emit'>;
    audit: Pick<Audit, 'record'>;
    calendar: Calendar;
    policy: PromisePolicy;
  } & Pick<LatePayers, 'factsOf' | 'refreshStanding'>,
) {
  const { invoices, ledger } = deps;
  const { promises } = deps.store;
  const offers = createOffers(deps);
  const reading = createPromiseReading(deps);
  const effects = createPromiseEffects(deps);
  const tick = createPromiseTick({ ...deps, effects });

  /**
   * Promises an invoice, whole or in two parts of which the first is debited at once; pressed twice it is one promise. `simulated`:
   * only says what would be.
   */
  async function make(
    invoiceId: string,
    terms: PromiseTerms,
    { actor, simulated = false }: { actor: string; simulated?: boolean },
    now: Date,
  ): Promise<MakeOutcome> {
    const invoice = await invoices.current(invoiceId);
    if (invoice === null) return { kind: 'not-found' };
    const again = () => make(invoiceId, terms, { actor, simulated }, now);
    // Before looking whether one runs, so that one that is made from then on has the same number.
    const number = (await promises.countDocuments({ invoiceId })) + 1;
    const running = await reading.running(invoice, now);
    if (running !== null) return (await bind(running, invoice, 'already-made', now)) ?? again();
    const wanted = await promiseOf(invoice, terms, { number, actor }, now);
    if ('kind' in wanted) {
      // It is refused, or short, also where another press has just made it.
      const other = await reading.running(invoice, now);
      return other === null ? wanted : ((await bind(other, invoice, 'already-made', now)) ?? again());
    }
    if (simulated) return made(wanted, invoice, 'made', now);
    const inserted = await unlessDuplicate(promises.insertOne(wanted, durable(promises)));
    return (await bind(wanted, invoice, inserted === null ? 'already-made' : 'made', now)) ?? again();
  }

  /** The promise that is asked for, or why it cannot be made. */
  async function promiseOf(
    invoice: Invoice,
    terms: PromiseTerms,
    { number, actor }: Pick<StoredPromise, 'number' | 'actor'>,
    now: Date,
  ): Promise<StoredPromise | MakeOutcome> {
    const { offered, days } = await offers.of(invoice, now);
    const view = invoiceView(invoice, now);
    const refused = (reason: Refused['reason'], offer: Offer | null = null): MakeOutcome => {
      return { kind: 'refused', state: view.status, reason, invoice: view, offer };
    };
    if (offered.kind === 'refused') return refused(offered.reason);
    const { offer } = offered;
    const until = untilOf(terms, offer, days);
    const wrong = dateRefusal(offer, until, now);
    if (wrong !== null) return refused(wrong, offer);
    const parts = terms.inParts ? offer.parts : null;
    if (terms.inParts && parts === null) return refused('promise_too_small', offer);
    const { invoiceId, modelId } = invoice;
    const promise: StoredPromise = {
      ...{ _id: `${invoiceId}~${number}`, invoiceId, modelId, number, madeAt: now, until, actor, ...writtenNow() },
      running: true,
      pendingEffects: 'made',
      ...(parts === null ? {} : { parts, taking: true as const }),
      // A promise of a few hours needs no reminder of itself.
      ...(remindAt(until) <= now ? { reminded: true as const } : {}),
    };
    return (await shortOf(promise, view)) ?? promise;
  }

  async function shortOf({ parts, modelId }: StoredPromise, invoice: InvoiceView): Promise<MakeOutcome | null> {
    if (parts === undefined) return null;
    const balance = await ledger.balance(modelAccount(modelId));
    if (balance >= parts.first) return null;
    return { kind: 'insufficient', invoice, first: parts.first, balance, missing: parts.first - balance };
  }

  /**
   * Does what follows from a promise; of one that is made by two at once, both do the same. Null where the other has withdrawn it,
   * because its first part was not covered.
   */
  async function bind(
    promise: StoredPromise,
    invoice: Invoice,
    kind: 'made' | 'already-made',
    now: Date,
  ): Promise<MakeOutcome | null> {
    const stored = await promises.findOne({ _id: promise._id });
    if (stored?.ended === 'withdrawn') return null;
    const outcome = stored === null ? 'made' : await effects.follow(stored);
    const after = (await invoices.current(invoice.invoiceId)) ?? invoice;
    if (outcome === 'made') return made(stored ?? promise, after, kind, now);
    const view = invoiceView(after, now);
    if (outcome.kind === 'ended') {
      return { kind: 'refused', state: view.status, reason: endedCode(view), invoice: view, offer: null };
    }
    return { ...outcome, invoice: view, first: promise.parts?.first ?? 0 };
  }

  async function made(
    promise: StoredPromise,
    invoice: Invoice,
    kind: 'made' | 'already-made',
    now: Date,
  ): Promise<MakeOutcome> {
    const { parts, number, actor } = promise;
    const part = parts === undefined ? null : { number, amount: parts.first, paidAt: promise.madeAt };
    return {
      kind,
      promise: promiseView(promise, invoice, now),
      invoice: invoiceView(invoice, now),
      balance: await ledger.balance(modelAccount(invoice.modelId)),
      postings: part === null ? [] : partEntry(invoice, part, actor).postings,
    };
  }

  /** A manager ends a promise that is being kept: what it held back takes effect now, and nothing of it counts as broken. */
  async function refuse(
    invoiceId: string,
    { actor, reason, simulated = false }: { actor: string; reason: string; simulated?: boolean },
    now: Date,
  ): Promise<RefuseOutcome> {
    const invoice = await invoices.current(invoiceId);
    if (invoice === null) return { kind: 'not-found' };
    const view = invoiceView(invoice, now);
    const promise = await reading.running(invoice, now);
    if (promise === null) {
      const last = await reading.last(invoiceId);
      if (last?.ended === 'refused') {
        return { kind: 'already-refused', promise: promiseView(last, invoice, now), invoice: view };
      }
      return { kind: 'refused', state: view.status, reason: 'no_promise', invoice: view };
    }
    const refusal = { ended: 'refused' as const, endedAt: now, refusal: { actor, reason } };
    if (!simulated) {
      await effects.follow(promise);
      const isFirst = await effects.end(promise, refusal);
      if (!isFirst) return refuse(invoiceId, { actor, reason }, now);
    }
    return { kind: 'refused-now', promise: promiseView({ ...promise, ...refusal }, invoice, now), invoice: view };
  }

  return {
    make,
    refuse,
    ...reading,
    ...{ offersOf: offers.many, offerOf: offers.of },
    settle: effects.settle,
    tick,
    unfinished: effects.unfinished,
    sealed: sealedPromises(deps.store),
    verification: createPromiseVerification(deps),
  };
}

function untilOf({ until }: PromiseTerms, offer: Offer, days: Calendar): Date {
  if (until === undefined) return offer.untils.at(-1) ?? new Date(0);
  return 'at' in until ? until.at : endOfDay(until.day, days);
}

function endedCode({ status }: InvoiceView): Refused['reason'] {
  return status === 'open' ? 'invoice_open' : `invoice_${status}`;
}
