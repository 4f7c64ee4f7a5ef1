import type { Clock } from '../kernel/clock.ts';
import type { Invoice } from './invoice.ts';
import { type InvoicingStore, type StoredInvoice, toInvoice } from './store.ts';

const BATCH = 500;

export type PendingEffects = ReturnType<typeof createPendingEffects>;

/**
 * What follows from an invoice's issue, completion or void for others: the platform is told, reminders end, standing is
 * looked at. The state carries a mark until it is done, so that a crash in between leaves nothing out; a Monday marks
 * all its invoices and they are worked off afterwards.
 */
export function createPendingEffects(deps: {
  store: InvoicingStore;
  clock: Clock;
  /** The standing of these models may have changed. */
  refreshStanding: (modelIds: string[], now: Date) => Promise<void>;
  /** Tells the platform and ends reminders; idempotent. */
  announce: (invoices: Invoice[]) => Promise<void>;
}) {
  const { store } = deps;

  /** Follows up on some invoices now. */
  async function process(invoiceIds: string[], now: Date): Promise<void> {
    await work(
      await store.invoices.find({ _id: { $in: invoiceIds }, pendingEffects: { $exists: true } }).toArray(),
      now,
    );
  }

  /** When there is something to follow up on: since the issue of the oldest one, or null. */
  async function nextDue(): Promise<Date | null> {
    const [oldest] = await store.invoices
      .find(MARKED, { projection: { issuedAt: 1 } })
      .limit(1)
      .toArray();
    return oldest?.issuedAt ?? null;
  }

  /** Follows up on a batch of what is marked. */
  async function run(at: Date): Promise<void> {
    const now = deps.clock.now();
    await work(await store.invoices.find(MARKED).limit(BATCH).toArray(), now > at ? now : at);
  }

  async function work(stored: StoredInvoice[], now: Date): Promise<void> {
    if (stored.length === 0) return;
    await deps.announce(stored.map(toInvoice));
    const ended = stored.filter(({ pendingEffects }) => pendingEffects !== 'issued');
    await deps.refreshStanding(
      ended.map(({ modelId }) => modelId),
      now,
    );
    // The mark says what was followed up on: an invoice that has ended meanwhile keeps its new one.
    for (const pendingEffects of ['issued', 'completed', 'void'] as const) {
      const done = stored.filter((one) => one.pendingEffects === pendingEffects).map(({ _id }) => _id);
      if (done.length > 0) {
        await store.invoices.updateMany({ _id: { $in: done }, pendingEffects }, { $unset: { pendingEffects: '' } });
      }
    }
  }

  return { process, nextDue, run };
}

const MARKED = { pendingEffects: { $exists: true } };
