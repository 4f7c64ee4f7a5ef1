import { backlogOf } from '../database/backlog.ts';
import type { Invoice } from '../invoicing/invoice.ts';
import type { Invoices } from '../invoicing/invoices.ts';
import { groupBy } from '../kernel/group.ts';
import type { PromiseFact } from '../standing/promised.ts';
import type { PromiseStore, StoredPromise } from './store.ts';
import { factOf, type PromiseView, promiseView, stateOf } from './views.ts';

/** One whose first part was not covered, or is still to be taken, has never held. */
const HELD = { taking: { $exists: false }, ended: { $ne: 'withdrawn' as const } };

/** Promises as others need them. */
export function createPromiseReading(deps: { store: PromiseStore; invoices: Pick<Invoices, 'getMany'> }) {
  const { promises } = deps.store;

  /** What these models have promised, as it bears on their standing: by invoice, in order. */
  async function promisesOf(modelIds: string[]): Promise<Map<string, PromiseFact[]>> {
    const found = await promises.find({ modelId: { $in: modelIds }, ...HELD }).toArray();
    const byInvoice = groupBy(
      found.sort((a, b) => a.number - b.number),
      ({ invoiceId }) => invoiceId,
    );
    return new Map([...byInvoice].map(([invoiceId, own]) => [invoiceId, own.map(factOf)]));
  }

  /** The models among these of whose promises something is still to be done: their standing follows. */
  async function pendingAmong(modelIds: string[]): Promise<string[]> {
    const pending = { modelId: { $in: modelIds }, pendingEffects: { $exists: true } };
    const found = await promises.find(pending, { projection: { modelId: 1 } }).toArray();
    return found.map(({ modelId }) => modelId);
  }

  /** The latest promise about each of these invoices, as it stands at `now`; of those that one was made about. */
  async function latestOf(invoiceIds: string[], now: Date): Promise<Map<string, PromiseView>> {
    const found = await promises.find({ invoiceId: { $in: invoiceIds }, ...HELD }).toArray();
    if (found.length === 0) return new Map();
    const invoices = await deps.invoices.getMany([...new Set(found.map(({ invoiceId }) => invoiceId))]);
    const latest = new Map<string, PromiseView>();
    for (const promise of found.sort((a, b) => a.number - b.number)) {
      const invoice = invoices.get(promise.invoiceId);
      if (invoice !== undefined) latest.set(promise.invoiceId, promiseView(promise, invoice, now));
    }
    return latest;
  }

  /** The promise about an invoice that may still be kept or broken at `now`, also one whose first part is being taken. */
  async function running(invoice: Invoice, now: Date): Promise<StoredPromise | null> {
    const found = await last(invoice.invoiceId, { running: true });
    return found !== null && stateOf(found, invoice, now).status === 'running' ? found : null;
  }

  async function last(invoiceId: string, filter: { running?: true } = {}): Promise<StoredPromise | null> {
    return promises
      .find({ invoiceId, ended: { $ne: 'withdrawn' }, ...filter })
      .sort({ number: -1 })
      .limit(1)
      .next();
  }

  /** What managers look at: promises that end from `now` until `by` if nothing is paid, and those broken since an instant. */
  const backlogs = {
    ending: (now: Date, by: Date) =>
      backlogOf(promises, { running: true, until: { $gt: now, $lt: by } }, { since: 'until' }),
    broken: (since: Date) => backlogOf(promises, { ended: 'broken', endedAt: { $gte: since } }, { since: 'endedAt' }),
  };

  return { backlogs, promisesOf, pendingAmong, latestOf, running, last };
}
