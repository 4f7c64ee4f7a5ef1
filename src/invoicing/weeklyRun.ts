import { insertIgnoringDuplicates } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { updateEvery } from '../database/everyDocument.ts';
import { NotYet } from '../events/handler.ts';
import type { JobResult } from '../kernel/activity.ts';
import type { Calendar, WeekId } from '../kernel/calendar.ts';
import { BrokenInvariant } from '../kernel/errors.ts';
import { randomToken } from '../kernel/ids.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Notices } from '../notices/notices.ts';
import { writtenNow } from '../seals/source.ts';
import type { BillingWeeks } from './billingWeeks.ts';
import type { InvoiceDrafts } from './draftInvoices.ts';
import {
  completionEntry,
  creditAccount,
  creditEntry,
  creditedEntry,
  type Invoice,
  invoiceIdOf,
  isDueAtIssue,
  modelAccount,
} from './invoice.ts';
import type { Invoices } from './invoices.ts';
import { completedNotice, creditedNotice, ISSUE, issuedNotice } from './notices.ts';
import { membersOf } from './sealed.ts';
import { type InvoicingStore, type StoredInvoice, toInvoice } from './store.ts';
import { sumTransactions, type WeekSums } from './transactionSums.ts';
import type { Transactions } from './transactions.ts';

const MEMBERS_PER_PAGE = 5_000;

export type WeeklyRun = ReturnType<typeof createWeeklyRun>;

/**
 * Monday (rules 1.2): one invoice per model for the week that has ended. Works through the models in batches, so that
 * memory does not grow with their number; a run that was killed goes on after the last complete batch, and everything
 * in a batch can be done again. The insert of an invoice is what issues it: its members are its transactions for ever.
 */
