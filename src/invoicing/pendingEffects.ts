import type { Clock } from '../kernel/clock.ts';
import type { Sanctions } from '../standing/sanctions.ts';
import type { Invoice } from './invoice.ts';
import { type RevshareStore, type StoredInvoice, toInvoice } from './store.ts';

const BATCH = 500;

export type FollowUp = ReturnType<typeof createFollowUp>;

/**
 * What follows from an invoice's issue, completion or void for others: the platform is told, reminders end, standing is
 * looked at. The state carries a mark until it is done, so that a crash in between leaves nothing out; a Monday marks
 * all its invoices and they are worked off afterwards.
 */
export function createFollowUp(deps: {
  store: RevshareStore;
  clock: Clock;
  sanctions: Sanctions;
  /** Tells the platform and ends reminders; idempotent. */
  tell: (invoices: Invoice[]) => Promise<void>;
}) {
  const { store } = deps;

  /** Follows up on some invoices now. */
  async function of(invoiceIds: string[], now: Date): Promise<void> {
    await work(await store.invoices.find({ _id: { $in: invoiceIds }, followUp: { $exists: true } }).toArray(), now);
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
    await deps.tell(stored.map(toInvoice));
    const ended = stored.filter(({ followUp }) => followUp !== 'issued');
    await deps.sanctions.refresh(
      ended.map(({ modelId }) => modelId),
      now,
    );
    // The mark says what was followed up on: an invoice that has ended meanwhile keeps its new one.
    for (const followUp of ['issued', 'completed', 'void'] as const) {
      const done = stored.filter((one) => one.followUp === followUp).map(({ _id }) => _id);
      if (done.length > 0) {
        await store.invoices.updateMany({ _id: { $in: done }, followUp }, { $unset: { followUp: '' } });
      }
    }
  }

  return { of, nextDue, run };
}

const MARKED = { followUp: { $exists: true } };
