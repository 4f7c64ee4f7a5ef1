import { modelAccount } from '../invoicing/invoice.ts';
import type { Invoices } from '../invoicing/invoices.ts';
import type { JobResult } from '../kernel/activity.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Notice, Notices } from '../notices/notices.ts';
import type { createPromiseEffects } from './effects.ts';
import { dueSoonNotice } from './notices.ts';
import { remindAt } from './offers.ts';
import type { PromisePolicy } from './promise.ts';
import type { PromiseStore, StoredPromise } from './store.ts';

const BATCH = 500;
/** Names the field, so that the index by it is used. */
const LONG_AGO = new Date(0);

/** What time does to promises: a day before its end a model is reminded, and at its end one that was not kept is broken. */
export function createPromiseTick(deps: {
  store: PromiseStore;
  invoices: Pick<Invoices, 'current'>;
  ledger: Pick<Ledger, 'balances'>;
  notices: Pick<Notices, 'enqueue'>;
  policy: PromisePolicy;
  effects: Pick<ReturnType<typeof createPromiseEffects>, 'settle'>;
}) {
  const { promises } = deps.store;

  async function nextDue(): Promise<Date | null> {
    const running = { running: true as const, until: { $gt: LONG_AGO } };
    const first = (filter: { reminded?: { $exists: boolean } }) =>
      promises
        .find({ ...running, ...filter })
        .sort({ until: 1 })
        .limit(1)
        .next();
    const [next, unreminded] = await Promise.all([first({}), first({ reminded: { $exists: false } })]);
    const instants = [
      ...(next === null ? [] : [next.until]),
      ...(unreminded === null ? [] : [remindAt(unreminded.until)]),
    ];
    return instants.length === 0 ? null : new Date(Math.min(...instants.map((at) => at.getTime())));
  }

  /** Does what is due at `now` or earlier, a batch of each. */
  async function run(now: Date): Promise<JobResult> {
    const running = { running: true as const };
    const remindedBy = new Date(2 * now.getTime() - remindAt(now).getTime());
    const toRemind = await promises
      .find({ ...running, until: { $lte: remindedBy, $gt: now }, reminded: { $exists: false } })
      .limit(BATCH)
      .toArray();
    const toRemindIds = toRemind.map(({ _id }) => _id);
    const balances = await deps.ledger.balances([...new Set(toRemind.map(({ modelId }) => modelAccount(modelId)))]);
    const reminders = await Promise.all(
      toRemind.map((promise) => reminderOf(promise, balances.get(modelAccount(promise.modelId)) ?? 0)),
    );
    await deps.notices.enqueue(reminders.flat(), now);
    await promises.updateMany({ _id: { $in: toRemindIds } }, { $set: { reminded: true } });
    const ended = await promises
      .find({ ...running, until: { $lte: now } })
      .limit(BATCH)
      .toArray();
    await deps.effects.settle(
      ended.map(({ invoiceId }) => invoiceId),
      now,
    );
    return { count: toRemind.length + ended.length };
  }

  async function reminderOf(promise: StoredPromise, balance: MinorUnits): Promise<Notice[]> {
    const invoice = await deps.invoices.current(promise.invoiceId);
    if (invoice === null || invoice.status !== 'open') return [];
    return [dueSoonNotice(promise, invoice, balance, deps.policy)];
  }

  return { nextDue, run };
}
