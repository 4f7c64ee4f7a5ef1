import type { mongo } from 'mongoose';
import { readPage } from '../database/readPage.ts';
import type { Debt } from '../debts/debts.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import type { RefusalCode, Refused } from '../kernel/refusals.ts';
import type { EntryDraft, Posting } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Notices } from '../notices/notices.ts';
import { type CompletionDependencies, createCompletion } from './completion.ts';
import { endedBy, paidOutsideEntry, writeOffEntry } from './ends.ts';
import {
  completionEntry,
  type Invoice,
  type InvoiceView,
  invoiceView,
  modelAccount,
  outcomeOf,
  voidEntry,
} from './invoice.ts';
import { shortNotice, TOP_UP } from './notices.ts';
import { restOf } from './part.ts';
import { returnedParts } from './partEntries.ts';
import { type StoredInvoice, toInvoice } from './store.ts';

export type InvoiceStatus = InvoiceView['status'];

export type PayOutcome =
  | { kind: 'paid' | 'already-paid'; invoice: InvoiceView; balance: MinorUnits }
  | { kind: 'insufficient'; invoice: InvoiceView; balance: MinorUnits; missing: MinorUnits }
  | (Refused<InvoiceStatus> & { invoice: InvoiceView })
  | { kind: 'not-found' };

/** What became of an act that ends an invoice; `postings` are what it moved, or would. */
export type EndOutcome =
  | { kind: 'done'; invoice: InvoiceView; postings: Posting[] }
  | { kind: 'already'; invoice: InvoiceView }
  | (Refused<InvoiceStatus> & { invoice: InvoiceView })
  | { kind: 'not-found' };

/** Who ends an invoice. `simulated`: only says what would be. */
type Ending<T> = T & { actor: string; simulated?: boolean };

/** `unpaid`: what is still to be paid, whether it is overdue or not. */
export type InvoiceFilter = { modelId?: string; status?: InvoiceStatus; unpaid?: 'true'; week?: string };

export type Invoices = ReturnType<typeof createInvoices>;

