import type { Accounts } from '../../accounts/accounts.ts';
import type { AuditTrail } from '../../audit/audit.ts';
import type { AppliedChecks, ToldEvents } from '../../events/toldEvent.ts';
import type { Calendar } from '../../kernel/calendar.ts';
import type { Ledger } from '../../ledger/journal.ts';
import type { Policy } from '../../policy.ts';
import type { Standing } from '../../standing/standing.ts';
import type { OrderQueries } from '../orderQueries.ts';
import type { OrderStore } from '../store.ts';
import { createOrderEnds } from './orderEnds.ts';
import { createOrderEntries } from './orderEntries.ts';
import { createOrderFacts, type OrderPolicies } from './orderFacts.ts';
import { createFanVerification, type SubscriptionReading } from './verifyFans.ts';
import { verifyOrders } from './verifyOrders.ts';

/** Derives orders, their fans and their money again, from events and people's acts to the ledger and back. */
export function createOrderVerification(deps: {
  store: OrderStore;
  sales: SubscriptionReading;
  ledger: Ledger;
  accounts: Pick<Accounts, 'getMany'>;
  calendar: Pick<Calendar, 'addDays'>;
  policy: Policy['orders'];
  orderQueries: Pick<OrderQueries, 'lastFans'>;
  standings: (modelIds: string[], now: Date) => Promise<Map<string, Standing>>;
}) {
  const terms = createOrderFacts(deps.store);
  const fans = createFanVerification(deps);
  const ends = createOrderEnds({ ...deps, terminatedAmong, lastCounted });

  /** A line for each document of the slice that does not follow from its cause, as things are at `now`. */
  async function facts(
    { events, trail, policies }: { events: ToldEvents; trail: AuditTrail; policies: OrderPolicies },
    now: Date,
  ): Promise<string[]> {
    return [
      ...(await terms.facts(events, policies)),
      ...(await ends.facts({ events, trail }, now)),
      ...(await fans.facts()),
      ...(await verifyOrders(deps)),
    ];
  }

  async function terminatedAmong(modelIds: string[], now: Date): Promise<Set<string>> {
    const standings = await deps.standings(modelIds, now);
    return new Set([...standings].filter(([, { terminated }]) => terminated).map(([modelId]) => modelId));
  }

  /** When the last fan of an order counted, also of one that was stopped. */
  async function lastCounted(orderId: string): Promise<Date | undefined> {
    const counted = { orderId, number: { $gte: 1 }, verdict: 'counted' as const };
    return (await deps.store.fans.find(counted).sort({ number: -1 }).limit(1).next())?.judgedAt;
  }

  const applied: AppliedChecks = { ...terms.applied, ...fans.applied, ...ends.applied };

  return { facts, applied, entries: createOrderEntries(deps), acts: ends.acts };
}
