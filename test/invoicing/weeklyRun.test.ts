import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { atEachWrite, deepTest, sampleOf } from '../support/depth.ts';
import { type TestEvent, tell } from '../support/events.ts';
import { installFaults } from '../support/faults.ts';
import { freezeAt } from '../support/faultsFreeze.ts';
import { outboxOf } from '../support/outbox.ts';
import { createWorld, type World } from '../support/world.ts';

const MONDAY = '2026-03-09T06:00:00Z';
const NEXT_MONDAY = '2026-03-16T06:00:00Z';

let world: World;
const faults = installFaults();

beforeAll(async () => {
  world = await createWorld({ processes: 2 });
});
afterAll(async () => {
  faults.uninstall();
  await world.close();
});
beforeEach(() => world.reset('2026-03-02T00:00:00Z'));

const people = [
  tell.account('M', 'model'),
  tell.account('N', 'model'),
  tell.account('c', 'marketer'),
  tell.account('d', 'marketer'),
];
const tip = (id: string, amount: number, at: string, campaignId = 'A') => tell.payment(id, amount, at, { campaignId });

async function invoices() {
  const { items } = await world.core.invoicing.invoices.list({ limit: 100 }, world.clock.now());
  return items.sort((a, b) => (a.invoiceId < b.invoiceId ? -1 : 1));
}

async function summary() {
  return (await invoices()).map(({ invoiceId, status, total }) => `${invoiceId} ${status} ${total}`);
}

/** Each of these transactions is on exactly one invoice, whichever it is. */
async function expectBilledOnce(ids: string[]): Promise<void> {
  const counted = (await invoices()).flatMap(({ lines }) => lines).reduce((count, line) => count + line.count, 0);
  expect(counted).toBe(ids.length);
  expect(await world.core.verify()).toEqual([]);
}

/** Of what ran, the runs that issue invoices. */
function issues<R extends { job: string }>(ran: R[]): R[] {
  return ran.filter(({ job }) => job === 'issue-invoices');
}

describe('one invoice per model and week (rules 1.2)', () => {
  deepTest('a second tick for the same week issues nothing', async () => {
    await world.send(...people, tell.campaign('A', 'M', 'c', 5_000), tip('p1', 1_000, '2026-03-03T00:00:00Z'));
    expect(issues(await world.travelTo(MONDAY))).toHaveLength(1);
    await world.core.invoicing.weeklyRun.run(new Date(MONDAY));
    await world.core.invoicing.weeklyRun.run(new Date(MONDAY));
    expect(await summary()).toEqual(['2026-W10:M open 500']);
    expect(await world.core.verify()).toEqual([]);
  });

  deepTest('what a model had in five weeks of rest is caught up in order, each week with its own dates', async () => {
    await world.send(...people, tell.campaign('A', 'M', 'c', 5_000));
    await world.send(
      ...[3, 10, 17, 24, 31].map((day) => tip(`p${day}`, 1_000, `2026-03-${String(day).padStart(2, '0')}T00:00:00Z`)),
    );
    const ran = issues(await world.travelTo('2026-04-20T00:00:00Z'));
    expect(ran.map(({ at }) => at.toISOString())).toEqual([
      '2026-03-09T06:00:00.000Z',
      '2026-03-16T06:00:00.000Z',
      '2026-03-23T06:00:00.000Z',
      '2026-03-30T06:00:00.000Z',
      '2026-04-06T06:00:00.000Z',
    ]);
    expect((await invoices()).map(({ issuedAt, dueAt }) => [issuedAt.toISOString(), dueAt.toISOString()])).toEqual(
      ran.map(({ at }) => [at.toISOString(), new Date(at.getTime() + 3 * 86_400_000).toISOString()]),
    );
  });

  test('a payment that was received before the issue, and applied after it, is not late', async () => {
    await world.send(...people, tell.campaign('A', 'M', 'c', 5_000));
    world.pin('2026-03-09T05:59:59Z');
    await world.receive(tip('p1', 1_000, '2026-03-03T00:00:00Z'));
    world.pin('2026-03-09T06:00:01Z');
    await world.drain();
    await world.travelTo('2026-03-09T06:00:02Z');
    expect(await summary()).toEqual(['2026-W10:M open 500']);
    expect((await invoices())[0]?.lines).toMatchObject([{ late: 0 }]);
  });

  deepTest('a payment that waited until after the issue is late, though it was received before', async () => {
    await world.send(...people, tip('p1', 1_000, '2026-03-03T00:00:00Z'));
    world.pin('2026-03-09T06:00:00Z');
    await world.send(tell.campaign('A', 'M', 'c', 5_000));
    await world.travelTo(NEXT_MONDAY);
    expect(await summary()).toEqual(['2026-W11:M open 500']);
    expect((await invoices())[0]?.lines).toMatchObject([{ late: 1 }]);
  });
});