/** Invoices after their issue: read, paid, voided, written off. Each end of an invoice is one ledger entry; the rest follows it. */
export function createInvoices(deps: CompletionDependencies & { ledger: Ledger; notices: Pick<Notices, 'enqueue'> }) {
  const { store, ledger } = deps;
  const { finish, reconcile, unfinished } = createCompletion(deps);

  /** An invoice as it stands at `now`, or null. */
  async function get(invoiceId: string, now: Date): Promise<InvoiceView | null> {
    const invoice = await find(invoiceId);
    return invoice === null ? null : invoiceView(invoice, now);
  }

  /** An invoice with what the ledger has decided of it; what is not noted yet is finished first. Null for none. */
  async function current(invoiceId: string): Promise<Invoice | null> {
    const invoice = await find(invoiceId);
    if (invoice?.status !== 'open') return invoice;
    const entry = await ledger.outcome(modelAccount(invoice.modelId), outcomeOf(invoiceId));
    return entry === undefined ? invoice : finish(invoice);
  }

  /** Invoices as they are stored, by their ids; of those that there are. */
  async function getMany(invoiceIds: string[]): Promise<Map<string, Invoice>> {
    const found = await store.invoices.find({ _id: { $in: invoiceIds }, status: { $ne: 'skipped' } }).toArray();
    return new Map(found.map((stored) => [stored._id, toInvoice(stored)]));
  }

  /** Invoices, the newest week first. */
  async function list(request: PageRequest & InvoiceFilter, now: Date): Promise<Page<InvoiceView>> {
    const found = store.invoices.find({ $and: filtersOf(request, now) }).sort({ _id: -1 });
    const { items, next } = await readPage(found, request.limit, ({ _id }) => _id);
    return { items: items.map((stored) => invoiceView(toInvoice(stored), now)), next };
  }

  /** What a model has to pay, oldest first (rules 1.8). */
  async function unpaid(modelId: string, now: Date): Promise<InvoiceView[]> {
    return (await unpaidOf([modelId])).map((invoice) => invoiceView(invoice, now));
  }

  /** What each of these models has not paid, in all; who owes nothing is not in it. */
  async function unpaidTotals(modelIds: string[]): Promise<Map<string, MinorUnits>> {
    const totals = new Map<string, MinorUnits>();
    for (const invoice of await unpaidOf(modelIds)) {
      totals.set(invoice.modelId, (totals.get(invoice.modelId) ?? 0) + restOf(invoice));
    }
    return totals;
  }

  async function unpaidOf(modelIds: string[]): Promise<Invoice[]> {
    const found = await store.invoices.find({ modelId: { $in: modelIds }, status: 'open' }).toArray();
    return found.map(toInvoice).sort(compareByAge);
  }

  /** Pays an invoice, or what is still to be paid of it, from the model's balance (rules 1.8); however often, at most once. */
  async function pay(
    invoiceId: string,
    { actor, reason, effects }: { actor: string; reason?: string | undefined; effects?: 'later' },
    now: Date,
  ): Promise<PayOutcome> {
    const invoice = await find(invoiceId);
    if (invoice === null) return { kind: 'not-found' };
    if (invoice.status !== 'open') return notPayable(invoice, now);
    const taken = await ledger.take(completionEntry(invoice, now, actor, reason));
    if (taken.kind === 'insufficient') return { ...taken, invoice: invoiceView(invoice, now) };
    const ended = await finish(invoice, effects);
    if (taken.kind !== 'written') return notPayable(ended, now);
    const balance = await ledger.balance(modelAccount(invoice.modelId));
    return { kind: 'paid', invoice: invoiceView(ended, now), balance };
  }

  async function notPayable(invoice: Invoice, now: Date): Promise<PayOutcome> {
    const view = invoiceView(invoice, now);
    if (invoice.status === 'completed') {
      return { kind: 'already-paid', invoice: view, balance: await ledger.balance(modelAccount(invoice.modelId)) };
    }
    const isTakenBack = view.status === 'void' || view.status === 'written_off';
    const reason = isTakenBack ? (`invoice_${view.status}` as const) : 'nothing_to_pay';
    return { kind: 'refused', state: view.status, reason, invoice: view };
  }

  /** What these models have to pay, for when their balances have grown (rules 1.8). */
  async function debts(modelIds: string[]): Promise<Debt[]> {
    return (await unpaidOf(modelIds)).map((invoice) => ({
      accountId: invoice.modelId,
      since: invoice.issuedAt,
      subject: invoice.invoiceId,
      number: 0,
      pay: async (now) => {
        const { kind } = await pay(invoice.invoiceId, { actor: TOP_UP, effects: 'later' }, now);
        return kind === 'paid' || kind === 'insufficient' ? kind : 'settled';
      },
      follow: (now) => deps.pendingEffects.process([invoice.invoiceId], now),
      announceShortfall: (cause, now) => announceShortfall(invoice, cause, now),
    }));
  }

  /** With the balance of afterwards: a later one that was covered has been paid from it meanwhile. */
  async function announceShortfall(invoice: Invoice, cause: string, now: Date): Promise<void> {
    const balance = await ledger.balance(modelAccount(invoice.modelId));
    const missing = restOf(invoice) - balance;
    // More came in at this moment, and whoever brought it pays.
    if (missing <= 0) return;
    await deps.notices.enqueue(
      [shortNotice({ invoice: invoiceView(invoice, now), balance, missing }, cause, now)],
      now,
    );
  }

  /** Voids an unpaid invoice (rules 1.7): its transactions go on the next one, the credit it took returns. */
  function voidInvoice(invoiceId: string, by: Ending<{ reason: string }>, now: Date): Promise<EndOutcome> {
    return end(invoiceId, by, now, {
      draftOf: (invoice) => voidEntry(invoice, now, by),
      isDone: ({ status }) => status === 'void',
    });
  }

  /**
   * Writes off an unpaid invoice (rules 1.7): nothing is owed any more, and its transactions stay on it. `payContractors`: its
   * contractors get their lines, at the platform's expense.
   */
  function writeOff(
    invoiceId: string,
    by: Ending<{ reason: string; payContractors?: boolean | undefined }>,
    now: Date,
  ): Promise<EndOutcome> {
    const { actor, reason, payContractors = false } = by;
    return end(invoiceId, by, now, {
      draftOf: (invoice) => writeOffEntry(invoice, now, { actor, reason, payContractors }),
      isDone: ({ status }) => status === 'written_off',
    });
  }

  /**
   * Completes an unpaid invoice that was paid by another way than the balance (rules 1.7), with the reference of that payment.
   * `paidAt`, from the issue until `now`, decides whether it was paid on time; without it, `now` does.
   */
  function payOutside(
    invoiceId: string,
    by: Ending<{ reference: string; paidAt?: Date | undefined }>,
    now: Date,
  ): Promise<EndOutcome> {
    const { actor, reference, paidAt = now } = by;
    return end(invoiceId, by, now, {
      draftOf: (invoice) => paidOutsideEntry(invoice, now, { actor, reference, paidAt }),
      isDone: (ended) => ended.status === 'completed' && ended.outside?.reference === reference,
      whyNot: ({ issuedAt }) => (paidAt > now ? 'paid_in_future' : paidAt < issuedAt ? 'paid_before_issue' : null),
    });
  }

  /** Ends an open invoice by an entry that takes nothing from the model, in whose book one outcome is written once. */
  async function end(
    invoiceId: string,
    { simulated = false }: { simulated?: boolean },
    now: Date,
    act: {
      draftOf: (invoice: Invoice) => EntryDraft;
      /** Whether an invoice that has ended did so by this very act. */
      isDone: (ended: Invoice) => boolean;
      whyNot?: (invoice: Invoice) => RefusalCode | null;
    },
  ): Promise<EndOutcome> {
    const invoice = await find(invoiceId);
    if (invoice === null) return { kind: 'not-found' };
    if (invoice.status !== 'open') return endedBefore(invoice, act.isDone, now);
    const reason = act.whyNot?.(invoice) ?? null;
    if (reason !== null) {
      const view = invoiceView(invoice, now);
      return { kind: 'refused', state: view.status, reason, invoice: view };
    }
    const draft = act.draftOf(invoice);
    const { isFirst, ended } = simulated ? await simulateEnd(invoice, draft) : await writeEnd(invoice, draft);
    if (!isFirst) return endedBefore(ended, act.isDone, now);
    const returned = returnedParts(invoice, draft);
    return { kind: 'done', invoice: invoiceView(ended, now), postings: [...draft.postings, ...returned] };
  }

  async function writeEnd(invoice: Invoice, draft: EntryDraft): Promise<{ isFirst: boolean; ended: Invoice }> {
    const taken = await ledger.take(draft);
    return { isFirst: taken.kind === 'written', ended: await finish(invoice) };
  }

  /** What `writeEnd` would come to: as this entry says, or another that was there before it. */
  async function simulateEnd(invoice: Invoice, draft: EntryDraft): Promise<{ isFirst: boolean; ended: Invoice }> {
    const decided = await ledger.outcome(draft.book, outcomeOf(invoice.invoiceId));
    return { isFirst: decided === undefined, ended: endedBy(invoice, decided ?? { ...draft, _id: draft.entryId }) };
  }

  function endedBefore(invoice: Invoice, isDone: (ended: Invoice) => boolean, now: Date): EndOutcome {
    const view = invoiceView(invoice, now);
    if (isDone(invoice)) return { kind: 'already', invoice: view };
    return { kind: 'refused', state: view.status, reason: `invoice_${view.status}`, invoice: view };
  }

  async function find(invoiceId: string): Promise<Invoice | null> {
    const stored = await store.invoices.findOne({ _id: invoiceId, status: { $ne: 'skipped' } });
    return stored === null ? null : toInvoice(stored);
  }

  return {
    ...{ get, current, getMany, list, unpaid, unpaidTotals, pay, debts, void: voidInvoice, writeOff, payOutside },
    ...{ reconcile, unfinished },
  };
}

function filtersOf(
  { modelId, status, unpaid, week, after }: InvoiceFilter & { after?: string },
  now: Date,
): mongo.Filter<StoredInvoice>[] {
  return [
    status === undefined ? { status: { $ne: 'skipped' } } : statusFilter(status, now),
    ...(unpaid === undefined ? [] : [{ status: 'open' as const }]),
    ...(modelId === undefined ? [] : [{ modelId }]),
    // Ids begin with their week, so that a week is a range of ids.
    ...(week === undefined ? [] : [{ _id: { $gte: `${week}:`, $lt: `${week};` } }]),
    ...(after === undefined ? [] : [{ _id: { $lt: after } }]),
  ];
}

function statusFilter(status: InvoiceStatus, now: Date): mongo.Filter<StoredInvoice> {
  switch (status) {
    case 'open':
      return { status: 'open', dueAt: { $gt: now } };
    case 'overdue':
      return { status: 'open', dueAt: { $lte: now } };
    default:
      return { status };
  }
}

/** Oldest first: by the instant of issue, and of equal ones by id. */
function compareByAge(a: Invoice, b: Invoice): number {
  return a.issuedAt.getTime() - b.issuedAt.getTime() || (a.invoiceId < b.invoiceId ? -1 : 1);
}
