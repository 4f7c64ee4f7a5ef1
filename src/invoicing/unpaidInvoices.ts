import { takesLong } from '../database/patience.ts';
import type { MinorUnits } from '../kernel/money.ts';
import { type Invoice, isDueAtIssue } from './invoice.ts';
import type { Part } from './part.ts';
import { type InvoicingStore, toInvoice } from './store.ts';

/**
 * An issued invoice as it bears on standing; `completedAt` is null while it is unpaid. `debitedAtIssue`: one that was due
 * at its issue and paid by the debit then. `paidAt`: when the money of one that was paid outside came. `writtenOffAt`: since when
 * nothing is owed for one that is not paid.
 */
export type InvoiceFact = {
  invoiceId: string;
  modelId: string;
  dueAt: Date;
  total: MinorUnits;
  completedAt: Date | null;
  debitedAtIssue?: boolean;
  parts?: Part[];
  paidAt?: Date;
  writtenOffAt?: Date;
};

export type UnpaidInvoices = ReturnType<typeof createUnpaidInvoices>;

/** Invoices as standing and dunning need them: what bears on a standing, and which step an unpaid one reaches when. */
export function createUnpaidInvoices({ store }: { store: Pick<InvoicingStore, 'invoices' | 'campaigns'> }) {
  const { invoices } = store;

  async function find(invoiceId: string): Promise<Invoice | null> {
    const stored = await invoices.findOne({ _id: invoiceId, status: { $ne: 'skipped' } });
    return stored === null ? null : toInvoice(stored);
  }

  /**
   * The invoices that bear on the standing of some models. A voided or credited one does not (rules 1.5, 1.7), and neither
   * does one that is due at its issue while that is under way: it may still be debited.
   */
  async function factsOf(modelIds: string[]): Promise<InvoiceFact[]> {
    const found = await invoices
      .find(
        { modelId: { $in: modelIds }, status: { $in: ['open', 'completed', 'written_off'] } },
        {
          projection: {
            ...{ modelId: 1, issuedAt: 1, dueAt: 1, total: 1, completedAt: 1 },
            ...{ debitedAtIssue: 1, paidAt: 1, writtenOffAt: 1, pendingEffects: 1, parts: 1 },
          },
        },
      )
      .toArray();
    return found
      .filter((one) => !(one.pendingEffects === 'issued' && isDueAtIssue(one)))
      .map(
        ({
          _id: invoiceId,
          modelId,
          dueAt,
          total,
          completedAt = null,
          debitedAtIssue,
          paidAt,
          writtenOffAt,
          parts,
        }) => ({
          ...{ invoiceId, modelId, dueAt, total, completedAt },
          ...(debitedAtIssue === undefined ? {} : { debitedAtIssue }),
          ...(paidAt === undefined ? {} : { paidAt }),
          ...(writtenOffAt === undefined ? {} : { writtenOffAt }),
          ...(parts === undefined ? {} : { parts }),
        }),
      );
  }

  /** When the next step of an unpaid invoice is due, or null. */
  async function nextStepAt(): Promise<Date | null> {
    const next = await invoices
      .find({ nextStepAt: { $exists: true } }, { projection: { nextStepAt: 1 } })
      .sort({ nextStepAt: 1 })
      .limit(1)
      .next();
    return next?.nextStepAt ?? null;
  }

  /** The invoices with a step that is due at `now` or earlier, the first due first. */
  async function withDueSteps(now: Date, limit: number): Promise<{ invoice: Invoice; stepAt: Date }[]> {
    const due = await invoices
      .find({ nextStepAt: { $lte: now } })
      .sort({ nextStepAt: 1 })
      .limit(limit)
      .toArray();
    return due.map((stored) => ({ invoice: toInvoice(stored), stepAt: stored.nextStepAt ?? now }));
  }

  /** Sets the step after one that was taken; `next` is null after the last one. */
  async function scheduleSteps(taken: { invoiceId: string; stepAt: Date; next: Date | null }[]): Promise<void> {
    if (taken.length === 0) return;
    await invoices.bulkWrite(
      taken.map(({ invoiceId: _id, stepAt, next }) => ({
        updateOne: {
          filter: { _id, nextStepAt: stepAt },
          update: next === null ? { $unset: { nextStepAt: '' as const } } : { $set: { nextStepAt: next } },
        },
      })),
      { ordered: false },
    );
  }

  /** The contractors of a model's campaigns, as the latest versions name them. */
  async function contractorsOf(modelId: string): Promise<string[]> {
    const found = await store.campaigns.find({ 'versions.modelId': modelId }).toArray();
    return [...new Set(found.flatMap(({ versions }) => versions.at(-1)?.contractorId ?? []))];
  }

  /** Every model that an invoice was ever issued to. */
  async function modelIds(): Promise<string[]> {
    const found = await invoices.aggregate<{ _id: string }>([{ $group: { _id: '$modelId' } }], takesLong).toArray();
    return found.map(({ _id }) => _id);
  }

  /** Of these models, those with an invoice whose effects on standing are still pending. */
  async function withPendingEffects(modelIds: string[]): Promise<string[]> {
    const filter = { modelId: { $in: modelIds }, pendingEffects: { $exists: true } };
    const found = await invoices.find(filter, { projection: { modelId: 1 } }).toArray();
    return found.map(({ modelId }) => modelId);
  }

  return {
    ...{ find, factsOf, nextStepAt, withDueSteps, scheduleSteps },
    ...{ contractorsOf, modelIds, withPendingEffects },
  };
}