describe('a week that is being closed', () => {
  /** Begins a run that dies at its write number `after`; answers how many it came to. */
  async function diesInRun(after: number): Promise<number> {
    world.pin(MONDAY);
    faults.plan([{ after, kind: 'after' }]);
    await world.core.invoicing.weeklyRun.run(new Date(MONDAY)).catch(() => {});
    const { writes } = faults;
    faults.plan([]);
    await faults.restart(world.restart);
    return writes;
  }

  deepTest('a campaign that changes its model meanwhile bills nothing twice, wherever the run was killed', async () => {
    await atEachWrite(async (after) => {
      await world.reset('2026-03-02T00:00:00Z');
      await world.send(...people, tell.campaign('A', 'M', 'c', 5_000), tip('p1', 1_000, '2026-03-03T00:00:00Z'));
      const writes = await diesInRun(after);
      await world.send(tell.campaign('A', 'N', 'd', 2_000, { id: 'version-2', at: '2026-01-02T00:00:00Z' }));
      await world.travelTo('2026-03-23T06:00:00Z');
      await expectBilledOnce(['p1']);
      return writes;
    });
  });

  deepTest('a payment that is booked meanwhile is on exactly one invoice, wherever the run was killed', async () => {
    await atEachWrite(async (after) => {
      await world.reset('2026-03-02T00:00:00Z');
      await world.send(...people, tell.campaign('A', 'M', 'c', 5_000), tell.campaign('B', 'N', 'd', 5_000));
      await world.send(tip('p1', 1_000, '2026-03-03T00:00:00Z'));
      const writes = await diesInRun(after);
      await world.receive(tip('p2', 1_000, '2026-03-03T00:00:00Z'), tip('p3', 1_000, '2026-03-03T00:00:00Z', 'B'));
      await world.travelTo('2026-03-23T06:00:00Z');
      await expectBilledOnce(['p1', 'p2', 'p3']);
      return writes;
    });
  });
});

describe('a process that is frozen for longer than its lease, while another one issues invoices', () => {
  /** Applies an event in one process, frozen at its writes to transactions in turn; Monday passes meanwhile. */
  async function frozenAcrossMonday(
    prepare: () => Promise<void>,
    event: TestEvent,
    expectation: () => Promise<void>,
  ): Promise<void> {
    await atEachWrite(async (number) => {
      await world.reset('2026-03-02T00:00:00Z');
      await prepare();
      await world.receive(event);
      const [one] = world.processes;
      const { frozen, thaw, done, writes } = freezeAt('transactions', number, async () => one?.inboxWorker.drain());
      const froze = await frozen;
      world.pin(MONDAY);
      await world.collection('leases').deleteMany({});
      if (froze) await world.core.invoicing.weeklyRun.run(new Date(MONDAY));
      thaw();
      await done;
      await world.travelTo('2026-03-23T06:00:00Z');
      expect(await world.core.verify()).toEqual([]);
      await expectation();
      return writes();
    });
  }

  const base = async () => {
    await world.send(...people, tell.campaign('A', 'M', 'c', 5_000), tip('p1', 1_000, '2026-03-03T00:00:00Z'));
  };

  deepTest('a refund that is withdrawn is on an invoice and stands, or is on none', async () => {
    await frozenAcrossMonday(
      async () => {
        await base();
        await world.send(tell.refund('r1', 'p1', 600, '2026-03-05T00:00:00Z'));
      },
      tell.refund('r0', 'p1', 500, '2026-03-04T00:00:00Z'),
      async () => {
        const lines = (await invoices()).flatMap((invoice) => invoice.lines);
        const refunded = lines.filter(({ type }) => type === 'refund').reduce((sum, { gross }) => sum - gross, 0);
        const standing = (await world.core.inbox.get('refund-r1'))?.status === 'applied' ? 600 : 500;
        expect(refunded).toBe(standing);
      },
    );
  });

  deepTest('a payment is on exactly one invoice', async () => {
    await frozenAcrossMonday(base, tip('p2', 1_000, '2026-03-03T00:00:00Z'), () => expectBilledOnce(['p1', 'p2']));
  });

  deepTest('a campaign that gets another model takes no payment from all invoices', async () => {
    await frozenAcrossMonday(
      base,
      tell.campaign('A', 'N', 'd', 2_000, { id: 'version-2', at: '2026-01-02T00:00:00Z' }),
      () => expectBilledOnce(['p1']),
    );
  });
});

