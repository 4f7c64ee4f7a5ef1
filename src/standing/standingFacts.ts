import type { UnpaidInvoices } from '../invoicing/unpaidInvoices.ts';
import type { PromiseFact } from './promised.ts';
import type { CompletedOrder, StandingFacts } from './standing.ts';
import type { StandingStore } from './store.ts';

/** The completed orders of models, from the slice that knows them. */
export type OrdersOf = (modelIds: string[]) => Promise<Map<string, CompletedOrder[]>>;

/** What models have promised, by invoice and in order, from the slice that knows it. */
export type PromisesOf = (modelIds: string[]) => Promise<Map<string, PromiseFact[]>>;

/** Where the facts that bear on standing come from. */
export type FactSources = {
  store: Pick<StandingStore, 'decisions'>;
  unpaidInvoices: Pick<UnpaidInvoices, 'factsOf'>;
  ordersOf: OrdersOf;
  promisesOf: PromisesOf;
  /** Under `onlyAfterWarning`: when these invoices' models were warned, or it was known that they cannot be (rules 2.9). */
  warningsOf?: WarningsOf | undefined;
};

export type Warning = { warnedAt: Date | null; unreachedAt: Date | null };
export type WarningsOf = (invoiceIds: string[]) => Promise<Map<string, Warning>>;

/** A model that nothing has happened to yet. */
export const NO_FACTS: StandingFacts = { invoices: [], orders: [], graces: [], decisions: [] };

/** Everything that bears on the standing of some models, in a fixed number of queries. */
export async function loadStandingFacts(
  { store, unpaidInvoices, ordersOf, promisesOf, warningsOf }: FactSources,
  modelIds: string[],
): Promise<Map<string, StandingFacts>> {
  const [invoices, decisions, orders, promises] = await Promise.all([
    unpaidInvoices.factsOf(modelIds),
    store.decisions.find({ modelId: { $in: modelIds } }).toArray(),
    ordersOf(modelIds),
    promisesOf(modelIds),
  ]);
  const facts = new Map<string, StandingFacts>(
    modelIds.map((modelId) => [
      modelId,
      { invoices: [], orders: orders.get(modelId) ?? [], graces: [], decisions: [] },
    ]),
  );
  const warnings = await warningsOf?.(invoices.map(({ invoiceId }) => invoiceId));
  for (const { modelId, ...invoice } of invoices) {
    const promised = promises.get(invoice.invoiceId);
    facts.get(modelId)?.invoices.push({
      ...{ ...invoice, ...warnings?.get(invoice.invoiceId) },
      ...(promised === undefined ? {} : { promises: promised }),
    });
  }
  for (const { modelId, kind, at, until } of decisions) {
    if (kind === 'grace') facts.get(modelId)?.graces.push({ at, until: until ?? at });
    else facts.get(modelId)?.decisions.push({ kind, at });
  }
  return facts;
}
