import type { RevshareStore } from '../invoicing/store.ts';
import type { CompletedOrder, StandingFacts } from './standing.ts';

/** The completed orders of models, from the slice that knows them. */
export type OrdersOf = (modelIds: string[]) => Promise<Map<string, CompletedOrder[]>>;

/**
 * Everything that bears on the standing of some models, in a fixed number of queries. A voided or credited invoice bears
 * on nothing (rules 1.5, 1.7).
 */
export async function standingFacts(
  store: Pick<RevshareStore, 'invoices' | 'decisions'>,
  ordersOf: OrdersOf,
  modelIds: string[],
): Promise<Map<string, StandingFacts>> {
  const [invoices, decisions, orders] = await Promise.all([
    store.invoices
      .find(
        { modelId: { $in: modelIds }, status: { $in: ['open', 'completed'] } },
        { projection: { modelId: 1, dueAt: 1, total: 1, completedAt: 1 } },
      )
      .toArray(),
    store.decisions.find({ modelId: { $in: modelIds } }).toArray(),
    ordersOf(modelIds),
  ]);
  const facts = new Map<string, StandingFacts>(
    modelIds.map((modelId) => [
      modelId,
      { invoices: [], orders: orders.get(modelId) ?? [], graces: [], decisions: [] },
    ]),
  );
  for (const { _id, modelId, dueAt, total, completedAt } of invoices) {
    facts.get(modelId)?.invoices.push({ invoiceId: _id, dueAt, total, completedAt: completedAt ?? null });
  }
  for (const { modelId, kind, at, until } of decisions) {
    if (kind === 'grace') facts.get(modelId)?.graces.push({ at, until: until ?? at });
    else facts.get(modelId)?.decisions.push({ kind, at });
  }
  return facts;
}