deepTest('a refund whose withdrawal was cut off is in no week until that is finished', async () => {
  await world.send(...people, tell.campaign('A', 'M', 'c', 5_000), tip('p1', 1_000, '2026-03-03T00:00:00Z'));
  await world.travelTo(MONDAY);
  await world.send(tell.refund('r1', 'p1', 600, '2026-03-10T00:00:00Z'));
  faults.plan([{ after: 0, kind: 'after' }]);
  await expect(world.core.invoicing.transactions.withdraw('refund:r1', world.clock.now())).rejects.toThrow('after');
  faults.plan([]);
  await faults.restart(world.restart);
  expect(await world.collection('transactions').countDocuments({ state: 'withdrawing' } as object)).toBe(1);
  expect(await world.core.simulation.monday()).toMatchObject({ period: '2026-W11', rows: [] });
  expect(await world.core.verify()).toEqual([]);

  // Why it was withdrawn: an earlier refund leaves too little for it. Whoever tries that again finishes it.
  await world.send(tell.refund('r0', 'p1', 500, '2026-03-09T12:00:00Z'));
  expect((await world.core.inbox.get('refund-r1'))?.status).toBe('quarantined');
  await world.travelTo(NEXT_MONDAY);
  const lines = (await invoices()).flatMap((invoice) => invoice.lines.map(({ type, gross }) => `${type} ${gross}`));
  expect(lines).toEqual(['tip 1000', 'refund -500']);
  expect(await world.core.verify()).toEqual([]);
});

describe('a void invoice (rules 1.7)', () => {
  async function issueAndVoid(voidedAt: string, killedAfter?: number): Promise<void> {
    await world.send(...people, tell.campaign('A', 'M', 'c', 5_000), tip('p1', 1_000, '2026-03-03T00:00:00Z'));
    await world.travelTo(MONDAY);
    world.pin(voidedAt);
    if (killedAfter !== undefined) faults.plan([{ after: killedAfter, kind: 'after' }]);
    const by = { actor: 'ops', reason: 'a mistake' };
    await world.core.invoicing.invoices.void('2026-W10:M', by, new Date(voidedAt)).catch(() => {});
    faults.plan([]);
    await faults.restart(world.restart);
  }

  deepTest('gives its transactions back, late, for the next', async () => {
    await issueAndVoid('2026-03-10T00:00:00Z');
    await world.travelTo(NEXT_MONDAY);
    expect(await summary()).toEqual(['2026-W10:M void 500', '2026-W11:M open 500']);
    expect((await invoices())[1]?.lines).toMatchObject([{ late: 1 }]);
    expect(await world.core.verify()).toEqual([]);
  });

  deepTest('gives them back at the terms that hold then, to whose they are then', async () => {
    await world.send(...people, tell.campaign('A', 'M', 'c', 5_000), tip('p1', 1_000, '2026-03-03T00:00:00Z'));
    await world.travelTo(MONDAY);
    await world.send(tell.campaign('A', 'N', 'd', 2_000, { id: 'version-2', at: '2026-01-02T00:00:00Z' }));
    await world.core.invoicing.invoices.void('2026-W10:M', { actor: 'ops', reason: '' }, world.clock.now());
    await world.travelTo(NEXT_MONDAY);
    expect(await summary()).toEqual(['2026-W10:M void 500', '2026-W11:N open 200']);
  });

  deepTest('a void that was cut off anywhere before Monday is on that Monday what it is without', async () => {
    for (const after of sampleOf([0, 1, 2, 3, 4, 5, 6], 2)) {
      await world.reset('2026-03-02T00:00:00Z');
      await issueAndVoid('2026-03-16T05:59:59Z', after);
      // The service is up again, and repairs, after the next invoices were due.
      world.pin(NEXT_MONDAY);
      await world.core.invoicing.invoices.reconcile();
      await world.travelTo('2026-03-16T06:00:01Z');
      const voided = ['2026-W10:M void 500', '2026-W11:M open 500'];
      // Without an entry in the ledger nothing has happened.
      expect([voided, ['2026-W10:M open 500']]).toContainEqual(await summary());
      if (after > 1) expect(await summary()).toEqual(voided);
      expect(await world.core.verify()).toEqual([]);
    }
  });
});

describe('top-ups (rules 1.8)', () => {
  deepTest('each tries what is unpaid for itself, and says what is missing after that', async () => {
    await world.send(...people, tell.campaign('A', 'M', 'c', 5_000), tip('p1', 2_000, '2026-03-03T00:00:00Z'));
    await world.send(tip('p2', 600, '2026-03-10T00:00:00Z'));
    await world.travelTo(NEXT_MONDAY);
    const { accounts, inboxWorker } = world.core;
    const made = await accounts.createLinkCode('M', world.clock.now());
    await accounts.link(made?.code ?? '', { channel: 'telegram', userId: '7', chatId: '7' }, world.clock.now());
    await world.receive(tell.topUp('t1', 'M', 500), tell.topUp('t2', 'M', 500));
    await inboxWorker.drain();
    expect(await summary()).toEqual(['2026-W10:M overdue 1000', '2026-W11:M completed 300']);
    const told = await outboxOf(world.collection, { 'content.kind': 'invoice.insufficient' });
    expect(told.map(({ content }) => content.data)).toMatchObject([
      { balance: 200, missing: 800 },
      { balance: 700, missing: 300 },
    ]);
  });
});
