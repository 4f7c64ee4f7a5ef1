import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';

import { atEachWrite, deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { installFaults } from '../support/faults.ts';
import { createWorld, PLATFORM, type World } from '../support/world.ts';
import { dumpOf, foundIn } from './dump.ts';

const START = '2026-03-02T09:00:00Z';

let world: World;
const faults = installFaults(() => {
  for (const { inboxWorker } of world.processes) void inboxWorker.stop();
});

beforeAll(async () => {
  world = await createWorld({ startsAt: START, environment: PLATFORM });
});
afterAll(async () => {
  faults.uninstall();
  await world.close();
});
beforeEach(() => world.reset(START));

describe.each(['before', 'after'] as const)('killed %s any write of an erasure', (kind) => {
  deepTest('the next process finishes it', { timeout: 120_000 }, async () => {
    const writes = await atEachWrite(async (write) => {
      const id = `ava${write}`.replace('Infinity', 'x');
      const chat = 4_711_000_000 + (Number.isFinite(write) ? write : 999);
      await world.send(tell.account(id, 'model', { name: `Sommer ${id}` }));
      await world.link(id, 'telegram', chat);
      await world.issue(id, '2026-W08');
      await world.core.invoicing.invoices.void(
        `2026-W08:${id}`,
        { actor: 'ops', reason: `said of ${id}` },
        world.clock.now(),
      );

      faults.plan([{ after: write, kind }]);
      await eraseNow(id).catch(() => {});
      const { dead, writes: reached } = faults;
      faults.plan([]);
      if (dead) await faults.restart(world.restart);
      // Whoever asked had no answer, and asks again; a process goes on with what is marked by itself.
      await eraseNow(id);

      expect(await world.core.erasures.get(id)).toMatchObject({ status: 'erased' });
      expect(foundIn(await dumpOf(world.connection), [`Sommer ${id}`, String(chat), `said of ${id}`])).toEqual([]);
      expect(await world.core.verify()).toEqual([]);
      return reached;
    });
    expect(writes).toBeGreaterThan(10);
  });
});

async function eraseNow(accountId: string): Promise<void> {
  await world.core.erasures.request(accountId, 'ops');
  for (let due = await world.core.erasures.nextDue(); due !== null; due = await world.core.erasures.nextDue()) {
    await world.core.erasures.run();
  }
}
