import type { Audit } from '../audit/audit.ts';
import { updateEvery } from '../database/everyDocument.ts';
import { NotYet } from '../events/handler.ts';
import { BrokenInvariant } from '../kernel/errors.ts';
import { inBatches } from '../kernel/group.ts';
import type { Unfinished } from '../kernel/unfinished.ts';
import type { Entry } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/journal.ts';
import { undoneDecisions } from '../ledger/undoneDecisions.ts';
import type { Notice, Notices } from '../notices/notices.ts';
import type { BillingWeeks } from './billingWeeks.ts';
import { type EndedInvoice, endedBy, endingAct } from './ends.ts';
import { type Invoice, invoiceView, isDueAtIssue, modelAccount, outcomeOf } from './invoice.ts';
import { completedNotice, ISSUE, voidedNotice, writtenOffNotice } from './notices.ts';
import type { PendingEffects } from './pendingEffects.ts';
import { type InvoicingStore, storedEnd, toInvoice } from './store.ts';
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
    const { invoiceId, modelId } = invoice;
    const entry = await ledger.outcome(modelAccount(modelId), outcomeOf(invoiceId));
    if (entry === undefined) throw new BrokenInvariant(`invoice ${invoiceId} has lost its ledger entry`);
    const ended = endedBy(invoice, entry);
    const at = entry.effectiveAt;
    await deps.notices.enqueue([await endNotice(ended, entry)], at);
    await recordAct(invoice, ended, entry);
    await store.invoices.updateOne(
      { _id: invoiceId, status: 'open' },
      {
        $set: {
          ...storedEnd(ended),
          pendingEffects: ended.status,
          ...(ended.status === 'void' ? { releasePending: true as const } : {}),
          ...(isDebitAtIssue(entry) && isDueAtIssue(invoice) ? { debitedAtIssue: true as const } : {}),
        },
        $unset: { nextStepAt: '' },
      },
    );
    if (ended.status === 'void') await release(invoiceId);
    if (effects === 'now') await deps.pendingEffects.process([invoiceId], at);
    return ended;
  }

  /** What the model is told of it. */
  async function endNotice(ended: EndedInvoice, { effectiveAt: at, actor = ISSUE }: Entry): Promise<Notice> {
    switch (ended.status) {
      case 'completed':
        return completedNotice(ended, at, await ledger.balance(modelAccount(ended.modelId)), actor);
      case 'void':
        return voidedNotice(ended, ended.voidReason, at, actor);
      case 'written_off':
        return writtenOffNotice(ended, ended.writeOffReason, at, actor);
    }
  }

  /** Who ended it, where that was a person. */
  async function recordAct(invoice: Invoice, ended: EndedInvoice, entry: Entry): Promise<void> {
    const act = endingAct(ended, entry.actor);
    if (act === null) return;
    const { status } = ended;
    const { effectiveAt: at, actor = '', reason } = entry;
    await deps.audit.record({
      key: `invoice:${invoice.invoiceId}:${act}`,
      actor,
      action: `invoice.${act}`,
      subject: `invoice:${invoice.invoiceId}`,
      ...(reason === undefined ? {} : { reason }),
      before: { status: invoiceView(invoice, at).status },
      after: {
        status,
        ...(status === 'written_off' ? { contractorsPaid: ended.contractorsPaid } : {}),
        ...(status === 'completed' && ended.outside !== undefined ? { paidAt: ended.outside.paidAt } : {}),
      },
      at,
    });
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

/** The debit on issue, which nobody asked for. */
function isDebitAtIssue({ _id, actor = ISSUE }: Entry): boolean {
  return _id.endsWith(':completed') && actor === ISSUE;
}
