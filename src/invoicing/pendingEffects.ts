import type { JobResult } from '../kernel/activity.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Unfinished } from '../kernel/unfinished.ts';
import { type Invoice, isDueAtIssue } from './invoice.ts';
import { type InvoiceDocument, numberedDocuments } from './numberedDocuments.ts';
import type { Parts } from './parts.ts';
import { type InvoicingStore, PENDING_EFFECTS, type StoredInvoice, toInvoice } from './store.ts';

const BATCH = 500;

export type PendingEffects = ReturnType<typeof createPendingEffects>;

/**
 * What follows from an invoice's issue and its end for others: the platform is told, reminders end, standing is
 * refreshed. The invoice carries a mark until that is done, so that a crash in between leaves nothing out. A Monday
 * marks all its invoices, which are worked off afterwards.
 */
export function createPendingEffects(deps: {
  store: InvoicingStore;
  clock: Clock;
  /** Gives documents their numbers, those that have none. */
  numberDocuments: (documents: InvoiceDocument[]) => Promise<void>;
  /** The standing of these models may have changed. */
  refreshStanding: (modelIds: string[], now: Date) => Promise<void>;
  /** Announces to the platform and ends reminders; idempotent. */
  announce: (invoices: Invoice[]) => Promise<void>;
  /** Tells the platform that these invoices went overdue; idempotent. */
  announceOverdue: (invoices: Invoice[]) => Promise<void>;
  /** Gives back what the end of an invoice did not take of its parts; idempotent. */
  settleParts: Parts['settle'];
  /** What models have promised of these invoices is settled by their end; idempotent. */
  settlePromises: (invoiceIds: string[], now: Date) => Promise<void>;
}) {
  const { store } = deps;

  /** Processes the pending effects of some invoices now. */
  async function process(invoiceIds: string[], now: Date): Promise<void> {
    await work(
      await store.invoices.find({ _id: { $in: invoiceIds }, pendingEffects: { $exists: true } }).toArray(),
      now,
    );
  }

  /** Since when effects are pending: the issue of the oldest invoice that has any, or null. */
  async function nextDue(): Promise<Date | null> {
    const [oldest] = await store.invoices
      .find(MARKED, { projection: { issuedAt: 1 } })
      .limit(1)
      .toArray();
    return oldest?.issuedAt ?? null;
  }

  /** Processes a batch of pending effects. */
  async function run(at: Date): Promise<JobResult> {
    const now = deps.clock.now();
    const marked = await store.invoices.find(MARKED).limit(BATCH).toArray();
    await work(marked, now > at ? now : at);
    return { count: marked.length };
  }

  async function work(stored: StoredInvoice[], now: Date): Promise<void> {
    if (stored.length === 0) return;
    await deps.numberDocuments(numberedDocuments(stored));
    await deps.announce(stored.map(toInvoice));
    const ended = stored.filter(({ pendingEffects }) => pendingEffects !== 'issued');
    for (const one of ended) await deps.settleParts(one);
    await deps.settlePromises(
      ended.map(({ _id }) => _id),
      now,
    );
    await deps.refreshStanding(
      ended.map(({ modelId }) => modelId),
      now,
    );
    // Only the mark that was processed goes: an invoice that has ended meanwhile keeps its new one.
    for (const pendingEffects of PENDING_EFFECTS) {
      const done = stored.filter((one) => one.pendingEffects === pendingEffects).map(({ _id }) => _id);
      if (done.length > 0) {
        await store.invoices.updateMany({ _id: { $in: done }, pendingEffects }, { $unset: { pendingEffects: '' } });
      }
    }
  }

  /**
   * Tells the platform what its invoices came to by `now`, where that is still pending: before what follows from it for a
   * model's standing, which another process may have found meanwhile.
   */
  async function announceFirst(modelId: string, now: Date): Promise<void> {
    const pending = { modelId, $or: [MARKED, { status: 'open' as const, dueAt: { $lte: now } }] };
    const stored = await store.invoices.find(pending).toArray();
    const marked = stored.filter(isMarked);
    if (marked.length > 0) await deps.announce(marked.map(toInvoice));
    // One that is due at its issue may still be debited.
    const overdue = stored.filter((one) => one.status === 'open' && !(isMarked(one) && isDueAtIssue(one)));
    await deps.announceOverdue(overdue.filter(({ dueAt }) => dueAt <= now).map(toInvoice));
  }

  const unfinished: Unfinished = {
    kind: 'invoices',
    find: async (limit) => {
      const projection = { issuedAt: 1, completedAt: 1, voidedAt: 1, writtenOffAt: 1 };
      const marked = await store.invoices.find(MARKED, { projection }).limit(limit).toArray();
      return marked.map(({ _id, issuedAt, completedAt, voidedAt, writtenOffAt }) => ({
        ...{ id: _id, since: completedAt ?? voidedAt ?? writtenOffAt ?? issuedAt },
      }));
    },
    finish: process,
  };

  return { process, nextDue, run, announceFirst, unfinished };
}

function isMarked({ pendingEffects }: StoredInvoice): boolean {
  return pendingEffects !== undefined;
}

const MARKED = { pendingEffects: { $exists: true } };
