import type { UnpaidInvoices } from '../invoicing/unpaidInvoices.ts';
import type { Calendar } from '../kernel/calendar.ts';
import { chunksOf } from '../kernel/group.ts';
import { linesOn } from '../kernel/lines.ts';
import { type StandingFacts, type StandingPolicy, settledAt, standingAt } from './standing.ts';
import { type AnnouncedStanding, announcedPartOf, untouched } from './standingChange.ts';
import { type FactSources, loadStandingFacts } from './standingFacts.ts';
import type { StandingStore, StoredStanding } from './store.ts';

const BATCH = 250;

/**
 * Derives again what was announced of standings, and answers every difference as a line: what was announced of a model is how
 * it stood at its last refresh, which was no earlier than the last payment of an invoice, promise or decision of a manager, and
 * nothing of it is pending. A policy that the service has not been started with shows here, too.
 */
export async function verifyStandings(
  deps: Sources & {
    policy: StandingPolicy;
    calendar: Calendar;
  },
): Promise<string[]> {
  const { store, policy, calendar } = deps;
  const modelIds = await modelsOf(deps);
  const differences: string[] = [];
  for (const chunk of chunksOf(modelIds, BATCH)) {
    differences.push(...(await linesOn(chunk, (modelId) => `model ${modelId}: its standing`, standingsOf)));
  }
  return differences;

  async function standingsOf(some: string[]): Promise<string[]> {
    const [stored, facts, marked] = await Promise.all([
      store.standings.find({ _id: { $in: some } }).toArray(),
      loadStandingFacts(deps, some),
      markedOf(deps, some),
    ]);
    const byModel = new Map(stored.map((one) => [one._id, one]));
    return [...facts].flatMap(([modelId, mine]) =>
      marked.has(modelId) ? [] : differencesOf(modelId, byModel.get(modelId), mine),
    );
  }

  function differencesOf(modelId: string, stored: StoredStanding | undefined, facts: StandingFacts): string[] {
    const pendingNotifications = stored?.pendingNotifications?.length ?? 0;
    const lines =
      pendingNotifications === 0
        ? []
        : [`model ${modelId}: ${pendingNotifications} changes of its standing are still to be told`];
    const at = lastRefreshOf(stored, facts);
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

/** When a model was refreshed last, or should have been; null when nothing has asked for it yet. */
function lastRefreshOf(
  stored: StoredStanding | undefined,
  { invoices, graces, decisions }: StandingFacts,
): Date | null {
  const instants = [
    stored?.assessedAt,
    ...invoices.map(settledAt),
    ...[...graces, ...decisions].map(({ at }) => at),
    ...invoices.flatMap(({ promises = [] }) => promises.flatMap(({ madeAt, refusedAt }) => [madeAt, refusedAt])),
  ];
  const known = instants.filter((at) => at !== undefined && at !== null).map((at) => at.getTime());
  return known.length === 0 ? null : new Date(Math.max(...known));
}

type Sources = FactSources & {
  store: Pick<StandingStore, 'standings' | 'decisions'>;
  unpaidInvoices: Pick<UnpaidInvoices, 'modelIds' | 'withPendingEffects'>;
  withPendingPromises: (modelIds: string[]) => Promise<string[]>;
};

/** The models that have a standing stored, or that something has happened to that asks for one. */
async function modelsOf({ store, unpaidInvoices }: Sources): Promise<string[]> {
  const found = new Set(await unpaidInvoices.modelIds());
  for await (const { _id } of store.standings.find({}, { projection: { _id: 1 } })) found.add(_id);
  const byModel = [{ $group: { _id: '$modelId' } }];
  for await (const { _id } of store.decisions.aggregate<{ _id: string }>(byModel)) found.add(_id);
  return [...found];
}

/** The models whose standing is still to be refreshed: whoever works off the pending effects will do it. */
async function markedOf(
  { store, unpaidInvoices, withPendingPromises }: Sources,
  modelIds: string[],
): Promise<Set<string>> {
  const filter = { modelId: { $in: modelIds }, pendingEffects: { $exists: true } };
  const [invoiced, promised, decisions] = await Promise.all([
    unpaidInvoices.withPendingEffects(modelIds),
    withPendingPromises(modelIds),
    store.decisions.find(filter, { projection: { modelId: 1 } }).toArray(),
  ]);
  return new Set([...invoiced, ...promised, ...decisions.map(({ modelId }) => modelId)]);
}
