import type { OrderBlocker } from '../../notices/messages/orders.ts';
import type { Standing } from '../../standing/standing.ts';
import type { OrderQueries } from '../orderQueries.ts';

export type Standings = (modelIds: string[], now: Date) => Promise<Map<string, Standing>>;

/** A client's standing as it bears on a new order: what blocks it, and the largest quantity we advise. */
export type ClientStanding = { blockers: OrderBlocker[]; recommended: number | null };

export type OrderBlockers = ReturnType<typeof createOrderBlockers>;

/** What blocks clients' new orders (rules 2.2, 2.5, 4.6), in a fixed number of queries. */
export function createOrderBlockers(deps: { standings: Standings; orderQueries: Pick<OrderQueries, 'owedBy'> }) {
  async function standing(modelIds: string[], now: Date): Promise<Map<string, ClientStanding>> {
    const ids = [...new Set(modelIds)];
    const [standings, owed] = await Promise.all([deps.standings(ids, now), deps.orderQueries.owedBy(ids)]);
    return new Map(
      ids.map((modelId) => {
        const one = standings.get(modelId);
        const recommended = one?.recommendedMaxQuantity ?? null;
        return [modelId, { blockers: blockersOf(one, owed.get(modelId) ?? 0), recommended }];
      }),
    );
  }

  async function isTerminated(modelId: string, now: Date): Promise<boolean> {
    return (await deps.standings([modelId], now)).get(modelId)?.terminated === true;
  }

  return { standing, isTerminated };
}

/** What a standing, and what is owed for fans, keep a client from; a termination says all that a block would. */
export function blockersOf(standing: Standing | undefined, owed: number): OrderBlocker[] {
  const { terminated = false, cplOrders = 'allowed', overdue } = standing ?? {};
  return [
    ...(terminated ? [{ kind: 'client-terminated' as const }] : []),
    ...(!terminated && cplOrders === 'blocked'
      ? [
          {
            kind: 'client-blocked' as const,
            overdueCount: overdue?.count ?? 0,
            overdueTotal: overdue?.total ?? 0,
          },
        ]
      : []),
    ...(owed > 0 ? [{ kind: 'client-owes' as const, amount: owed }] : []),
  ];
}
