import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { sold } from '../affiliates/world.ts';
import { atEachWrite, deepTest, sampleOf } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { installFaults } from '../support/faults.ts';
import { createWorld, PLATFORM, type World } from '../support/world.ts';

const BY = { actor: 'ops', reason: 'because' };
const OUTSIDE = { actor: 'ops', reference: 'SEPA 1' };
/** A Monday, after its invoices. */
const START = '2026-03-02T07:00:00Z';

let world: World;
const faults = installFaults(() => {
  for (const { inboxWorker } of world.processes) void inboxWorker.stop();
});

beforeAll(async () => {
  world = await createWorld({ environment: PLATFORM });
});
afterAll(async () => {
  faults.uninstall();
  await world.close();
});

type Act = {
  name: string;
  /** Brings the world to where the act can be done for `id`, once for each write. */
  prepare: (id: string) => Promise<void>;
  act: (id: string) => Promise<unknown>;
  /** Whether it is done, by what the service shows. */
  isDone: (id: string) => Promise<boolean>;
  /** What the platform hears of it. */
  told?: { subject: (id: string) => string; type: string };
};

const now = () => world.clock.now();
const statusOf = async (id: string) => (await world.core.orders.get(id, now()))?.status;
const order = (id: string, more: object = {}) =>
  world.send(tell.order(id, { placedAt: now().toISOString(), ...more }), tell.topUp(`t-${id}`, 'M', 1_000));
const ofOrder = (type: string) => ({ subject: (id: string) => `order:${id}`, type });
const invoiceOf = async (id: string) =>
  (await world.core.invoicing.invoices.list({ modelId: id, limit: 1 }, now())).items[0];
const invoiceIdOf = async (id: string) => (await invoiceOf(id))?.invoiceId ?? '';
const standingOf = async (id: string) => (await world.core.standing.standings.standings([id], now())).get(id);
const payoutOf = async (id: string) => world.core.affiliates.payouts.get(`2026-03-16:${id}`);

const ACTS: Act[] = [
  {
    name: 'an acceptance',
    prepare: (id) => order(id),
    act: (id) => world.core.orders.accept(id, BY, now()),
    isDone: async (id) => (await statusOf(id)) === 'running',
    told: ofOrder('order.started'),
  },
  {
    name: 'an acceptance that holds money',
    prepare: (id) => order(id, { prepaid: true }),
    act: (id) => world.core.orders.accept(id, BY, now()),
    isDone: async (id) => (await statusOf(id)) === 'running',
    told: ofOrder('order.started'),
  },
  {
    name: 'a rejection that declines to hold money',
    prepare: (id) => order(id, { prepaid: true }),
    act: (id) => world.core.orders.reject(id, BY, now()),
    isDone: async (id) => (await statusOf(id)) === 'rejected',
    told: ofOrder('order.rejected'),
  },
  {
    name: 'a stop',
    prepare: async (id) => {
      await order(id, { prepaid: true });
      await world.core.orders.accept(id, BY, now());
    },
    act: (id) => world.core.orders.stop(id, BY, now()),
    isDone: async (id) => (await statusOf(id)) === 'stopped',
    told: ofOrder('order.stopped'),
  },
  {
    name: 'a payment of an invoice',
    prepare: (id) => billed(id),
    act: async (id) => world.core.invoicing.invoices.pay(await invoiceIdOf(id), BY, now()),
    isDone: async (id) => (await invoiceOf(id))?.status === 'completed',
    told: { subject: (id) => `model:${id}`, type: 'invoice.completed' },
  },
  {
    name: 'a void invoice',
    prepare: (id) => billed(id),
    act: async (id) => world.core.invoicing.invoices.void(await invoiceIdOf(id), BY, now()),
    isDone: async (id) => (await invoiceOf(id))?.status === 'void',
    told: { subject: (id) => `model:${id}`, type: 'invoice.voided' },
  },
  {
    name: 'a written-off invoice',
    prepare: (id) => billed(id),
    act: async (id) =>
      world.core.invoicing.invoices.writeOff(await invoiceIdOf(id), { ...BY, payContractors: true }, now()),
    isDone: async (id) => (await invoiceOf(id))?.status === 'written_off',
    told: { subject: (id) => `model:${id}`, type: 'invoice.written_off' },
  },
  {
    name: 'an invoice that was paid outside',
    prepare: (id) => billed(id),
    act: async (id) => world.core.invoicing.invoices.payOutside(await invoiceIdOf(id), OUTSIDE, now()),
    isDone: async (id) => (await invoiceOf(id))?.status === 'completed',
    told: { subject: (id) => `model:${id}`, type: 'invoice.completed' },
  },
  {
    name: 'a termination',
    prepare: (id) => world.account(id, 'model'),
    act: (id) => world.core.standing.standings.terminate(id, BY, now()),
    isDone: async (id) => (await standingOf(id))?.terminated === true,
    told: { subject: (id) => `model:${id}`, type: 'partnership.terminated' },
  },
  {
    name: 'a role that the owner decides',
    prepare: (id) => world.send(tell.account(id, 'model')),
    act: (id) => world.core.accounts.decideRole(id, 'marketer', { by: 'owner', reason: 'new', at: now() }),
    isDone: async (id) => (await world.core.accounts.get(id))?.role === 'marketer',
  },
];

