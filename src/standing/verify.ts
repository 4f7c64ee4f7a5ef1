import type { RevshareStore, StoredStanding } from '../invoicing/store.ts';
import type { Calendar } from '../kernel/calendar.ts';
import { type StandingFacts, type StandingPolicy, standingAt } from './standing.ts';
import { type AnnouncedStanding, announcedPartOf, untouched } from './standingChange.ts';
import { type OrdersOf, standingFacts } from './standingFacts.ts';

const BATCH = 250;

/**
 * Derives again what was told of standings, and answers every difference as a line: what was told of a model is how it
 * stood when it was last looked at, which was no earlier than the last payment of an invoice or decision of a manager,
 * and nothing of it is still to be told. A policy that the service has not been started with shows here, too.
 */
export async function verifyStandings(deps: {
  store: RevshareStore;
  ordersOf: OrdersOf;
  policy: StandingPolicy;
  calendar: Calendar;
}): Promise<string[]> {
  const { store, policy, calendar } = deps;
  const modelIds = await modelsOf(store);
  const differences: string[] = [];
  for (let from = 0; from < modelIds.length; from += BATCH) {
    const some = modelIds.slice(from, from + BATCH);
    const [stored, facts, marked] = await Promise.all([
      store.standings.find({ _id: { $in: some } }).toArray(),
      standingFacts(store, deps.ordersOf, some),
      markedOf(store, some),
    ]);
    const byModel = new Map(stored.map((one) => [one._id, one]));
    for (const [modelId, mine] of facts) {
      if (!marked.has(modelId)) differences.push(...differencesOf(modelId, byModel.get(modelId), mine));
    }
  }
  return differences;

  function differencesOf(modelId: string, stored: StoredStanding | undefined, facts: StandingFacts): string[] {
    const pendingNotifications = stored?.pendingNotifications?.length ?? 0;
    const lines =
      pendingNotifications === 0
        ? []
        : [`model ${modelId}: ${pendingNotifications} changes of its standing are still to be told`];
    const at = lookedAt(stored, facts);
    if (at === null) return lines;
    const announced = stored?.announced ?? untouched(policy);
    const stands = announcedPartOf(standingAt(facts, policy, calendar, at));
    return [...lines, ...PARTS.filter((part) => announced[part] !== stands[part]).map(lineOf)];

    function lineOf(part: keyof AnnouncedStanding): string {
      return `model ${modelId}: ${part} was told to be ${announced[part]}, and was ${stands[part]}`;
    }
  }
}

const PARTS = ['campaigns', 'cplOrders', 'trustScore', 'terminationReview', 'terminated'] as const;

/** When somebody looked at a model the last time, or should have; null when nothing has asked for it yet. */
function lookedAt(stored: StoredStanding | undefined, { invoices, graces, decisions }: StandingFacts): Date | null {
  const instants = [
    stored?.assessedAt,
    ...invoices.map(({ completedAt }) => completedAt),
    ...[...graces, ...decisions].map(({ at }) => at),
  ];
  const known = instants.filter((at) => at !== undefined && at !== null).map((at) => at.getTime());
  return known.length === 0 ? null : new Date(Math.max(...known));
}

/** The models that were looked at, or that something has happened to that asks for a look. */
async function modelsOf(store: RevshareStore): Promise<string[]> {
  const found = new Set<string>();
  for await (const { _id } of store.standings.find({}, { projection: { _id: 1 } })) found.add(_id);
  const byModel = [{ $group: { _id: '$modelId' } }];
  for await (const { _id } of store.invoices.aggregate<{ _id: string }>(byModel)) found.add(_id);
  for await (const { _id } of store.decisions.aggregate<{ _id: string }>(byModel)) found.add(_id);
  return [...found];
}

/** The models that are marked for a look, which whoever works off the marks will do. */
async function markedOf(store: RevshareStore, modelIds: string[]): Promise<Set<string>> {
  const [invoices, decisions] = await Promise.all([
    store.invoices
      .find({ modelId: { $in: modelIds }, pendingEffects: { $exists: true } }, { projection: { modelId: 1 } })
      .toArray(),
    store.decisions
      .find({ modelId: { $in: modelIds }, pendingEffects: { $exists: true } }, { projection: { modelId: 1 } })
      .toArray(),
  ]);
  return new Set([...invoices, ...decisions].map(({ modelId }) => modelId));
}
