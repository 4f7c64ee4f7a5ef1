import type { Audit } from '../audit/audit.ts';
import { updateEvery } from '../database/everyDocument.ts';
import { NotYet } from '../events/handler.ts';
import { BrokenInvariant } from '../kernel/errors.ts';
import { inBatches } from '../kernel/group.ts';
import type { Unfinished } from '../kernel/unfinished.ts';
import type { Entry } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/journal.ts';
import { undoneDecisions } from '../ledger/undoneDecisions.ts';
import type { Notices } from '../notices/notices.ts';
import type { BillingWeeks } from './billingWeeks.ts';
import { type Invoice, invoiceView, isCompletion, isDueAtIssue, modelAccount, outcomeOf } from './invoice.ts';
import { completedNotice, ISSUE, TOP_UP, voidedNotice } from './notices.ts';
import type { PendingEffects } from './pendingEffects.ts';
import { type InvoicingStore, toInvoice } from './store.ts';
import type { Transactions } from './transactions.ts';

const RECONCILE_BATCH = 500;

export type CompletionDependencies = {
  store: InvoicingStore;
  billingWeeks: Pick<BillingWeeks, 'openWeek' | 'through' | 'settle'>;
  transactions: Pick<Transactions, 'applyVersions'>;
  ledger: Pick<Ledger, 'outcome' | 'decided' | 'decidedLately' | 'balance'>;
  notices: Pick<Notices, 'enqueue'>;
  audit: Pick<Audit, 'record'>;
  pendingEffects: Pick<PendingEffects, 'process'>;
};

/**
 * What follows from the ledger entry that ends an invoice: the notice, the audit record, the state, and for a void one
 * the release of its transactions. `reconcile` finishes what a crash cut off in between.
 */
export function createCompletion(deps: CompletionDependencies) {
  const { store, ledger } = deps;

  /**
   * Brings an open invoice to the end that the ledger tells. Every step can be done again. `effects` on others that are left for
   * later have their mark until they are processed.
   */
  async function finish(invoice: Invoice, effects: 'now' | 'later' = 'now'): Promise<Invoice> {
    const entry = await ledger.outcome(modelAccount(invoice.modelId), outcomeOf(invoice.invoiceId));
    if (entry === undefined) throw new BrokenInvariant(`invoice ${invoice.invoiceId} has lost its ledger entry`);
    return isCompletion(entry) ? complete(invoice, entry, effects) : makeVoid(invoice, entry);
  }

  async function complete(invoice: Invoice, entry: Entry, effects: 'now' | 'later'): Promise<Invoice> {
    const { invoiceId, modelId } = invoice;
    const completedAt = entry.effectiveAt;
    const actor = entry.actor ?? ISSUE;
    const balance = await ledger.balance(modelAccount(modelId));
    await deps.notices.enqueue([completedNotice(invoice, completedAt, balance, actor)], completedAt);
    if (actor !== ISSUE && actor !== TOP_UP) {
      await deps.audit.record({
        key: `invoice:${invoiceId}:pay`,
        actor,
        action: 'invoice.pay',
        subject: `invoice:${invoiceId}`,
        ...(entry.reason === undefined ? {} : { reason: entry.reason }),
        before: { status: invoiceView(invoice, completedAt).status },
        after: { status: 'completed' },
        at: completedAt,
      });
    }
    const ended = { status: 'completed', completedAt } as const;
    await store.invoices.updateOne(
      { _id: invoiceId, status: 'open' },
      {
        $set: {
          ...ended,
          pendingEffects: 'completed',
          ...(actor === ISSUE && isDueAtIssue(invoice) ? { debitedAtIssue: true as const } : {}),
        },
        $unset: { nextStepAt: '' },
      },
    );
    if (effects === 'now') await deps.pendingEffects.process([invoiceId], completedAt);
    return { ...invoice, ...ended };
  }

  async function makeVoid(invoice: Invoice, entry: Entry): Promise<Invoice> {
    const { invoiceId } = invoice;
    const voidedAt = entry.effectiveAt;
    const { reason = '', actor = '' } = entry;
    await deps.notices.enqueue([voidedNotice(invoice, reason, voidedAt, actor)], voidedAt);
    await deps.audit.record({
      key: `invoice:${invoiceId}:void`,
      actor,
      action: 'invoice.void',
      subject: `invoice:${invoiceId}`,
      reason,
      before: { status: invoiceView(invoice, voidedAt).status },
      after: { status: 'void' },
      at: voidedAt,
    });
    const ended = { status: 'void', voidedAt, voidReason: reason } as const;
    await store.invoices.updateOne(
      { _id: invoiceId, status: 'open' },
      { $set: { ...ended, releasePending: true, pendingEffects: 'void' }, $unset: { nextStepAt: '' } },
    );
    await release(invoiceId);
    await deps.pendingEffects.process([invoiceId], voidedAt);
    return { ...invoice, ...ended };
  }

  /**
   * The transactions of a voided invoice are uninvoiced again (rules 1.7): assigned to the week that was open when it was
   * voided, or to a later one if that has begun since, at the terms in force now. When an invoicing run is under way,
   * `reconcile` finishes it after that.
   */
  async function release(invoiceId: string): Promise<void> {
    const stored = await store.invoices.findOne({ _id: invoiceId, releasePending: true });
    if (stored === null) return;
    const { week, lines, membersKey: key, voidedAt = stored.issuedAt } = stored;
    try {
      const open = deps.billingWeeks.openWeek(voidedAt, await deps.billingWeeks.through());
      for await (const { transactionIds } of store.members.find({ key })) {
        const here = { _id: { $in: transactionIds }, billingWeek: week };
        await updateEvery(store.transactions, here, { $set: { billingWeek: open } });
        await deps.billingWeeks.settle(transactionIds, voidedAt);
      }
      await deps.transactions.applyVersions([...new Set(lines.map(({ campaignId }) => campaignId))]);
      await store.invoices.updateOne({ _id: invoiceId }, { $unset: { releasePending: '' } });
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
    }
  }

  /** Finishes what a crash left between a ledger entry and what follows from it; answers how much it finished. */
  async function reconcile(): Promise<number> {
    let finished = 0;
    for await (const stored of inBatches(store.invoices.find({ status: 'open' }), RECONCILE_BATCH)) {
      const batch = stored.map(toInvoice);
      const decided = await ledger.decided(batch.map((one) => [modelAccount(one.modelId), outcomeOf(one.invoiceId)]));
      for (const one of batch.filter(({ invoiceId }) => decided.has(outcomeOf(invoiceId)))) await finish(one);
      finished += decided.size;
    }
    const unfinished = await store.invoices.find({ releasePending: true }, { projection: { _id: 1 } }).toArray();
    for (const { _id } of unfinished) await release(_id);
    return finished + unfinished.length;
  }

  const outcomes = undoneDecisions({
    kind: 'ends of invoices',
    ledger,
    questionOf: outcomeOf,
    subjects: store.invoices,
    undone: { status: 'open' },
    finish: (stored) => finish(toInvoice(stored)),
  });

  const releases: Unfinished = {
    kind: 'voided invoices',
    find: async (limit) => {
      const found = store.invoices.find({ releasePending: true }, { projection: { voidedAt: 1 } }).limit(limit);
      return (await found.toArray()).map(({ _id, voidedAt = new Date(0) }) => ({ id: _id, since: voidedAt }));
    },
    finish: async (ids) => {
      for (const id of ids) await release(id);
    },
  };

  return { finish, reconcile, unfinished: [outcomes, releases] };
}