export function createWeeklyRun(deps: {
  store: InvoicingStore;
  billingWeeks: BillingWeeks;
  invoiceDrafts: InvoiceDrafts;
  transactions: Transactions;
  invoices: Invoices;
  ledger: Ledger;
  notices: Pick<Notices, 'enqueue'>;
  /** When time first does something to an invoice that stays unpaid. */
  firstStepAt: (invoice: { issuedAt: Date; dueAt: Date }) => Date | null;
  issueTime: { hour: number; minute: number };
  calendar: Calendar;
}) {
  const { store, billingWeeks, ledger, calendar, invoiceDrafts } = deps;

  /** When the next invoices are to be issued, or null: a week without transactions needs no run. */
  async function nextDue(): Promise<Date | null> {
    const week = await invoiceDrafts.nextWeek();
    return week === null ? null : calendar.issueInstant(week, deps.issueTime);
  }

  /**
   * Issues the invoices that are due at `now` or earlier, of one week; answers which and how many. Idempotent; throws
   * NotYet while another process is at it.
   */
  async function run(now: Date): Promise<JobResult> {
    await deps.invoices.reconcile();
    return billingWeeks.exclusively(async (lease) => {
      const week = await invoiceDrafts.nextWeek();
      if (week === null) return {};
      const issuedAt = calendar.issueInstant(week, deps.issueTime);
      if (issuedAt > now) return {};
      await billingWeeks.begin(week);
      const cycle = await store.cycles.findOne({ _id: `invoicing:${week}` });
      let count = 0;
      for await (const modelIds of invoiceDrafts.modelsOf(week, cycle?.after ?? '')) {
        count += await issueBatch(week, issuedAt, modelIds);
        await store.cycles.updateOne({ _id: `invoicing:${week}` }, { $set: { after: modelIds.at(-1) ?? '' } });
        if (!(await lease.isHeld())) throw new NotYet('the lease of the invoicing run was lost');
      }
      await store.cycles.updateOne({ _id: `invoicing:${week}` }, { $set: { state: 'closed' } });
      return { period: week, count };
    });
  }

  /** Answers how many of these models have an invoice then. */
  async function issueBatch(week: WeekId, issuedAt: Date, modelIds: string[]): Promise<number> {
    // Those that a run before this one issued, and was killed before their batch was complete, stand as they are.
    const there = new Set((await issued(week, modelIds)).map(({ modelId }) => modelId));
    const missing = modelIds.filter((modelId) => !there.has(modelId));
    const sums = await currentSums(week, missing);
    const withSomething = missing.filter((modelId) => sums.has(modelId));
    await insertInvoices(await decide(week, issuedAt, withSomething, sums), sums);
    const invoices = await issued(week, modelIds);
    await complete(invoices);
    return invoices.length;
  }

  /** The sums of a batch; when a campaign changed after a transaction was recorded, that is put right first. */
  async function currentSums(week: WeekId, modelIds: string[]): Promise<Map<string, WeekSums>> {
    if (modelIds.length === 0) return new Map();
    for (;;) {
      const sums = await sumTransactions(store, week, modelIds, calendar.weekPeriod(week).start);
      const priced = new Map(modelIds.flatMap((modelId) => [...(sums.get(modelId)?.revisions ?? [])]));
      const revisions = await deps.transactions.revisions([...priced.keys()]);
      const stale = [...priced].filter(([campaignId, revision]) => (revisions.get(campaignId) ?? 0) > revision);
      if (stale.length === 0) return sums;
      await deps.transactions.repriceWeek(
        stale.map(([campaignId]) => campaignId),
        week,
        modelIds,
      );
    }
  }

  /** What the invoices of a batch are to be, as they are stored; nothing is written yet. */
  async function decide(
    week: WeekId,
    issuedAt: Date,
    modelIds: string[],
    sums: Map<string, WeekSums>,
  ): Promise<StoredInvoice[]> {
    const invoices = await invoiceDrafts.decide(week, issuedAt, modelIds, sums);
    return invoices.map(({ invoiceId, ...invoice }) => {
      const firstStepAt = deps.firstStepAt(invoice);
      const transactionIds = sums.get(invoice.modelId)?.transactionIds ?? [];
      return {
        _id: invoiceId,
        ...invoice,
        membersKey: `${invoiceId}#${randomToken(6)}`,
        members: membersOf(transactionIds),
        ...writtenNow(),
        isNumbered: true as const,
        pendingEffects: 'issued' as const,
        // One that is due at its issue is not late before its debit was tried.
        ...(invoice.status === 'open' && firstStepAt !== null && firstStepAt > issuedAt
          ? { nextStepAt: firstStepAt }
          : {}),
      };
    });
  }

  /** Writes what each invoice is made of, then the invoices. One that is there already, of an earlier try, stands. */
  async function insertInvoices(invoices: StoredInvoice[], sums: Map<string, WeekSums>): Promise<void> {
    if (invoices.length === 0) return;
    const pages = invoices.flatMap(({ modelId, membersKey: key }) =>
      inPages(sums.get(modelId)?.transactionIds ?? []).map((transactionIds, page) => ({
        _id: `${key}#${page}`,
        key,
        transactionIds,
      })),
    );
    await store.members.insertMany(pages, { ordered: false });
    const known = await insertIgnoringDuplicates(store.invoices, invoices, durable(store.invoices));
    if (known.length > 0) await dropMembersOfOthers(invoices);
  }

  /** The pages of a try that came too late belong to no invoice. */
  async function dropMembersOfOthers(invoices: StoredInvoice[]): Promise<void> {
    const stored = await store.invoices
      .find({ _id: { $in: invoices.map(({ _id }) => _id) } }, { projection: { membersKey: 1 } })
      .toArray();
    const used = new Set(stored.map(({ membersKey }) => membersKey));
    const unused = invoices.map(({ membersKey }) => membersKey).filter((key) => !used.has(key));
    await store.members.deleteMany({ key: { $in: unused } });
  }

  async function issued(week: WeekId, modelIds: string[]): Promise<Invoice[]> {
    const ids = modelIds.map((modelId) => invoiceIdOf(week, modelId));
    const stored = await store.invoices.find({ _id: { $in: ids }, status: { $ne: 'skipped' } }).toArray();
    return stored.map(toInvoice);
  }

  /** Everything that an issue brings with it: credit taken, the debit tried, contractors paid, the model notified. */
  async function complete(invoices: Invoice[]): Promise<void> {
    await takeCredit(invoices.filter(({ credit }) => credit > 0));
    const credited = invoices.filter(({ status }) => status === 'credited');
    await ledger.append(credited.map(creditedEntry));
    const open = invoices.filter(({ status }) => status === 'open');
    const paid = await ledger.takeMany(open.map((invoice) => completionEntry(invoice, invoice.issuedAt, ISSUE)));
    const byPerson = new Set<Invoice>();
    const debited = new Set<Invoice>();
    for (const invoice of open) {
      const entry = paid.get(completionEntry(invoice, invoice.issuedAt, ISSUE).entryId);
      if (entry !== undefined) (entry.actor === ISSUE ? debited : byPerson).add(invoice);
    }
    await tell(
      invoices.filter((invoice) => !byPerson.has(invoice)),
      debited,
    );
    if (debited.size > 0) await markCompleted([...debited]);
    await startSteps(open.filter((invoice) => !debited.has(invoice) && !byPerson.has(invoice)));
    // Somebody was faster than the debit: that ends like any payment.
    if (byPerson.size > 0) await deps.invoices.reconcile();
  }

  /** The steps of what is due at its issue and was not debited (rules 1.10). */
  async function startSteps(unpaid: Invoice[]): Promise<void> {
    const ids = unpaid.filter(isDueAtIssue).map(({ invoiceId }) => invoiceId);
    if (ids.length === 0) return;
    await updateEvery(
      store.invoices,
      { _id: { $in: ids }, status: 'open', nextStepAt: { $exists: false } },
      { $set: { nextStepAt: unpaid[0]?.issuedAt ?? new Date(0) } },
    );
  }

  async function takeCredit(invoices: Invoice[]): Promise<void> {
    const taken = await ledger.takeMany(invoices.map(creditEntry));
    for (const invoice of invoices) {
      const entry = creditEntry(invoice);
      if (taken.has(entry.entryId)) continue;
      const outcome = await ledger.take(entry);
      if (outcome.kind === 'insufficient') {
        throw new BrokenInvariant(`invoice ${invoice.invoiceId} takes credit that is not there`);
      }
    }
  }

  async function tell(invoices: Invoice[], debited: Set<Invoice>): Promise<void> {
    const balances = await ledger.balances(invoices.map(({ modelId }) => modelAccount(modelId)));
    const credits = await ledger.balances(
      invoices.filter(({ status }) => status === 'credited').map(({ modelId }) => creditAccount(modelId)),
    );
    const messages = invoices
      .filter(({ status }) => status === 'open' || status === 'credited')
      .map((invoice) => {
        if (invoice.status === 'credited') {
          return creditedNotice(invoice, credits.get(creditAccount(invoice.modelId)) ?? 0);
        }
        const balance = balances.get(modelAccount(invoice.modelId)) ?? 0;
        return debited.has(invoice)
          ? completedNotice(invoice, invoice.issuedAt, balance, ISSUE)
          : issuedNotice(invoice, balance);
      });
    await deps.notices.enqueue(messages, invoices[0]?.issuedAt ?? new Date(0));
  }

  /** All invoices of a week are issued, and so debited, at one instant. */
  async function markCompleted(invoices: Invoice[]): Promise<void> {
    await store.invoices.updateMany(
      { _id: { $in: invoices.map(({ invoiceId }) => invoiceId) }, status: 'open' },
      {
        $set: {
          status: 'completed',
          completedAt: invoices[0]?.issuedAt ?? new Date(0),
          pendingEffects: 'completed',
          ...(invoices.some(isDueAtIssue) ? { debitedAtIssue: true as const } : {}),
        },
        $unset: { nextStepAt: '' },
      },
    );
  }

  return { nextDue, run };
}

function inPages(ids: string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / MEMBERS_PER_PAGE) }, (_, page) =>
    ids.slice(page * MEMBERS_PER_PAGE, (page + 1) * MEMBERS_PER_PAGE),
  );
}
