import { afterAll, beforeAll, expect } from 'vitest';

import { atEachWrite, deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { FAULT_KINDS, installFaults } from '../support/faults.ts';
import { outboxOf } from '../support/outbox.ts';
import { SECRET } from '../support/world.ts';
import { createSealedWorld, type SealedWorld } from './world.ts';

let world: SealedWorld;
const posted = new Set<string>();
const faults = installFaults(() => {
  for (const { inboxWorker } of world.processes) void inboxWorker.stop();
});

beforeAll(async () => {
  world = await createSealedWorld({
    environment: { ANCHOR_URL: 'http://127.0.0.1:9', ANCHOR_SECRET: SECRET },
    onError: () => {},
    post: async ({ id }) => {
      posted.add(id);
      return { kind: 'delivered' };
    },
  });
});
afterAll(async () => {
  faults.uninstall();
  await world.close();
});

const sealAt = (at: string) => {
  world.pin(at);
  return world.core.seals.sealDue(world.now());
};

/** Two days with something in each; a fault at one of the writes of their seals. Answers how many writes there were. */
async function sealedWith(kind: (typeof FAULT_KINDS)[number], write: number): Promise<number> {
  posted.clear();
  await world.begin('2026-03-02T00:00:00Z');
  await world.send(tell.account('G', 'manager'), tell.account('M', 'model'));
  await world.link('G', 'telegram', 7);
  await sealAt('2026-03-02T12:00:00Z');
  await world.send(tell.topUp('t', 'M', 100));
  faults.plan([{ after: write, kind }]);
  await sealAt('2026-03-02T13:00:00Z').catch(() => {});
  await sealAt('2026-03-03T00:00:00Z').catch(() => {});
  const { dead, writes } = faults;
  faults.plan([]);
  if (dead) await faults.restart(world.restart);
  await world.connection
    .collection('seal_anchors')
    .updateMany({ postAt: { $exists: true } }, { $set: { postAt: new Date(0) } });
  await sealAt('2026-03-03T00:10:00Z');
  await sealAt('2026-03-03T00:20:00Z');
  return writes;
}

deepTest.each(FAULT_KINDS)(
  'with a fault at each write (%s) everything is sealed once, without a gap, and each day is told once',
  async (kind) => {
    await atEachWrite(async (write) => {
      const writes = await sealedWith(kind, write);
      const seals = await world.all();
      expect(seals.map(({ _id }) => _id)).toEqual(seals.map((_, index) => index + 1));
      const ids = seals.flatMap(({ parts }) => parts.flatMap((part) => part.ids.map((id) => `${part.source} ${id}`)));
      expect(ids).toHaveLength(new Set(ids).size);
      expect(ids).toEqual(
        expect.arrayContaining(['events topup-t', 'ledger_entries topup:t', 'account_versions account-M']),
      );
      expect(await world.verify()).toEqual([]);
      const told = (await outboxOf(world.collection)).filter(({ _id }) => _id.startsWith('seals:'));
      expect(told.map(({ content }) => content.data)).toMatchObject([{ day: '2026-03-02' }]);
      expect([...posted]).toHaveLength(1);
      return writes;
    });
  },
);
