import type { OrderView } from '../../src/orders/order.ts';
import { tell } from '../support/events.ts';
import { outboxOf } from '../support/outbox.ts';
import { createWorld as createBusiness } from '../support/world.ts';

export const START = '2026-03-02T00:00:00Z';
export const by = { actor: 'ops' };

export type OrderWorld = Awaited<ReturnType<typeof createOrderWorld>>;

/** The business with a client `M` and a marketer `c`, and shorthands for orders of 10 fans at 100 each. */
export async function createOrderWorld(options: Parameters<typeof createBusiness>[0] = {}) {
  const world = await createBusiness(options);
  const now = () => world.clock.now();

  async function begin(): Promise<void> {
    await world.reset(START);
    await world.send(tell.account('M', 'model'), tell.account('c', 'marketer'));
  }

  async function view(orderId: string): Promise<OrderView> {
    const order = await world.core.orders.get(orderId, now());
    if (order === null) throw new Error(`there is no order ${orderId}`);
    return order;
  }

  async function placed(orderId: string, more: Record<string, unknown> = {}): Promise<void> {
    await world.send(tell.order(orderId, { placedAt: now().toISOString(), ...more }));
  }

  async function accepted(orderId: string, more: Record<string, unknown> = {}): Promise<void> {
    await placed(orderId, more);
    const { kind } = await world.core.orders.accept(orderId, by, now());
    if (kind !== 'accepted') throw new Error(`order ${orderId} is not accepted: ${kind}`);
  }

  let versions = 0;
  /** From now on so many orders of `c` run at a time; none given: as many as there are. */
  async function capacity(most?: number): Promise<void> {
    versions += 1;
    const at = new Date(Date.parse('2026-01-02T00:00:00Z') + versions).toISOString();
    await world.send(
      tell.account('c', 'marketer', { id: `c-${versions}`, at, ...(most === undefined ? {} : { capacity: most }) }),
    );
  }

  /** Fans of an order, each its own person, who subscribe now. */
  function fans(orderId: string, from: number, count: number, more: Record<string, unknown> = {}) {
    return Array.from({ length: count }, (_, index) =>
      tell.fan(`${orderId.replace('~', '-')}-s${from + index}`, orderId, now().toISOString(), more),
    );
  }

  async function verdicts(orderId: string): Promise<Record<string, string>> {
    const page = await world.core.orders.fans(orderId, { limit: 500 });
    return Object.fromEntries((page?.items ?? []).map(({ subscriptionId, verdict }) => [subscriptionId, verdict]));
  }

  /** Every difference that `verify` finds, and every error of the applier. */
  async function differences(): Promise<unknown[]> {
    return [...world.errors, ...(await world.core.verify())];
  }

  return {
    ...world,
    get core() {
      return world.core;
    },
    get processes() {
      return world.processes;
    },
    get orders() {
      return world.core.orders;
    },
    now,
    begin,
    view,
    placed,
    accepted,
    capacity,
    fans,
    verdicts,
    differences,
    later: (minutes: number) => world.pin(new Date(now().getTime() + minutes * 60_000)),
    balance: (account: string) => world.core.ledger.balance(account),
  };
}

/** The chat that an account has, so that notices leave traces. */
export async function link(world: Pick<OrderWorld, 'linked'>, ...accountIds: string[]): Promise<void> {
  for (const accountId of accountIds) await world.linked(accountId, 'telegram', accountId);
}

/** What the outbox was told, as `key>chat`; without those of a state. */
export async function told({ collection }: Pick<OrderWorld, 'collection'>, without = 'none'): Promise<string[]> {
  const told = await outboxOf(collection);
  return told.filter((one) => !('state' in one) || one.state !== without).map(({ _id }) => _id);
}
