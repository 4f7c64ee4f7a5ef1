import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createAnchorFile } from '../../src/seals/anchorFile.ts';
import type { AnchorPost } from '../../src/seals/dayAnchors.ts';
import { type SealKey, sealKeyOf } from '../../src/seals/seal.ts';
import type { StoredSeal } from '../../src/seals/store.ts';
import { cancelled, program, refundDeclined, refundRequested, settled, sold } from '../affiliates/world.ts';
import { tell } from '../support/events.ts';
import { createWorld } from '../support/world.ts';

const KEY = sealKeyOf(Buffer.alloc(32, 1));
const MINUTE = 60_000;

export type SealedWorld = Awaited<ReturnType<typeof createSealedWorld>>;

/** The business with seals and a file of anchors. `keys` can be changed; a restart reads them. */
export async function createSealedWorld(
  options: Omit<NonNullable<Parameters<typeof createWorld>[0]>, 'seals'> & { post?: AnchorPost } = {},
) {
  const keys: SealKey[] = [KEY];
  const file = join(mkdtempSync(join(tmpdir(), 'settlebot-anchors-')), 'anchors.txt');
  const world = await createWorld({ ...options, seals: { keys, anchors: createAnchorFile(file), post: options.post } });
  const seals = () => world.connection.collection<StoredSeal>('seals');
  const now = () => world.clock.now();

  async function begin(at: string): Promise<void> {
    keys.splice(0, keys.length, KEY);
    await world.reset(at);
    writeFileSync(file, '');
  }

  /** Seals, long enough after the last time. */
  async function seal(): Promise<void> {
    world.pin(new Date(now().getTime() + 5 * MINUTE));
    await world.core.seals.sealDue(now());
  }

  /**
   * Something of each kind that is sealed: an invoice of model `M` paid by her balance, an order of hers to marketer `K` with
   * fans who count and who do not, a commission of affiliate `A` and her payout.
   */
  async function play(): Promise<void> {
    await world.send(
      ...[tell.account('M', 'model'), tell.account('N', 'model'), tell.account('K', 'marketer')],
      ...[tell.account('A', 'affiliate'), tell.account('B', 'affiliate'), tell.account('G', 'manager')],
      ...[tell.campaign('c', 'M', 'K', 4_000), program('default'), tell.topUp('t', 'M', 100_000)],
      ...sold('s', 'A', '2026-03-02T00:00:00Z'),
      ...sold('s2', 'A', '2026-03-02T00:00:00Z'),
      tell.payment('p', 9_990, '2026-03-03T12:00:00Z', { campaignId: 'c' }),
      tell.payment('p1', 5_000, '2026-03-06T00:00:00Z', { subscriptionId: 's', kind: 'subscription' }),
      cancelled('s2', '2026-03-03T00:00:00Z'),
      tell.order('o', { placedAt: '2026-03-02T00:00:00Z', marketerId: 'K', quantity: 2, chunkSize: 1 }),
    );
    await world.core.orders.accept('o', { actor: 'ops' }, now());
    await world.send(tell.fan('f4', 'o', '2026-03-02T00:00:00Z', { fan: { bot: true } }));
    await world.send(...['f1', 'f2', 'f3'].map((id) => tell.fan(id, 'o', '2026-03-02T00:00:00Z')));
    await world.send(
      tell.refund('r', 'p', 100, '2026-03-03T13:00:00Z'),
      refundRequested('q', 'p1', '2026-03-07T00:00:00Z'),
      refundDeclined('q', '2026-03-08T00:00:00Z'),
    );
    await world.core.accounts.decideRole('N', 'affiliate', { by: 'owner', reason: 'new here', at: now() });
    await world.core.rights.managers.decide('G', ['read'], { by: 'owner', reason: 'looks only', at: now() });
    await world.core.paydays.holds.place(
      { subject: { accountId: 'B' }, until: new Date('2026-03-20T00:00:00Z'), reason: 'asked', actor: 'ops' },
      now(),
    );
    await world.core.standing.standings.grace(
      'M',
      new Date('2026-03-20T00:00:00Z'),
      { actor: 'ops', reason: 'ill' },
      now(),
    );
    await world.travelTo('2026-04-01T00:00:00Z');
    await world.send(settled('2026-04-01:A', '2026-04-01T00:00:00Z'));
  }

  return {
    ...world,
    get core() {
      return world.core;
    },
    get processes() {
      return world.processes;
    },
    ...{ keys, file, seals, now, begin, seal, play },
    all: () => seals().find().sort({ _id: 1 }).toArray(),
    verify: () => world.core.verify(),
  };
}
