import { afterAll, beforeAll, describe, expect } from 'vitest';

import { differencesOf } from '../affiliates/world.ts';
import { approvedPayday, CYCLE, createPaydayWorld } from '../paymentFiles/world.ts';
import { atEachWrite, deepTest } from '../support/depth.ts';
import { installFaults } from '../support/faults.ts';
import type { World } from '../support/world.ts';

/** Files that pay a batch, with a process that dies at each write of making them. */

let world: World;
const faults = installFaults(() => {
  for (const { inboxWorker } of world.processes) void inboxWorker.stop();
});
beforeAll(async () => {
  world = await createPaydayWorld();
});
afterAll(async () => {
  faults.uninstall();
  await world.close();
});

describe.each(['before', 'after'] as const)('killed %s any write', (kind) => {
  deepTest('a file is made once, and pays each payout once', { timeout: 240_000 }, async () => {
    const writes = await atEachWrite(async (write) => {
      await approvedPayday(world);
      const { paymentFiles } = world.core;
      const wanted = { cycle: CYCLE, format: 'paypal', actor: 'ops' } as const;
      faults.plan([{ after: write, kind }]);
      const before = await paymentFiles.make(wanted, world.clock.now()).catch(() => null);
      const { dead, writes: reached } = faults;
      faults.plan([]);
      if (dead) await faults.restart(() => world.restart());

      const again = await world.core.paymentFiles.make({ ...wanted, actor: 'other' }, world.clock.now());
      const file = 'file' in again ? again.file : null;
      expect(file).toMatchObject({ count: 2, total: 12_500, number: 1 });
      if (before !== null && 'file' in before) expect(file).toEqual(before.file);
      const { paymentFiles: now } = world.core;
      const content = await now.content({ cycle: CYCLE, format: 'paypal' });
      expect(content).toMatchObject({ kind: 'content', parts: [{ hash: file?.hash }] });
      // What is left goes into another file: nothing of the first is in it.
      const rest = await now.make({ ...wanted, format: 'generic' }, world.clock.now());
      expect(rest).toMatchObject({ kind: 'made', file: { count: 3, rest: { notDue: { count: 2, total: 12_500 } } } });
      const { exports } = (await world.core.paydays.batches.get(CYCLE)) ?? {};
      expect(exports?.map(({ format, count }) => [format, count])).toEqual([
        ['paypal', 2],
        ['generic', 3],
      ]);
      expect(await differencesOf(world)).toEqual([]);
      return reached;
    }, 2);
    expect(writes).toBeGreaterThan(6);
  });
});
