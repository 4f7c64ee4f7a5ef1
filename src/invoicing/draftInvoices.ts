import type { Accounts } from '../accounts/accounts.ts';
import { takesLong } from '../database/patience.ts';
import type { Calendar, WeekId } from '../kernel/calendar.ts';
import { inBatches } from '../kernel/group.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Policy } from '../policy.ts';
import type { BillingWeeks } from './billingWeeks.ts';
import { creditAccount, type IssuedInvoice, issueInvoice } from './invoice.ts';
import type { InvoicingStore } from './store.ts';
import type { WeekSums } from './transactionSums.ts';

const MODELS_PER_BATCH = 250;
/** What was completed in so many calendar months earns a discount (rules 1.4). */
export const VOLUME_MONTHS = 3;

export type InvoiceDrafts = ReturnType<typeof createInvoiceDrafts>;

/** Drafts the invoices of a week, for Monday's run and for its preview alike. Reads only. */
export function createInvoiceDrafts(deps: {
  store: Pick<InvoicingStore, 'transactions' | 'invoices' | 'cycles'>;
  billingWeeks: Pick<BillingWeeks, 'through'>;
  ledger: Pick<Ledger, 'balances'>;
  accounts: Pick<Accounts, 'getMany'>;
  policy: Policy['invoicing'];
  calendar: Calendar;
}) {
  const { store, calendar } = deps;

  /** The week to work on: one that was begun and not finished, else the first with a transaction. */
  async function nextWeek(): Promise<WeekId | null> {
    const [unfinished, through] = await Promise.all([
      store.cycles.find({ state: 'closing' }).sort({ _id: 1 }).limit(1).next(),
      deps.billingWeeks.through(),
    ]);
    if (unfinished !== null) return unfinished._id.slice('invoicing:'.length);
    const first = await store.transactions
      .find({ billingWeek: { $gt: through } }, { projection: { billingWeek: 1 } })
      .sort({ billingWeek: 1 })
      .limit(1)
      .next();
    return first?.billingWeek ?? null;
  }

  /** The models with transactions in a week, in batches in the order of their ids. */
  async function* modelsOf(week: WeekId, after: string): AsyncGenerator<string[]> {
    const rows = store.transactions.aggregate<{ _id: string }>(
      [
        { $match: { billingWeek: week, modelId: { $gt: after } } },
        { $sort: { billingWeek: 1, modelId: 1 } },
        { $group: { _id: '$modelId' } },
        { $sort: { _id: 1 } },
      ],
      takesLong,
    );
    for await (const batch of inBatches(rows, MODELS_PER_BATCH)) yield batch.map(({ _id }) => _id);
  }

  /** The invoices of a batch. */
  async function decide(
    week: WeekId,
    issuedAt: Date,
    modelIds: string[],
    sums: Map<string, WeekSums>,
  ): Promise<(IssuedInvoice & { status: 'open' | 'credited' })[]> {
    const accounts = await deps.accounts.getMany(modelIds);
    const volumes = await completedVolumes(modelIds, issuedAt);
    const credits = await deps.ledger.balances(modelIds.map(creditAccount));
    return modelIds.map((modelId) => {
      const own = accounts.get(modelId)?.discountBps;
      return issueInvoice(
        {
          modelId,
          week,
          issuedAt,
          sums: sums.get(modelId)?.lines ?? [],
          ...(own === undefined ? {} : { ownDiscountBps: own }),
          volume: volumes.get(modelId) ?? 0,
          availableCredit: credits.get(creditAccount(modelId)) ?? 0,
        },
        deps.policy,
        calendar,
      );
    });
  }

  /** What each model completed in the three calendar months before `issuedAt` (rules 1.4). */
  async function completedVolumes(modelIds: string[], issuedAt: Date): Promise<Map<string, MinorUnits>> {
    const since = calendar.addMonths(issuedAt, -VOLUME_MONTHS);
    const rows = await store.invoices
      .aggregate<{ _id: string; volume: MinorUnits }>(
        [
          { $match: { modelId: { $in: modelIds }, completedAt: { $gte: since, $lt: issuedAt } } },
          { $group: { _id: '$modelId', volume: { $sum: '$total' } } },
        ],
        takesLong,
      )
      .toArray();
    return new Map(rows.map((row) => [row._id, row.volume]));
  }

  return { nextWeek, modelsOf, decide };
}