describe.each(sampleOf(['before', 'after', 'unsent'] as const, 1))('cut off %s any write', (kind) => {
  beforeEach(async () => {
    await world.reset(START);
    await world.send(tell.account('M', 'model'), tell.account('c', 'marketer'));
  });

  test.each(sampleOf(ACTS, 1))('$name is finished by two looks, and no repair', { timeout: 180_000 }, async (one) => {
    const writes = await atEachWrite(async (write) => {
      const id = `a${Number.isFinite(write) ? write : 'x'}`;
      await one.prepare(id);
      const reached = await cutOff(write, kind, () => one.act(id));
      await lookTwice();
      expect(await world.core.followUps.pending()).toEqual([]);
      expect(await world.core.verify()).toEqual([]);
      if (one.told !== undefined) {
        const { subject, type } = one.told;
        const heard = await world
          .collection('outgoing_webhooks')
          .find({ subject: subject(id), type })
          .toArray();
        expect(heard).toHaveLength((await one.isDone(id)) ? 1 : 0);
      }
      await one.act(id);
      expect(await one.isDone(id)).toBe(true);
      expect(await world.core.verify()).toEqual([]);
      return reached;
    }, 3);
    expect(writes).toBeGreaterThan(2);
  });

  deepTest('a payout that is settled, and one that fails', { timeout: 180_000 }, async () => {
    const affiliates = ['x', ...Array.from({ length: 24 }, (_, index) => String(index))];
    const id = (write: number) => `A${Number.isFinite(write) ? write : 'x'}`;
    await world.reset('2026-02-27T00:00:00Z');
    for (const name of affiliates) {
      await world.send(
        tell.account(`A${name}`, 'affiliate'),
        ...sold(`s${name}`, `A${name}`, '2026-02-27T00:00:00Z'),
        tell.payment(`p${name}`, 1_000, '2026-03-02T12:00:00Z', { kind: 'subscription', subscriptionId: `s${name}` }),
      );
    }
    await world.travelTo('2026-03-16T00:00:01Z');
    const writes = await atEachWrite(async (write) => {
      const payoutId = `2026-03-16:${id(write)}`;
      const action = write % 2 === 0 ? 'settle' : 'fail';
      const reached = await cutOff(write, kind, () =>
        world.core.affiliates.payouts.act(payoutId, action, { ...BY, reference: 'tx' }, now()),
      );
      await lookTwice();
      expect(await world.core.followUps.pending()).toEqual([]);
      expect(await world.core.verify()).toEqual([]);
      const { status = '' } = (await payoutOf(id(write))) ?? {};
      expect([action === 'settle' ? 'paid' : 'failed', 'due']).toContain(status);
      return reached;
    }, 3);
    expect(writes).toBeGreaterThan(3);
    expect(writes).toBeLessThan(affiliates.length);
  });
});

describe('a look', () => {
  beforeEach(async () => {
    await world.reset(START);
    await world.send(tell.account('M', 'model'), tell.account('c', 'marketer'));
  });

  test('leaves alone what it finds for the first time, and finishes it at the second', async () => {
    const { followUps } = world.core;
    await followUps.look();
    await order('o');
    await cutOff(1, 'unsent', () => world.core.orders.accept('o', BY, now()));
    const [pending] = await followUps.pending();
    expect(pending).toMatchObject({ kind: 'orders', acts: [{ id: 'o', since: now() }] });
    await followUps.look();
    expect(await followUps.pending()).toHaveLength(1);
    await followUps.look();
    expect(await followUps.pending()).toEqual([]);
    expect(await statusOf('o')).toBe('running');
  });

  test('is for one process at a time; another leads when that is gone', async () => {
    await world.restart();
    const [first] = world.processes;
    await first?.followUps.look();
    await world.collection('leases').deleteMany({ _id: 'none' });
    expect(await world.core.followUps.isLed()).toBe(true);
    await first?.followUps.stop();
    expect(await world.core.followUps.isLed()).toBe(false);
  });
});

/** An invoice of the week that ends here, and money for it that the debit has not seen. */
async function billed(id: string): Promise<void> {
  await world.send(tell.account(id, 'model'), tell.campaign(`C${id}`, id, 'c', 5_000));
  await world.send(tell.payment(`p${id}`, 1_000, now().toISOString(), { campaignId: `C${id}` }));
  await world.travelTo(new Date(now().getTime() + 7 * 86_400_000));
  await world.topUp(id, 5_000);
}

/** Does something that is cut off at its write number `write`; answers how many it came to. */
async function cutOff(write: number, kind: 'before' | 'after' | 'unsent', work: () => Promise<unknown>) {
  faults.plan([{ after: write, kind }]);
  await work().catch(() => {});
  const { dead, writes } = faults;
  faults.plan([]);
  if (dead) await faults.restart(world.restart);
  return writes;
}

async function lookTwice(): Promise<void> {
  await world.core.followUps.look();
  await world.core.followUps.look();
}
