import { unlessDuplicate } from '../database/duplicates.ts';
import type { KeptLease, Leases } from '../database/lease.ts';
import { createPeriodCursor } from '../database/periodCursor.ts';
import { NotYet } from '../events/handler.ts';
import type { Calendar, WallTime, WeekId } from '../kernel/calendar.ts';
import { writtenNow } from '../seals/source.ts';
import { invoiceIdOf } from './invoice.ts';
import type { AssignedTransaction, InvoicingStore, StoredInvoice } from './store.ts';

export type BillingWeeks = ReturnType<typeof createBillingWeeks>;

/**
 * Which week's invoice takes a transaction. Weeks are begun strictly one after the other; `through` is the last one
 * begun. A transaction that comes in while a week is
 * being closed is on its invoice only if the invoice's members name it.
 */
export function createBillingWeeks(deps: {
  store: InvoicingStore;
  leases: Leases;
  calendar: Calendar;
  issueTime: WallTime;
}) {
  const { store, calendar } = deps;
  const cursor = createPeriodCursor(store.cycles, 'invoicing');

  /** The last week whose invoicing has begun; the empty text, which sorts before every week, at the very first. */
  async function through(): Promise<WeekId> {
    return (await cursor.through()) ?? '';
  }

  /** The first week whose invoice can still take something at `now`. */
  function openWeek(now: Date, begun: WeekId): WeekId {
    const byClock = calendar.nextWeek(calendar.latestIssuedWeek(now, deps.issueTime));
    const afterBegun = begun === '' ? '' : calendar.nextWeek(begun);
    return byClock > afterBegun ? byClock : afterBegun;
  }

  /** From here on this week, and every earlier one, takes no more transactions. The cycle's document comes first. */
  async function begin(week: WeekId): Promise<void> {
    await cursor.begin(week);
  }

  /**
   * Moves transactions that missed the invoice of their week to the open one. Throws NotYet while that week is being
   * closed: only its invoice tells whether it took them.
   */
  async function settle(transactionIds: string[], now: Date): Promise<void> {
    const begun = await through();
    const missed = await store.transactions
      .find<AssignedTransaction>({ _id: { $in: transactionIds }, billingWeek: { $lte: begun } })
      .toArray();
    for (const transaction of missed) {
      if (await isBilled(transaction)) continue;
      await assertClosed(transaction.billingWeek);
      if (!(await barInvoice(transaction)) && (await isBilled(transaction))) continue;
      await store.transactions.updateOne(
        { _id: transaction._id, billingWeek: transaction.billingWeek },
        { $set: { billingWeek: openWeek(now, begun) } },
      );
      // The open week may have begun meanwhile.
      await settle([transaction._id], now);
    }
  }

  /** Whether the invoice of its week took it, and holds it still. */
  async function isBilled(transaction: AssignedTransaction): Promise<boolean> {
    const invoice = await store.invoices.findOne(
      { _id: invoiceIdOf(transaction.billingWeek, transaction.modelId) },
      { projection: { status: 1, membersKey: 1 } },
    );
    // A void one has given its transactions back, or is about to.
    if (invoice === null || invoice.status === 'skipped' || invoice.status === 'void') return false;
    const page = { key: invoice.membersKey, transactionIds: transaction._id };
    return (await store.members.findOne(page, { projection: { _id: 1 } })) !== null;
  }

  async function assertClosed(week: WeekId): Promise<void> {
    const cycle = await store.cycles.findOne({ _id: `invoicing:${week}` });
    if (cycle?.state === 'closing') throw new NotYet(`the invoices of ${week} are being issued`);
  }

  /**
   * Takes the place of an invoice that was not issued, so that a run that was frozen cannot issue it late and bill the
   * same transaction twice. False when there is an invoice.
   */
  async function barInvoice({ billingWeek, modelId }: AssignedTransaction): Promise<boolean> {
    // A place that is taken has nothing of an invoice but its id; every reader passes over it by its status.
    const invoiceId = invoiceIdOf(billingWeek, modelId);
    const place = { _id: invoiceId, modelId, week: billingWeek, status: 'skipped', ...writtenNow() };
    return (await unlessDuplicate(store.invoices.insertOne(place as StoredInvoice))) !== null;
  }

  /** Does something that must not meet an invoicing run; throws NotYet while one is under way. */
  async function exclusively<T>(work: (lease: KeptLease) => Promise<T>): Promise<T> {
    const lease = await deps.leases.keep('invoicing');
    if (lease === null) throw new NotYet('invoices are being issued');
    try {
      return await work(lease);
    } finally {
      await lease.release();
    }
  }

  return { through, openWeek, begin, settle, isBilled, exclusively };
}
