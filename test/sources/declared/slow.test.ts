import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { deepTest } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import { eventually } from '../../support/eventually.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { createWorld } from '../../support/world.ts';
import { receiveBody } from '../stripe/world.ts';

const BACKTRACKING = "$match('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /^(a+)+$/)";

deepTest('a map that hangs holds up no event of others, nor what another source sent', async () => {
  const SOURCES_FILE = join(scratchFolder(), 'slow-sources.json');
  const signature = { scheme: 'bearer', secretsFrom: 'TOKENS' };
  const name = { accountId: 'id', role: "'affiliate'", name: 'id' };
  writeFileSync(
    SOURCES_FILE,
    JSON.stringify({
      hanging: { signature, map: [{ type: 'account.updated', data: BACKTRACKING }] },
      quick: { signature, map: [{ type: 'account.updated', data: name }] },
    }),
  );
  const world = await createWorld({ environment: { SOURCES_FILE, TOKENS: 'a-token-of-both-of-them' } });
  for (const n of [1, 2]) await receiveBody(world, 'hanging', `{"id":"h${n}"}`);
  await receiveBody(world, 'quick', '{"id":"q1"}');
  await world.receive(tell.account('other', 'affiliate'));
  const draining = world.drain();
  const known = async () => (await world.core.accounts.existing(['q1', 'other'])).size;
  await eventually(async () => (await known()) === 2);
  expect((await world.core.inbox.counts()).received).toBeGreaterThan(0);
  await draining;
  expect(await world.core.inbox.counts()).toEqual({ received: 0, waiting: 0, quarantined: 2 });
  await world.core.sources.close();
  await world.close();
});
