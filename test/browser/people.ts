import { sold } from '../affiliates/world.ts';
import { tell } from '../support/events.ts';
import { BEGIN, owe } from './debtors.ts';
import { earn } from './paydays.ts';
import { type ConsoleService, startConsoleService } from './visit.ts';

/** The instant at which everybody is looked at, on a Friday. */
const NOW = '2026-03-20T09:00:00Z';

/**
 * A service with one of everything that people who are not managers see: `m1` and `m2` owe and have the money; `ava` owes nothing, and
 * ordered fans of `max`, who answered one of three orders and has a payout; `kim` has commissions in every state, and a payout.
 */
export async function startPeople(environment: Record<string, string> = {}): Promise<ConsoleService> {
  const service = await startConsoleService({ TEST_CLOCK_START: BEGIN, ...environment });
  const order = (id: string) =>
    tell.order(id, {
      modelId: 'ava',
      marketerId: 'max',
      quantity: 5,
      pricePerFan: 200,
      placedAt: '2026-03-19T09:00:00Z',
    });
  await service.send(
    tell.account('ava', 'model', { name: 'Ava Álvarez' }),
    tell.account('max', 'marketer', { name: 'Max Media', timeZone: 'Europe/Warsaw' }),
    tell.account('kim', 'affiliate', { name: 'Kim' }),
    tell.topUp('t-ava', 'ava', 50_000),
    ...['s1', 's2'].flatMap((id) => sold(id, 'kim', '2026-03-01T00:00:00Z')),
    ...['s1', 's2'].map((subscriptionId) =>
      tell.payment(`p-${subscriptionId}`, 9_000, '2026-03-04T00:00:00Z', { kind: 'subscription', subscriptionId }),
    ),
    tell.refund('r2', 'p-s2', 9_000, '2026-03-05T00:00:00Z'),
  );
  await earn(service, { max: 1_000 });
  await owe(service, 2, NOW);
  await service.send(
    tell.topUp('t-m1', 'm1', 1_000),
    ...['o1', 'o2', 'o3'].map(order),
    ...sold('s3', 'kim', '2026-03-19T00:00:00Z'),
  );
  await service.api('POST', '/v1/orders/o1/accept');
  await service.send(
    tell.fan('f1', 'o1', '2026-03-20T09:00:00Z', { modelId: 'ava' }),
    tell.fan('f2', 'o1', '2026-03-18T09:00:00Z', { modelId: 'ava' }),
  );
  return service;
}
