import { afterAll, beforeAll, describe, expect } from 'vitest';
import { deepTest } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import { createLateWorld, type LateWorld, text } from '../world.ts';

/** `/chart`: pictures with words. 16 March 2026 is a Monday. */

let world: LateWorld;
let ava: Awaited<ReturnType<LateWorld['person']>>;
beforeAll(async () => {
  world = await createLateWorld('2026-03-16T12:00:00Z');
});
afterAll(() => world.close());

describe('/chart', () => {
  deepTest('says to a model what her campaigns cost, the largest first', async () => {
    ava = await world.person('ava', 'model');
    expect(text(await ava.type('/chart'))).toContain('Nothing to draw yet in the last 12 weeks');
    await world.issue('ava', '2026-W09', 10_000);
    const voided = await world.issue('ava', '2026-W10', 5_000);
    await world.core.invoicing.invoices.void(voided, { actor: 'ops', reason: 'test' }, world.clock.now());
    await world.issue('ava', '2026-W11', 2_500);
    const answer = await ava.type('/chart');
    expect(answer.title).toBe('Your campaigns cost $125.00 in the last 12 weeks');
    expect(answer.facts).toEqual([['A', '$125.00']]);
    expect(answer.attachment).toMatchObject({ name: 'costs.png', contentType: 'image/png', alt: answer.title });
  });

  deepTest('says to a manager what is overdue by age, and how much was paid on time', async () => {
    const olga = await world.person('olga', 'manager');
    const answer = await olga.type('/chart');
    // Of W09, due on 5 March, one is overdue; the one of W11 was issued this morning.
    expect(answer.title).toBe('$100.00 overdue; 0 % paid on time in the last 12 weeks');
    expect(answer.facts).toEqual([
      ['Paid on time', '0 invoices'],
      ['Paid late', '0 invoices'],
      ['Overdue now', '1 invoice'],
    ]);
    await world.topUp('ava', 20_000);
    await ava.type('/pay 2026-W11:ava');
    await ava.type('/pay 2026-W09:ava');
    expect((await olga.type('/chart')).title).toBe('$0.00 overdue; 50 % paid on time in the last 12 weeks');
  });

  deepTest('says to a marketer what fans came and what came in, by week', async () => {
    const kim = await world.person('kim', 'marketer');
    expect(text(await kim.type('/chart'))).toContain('Nothing to draw yet');
    await world.topUp('ava', 100_000);
    const at = world.clock.now().toISOString();
    await world.receive(tell.order('o1', { placedAt: at, modelId: 'ava', marketerId: 'kim', chunkSize: 1 }));
    await world.drain();
    await kim.type('/accept o1');
    await world.receive(tell.fan('s1', 'o1', at), tell.fan('s2', 'o1', at));
    await world.drain();
    const answer = await kim.type('/chart');
    expect(answer.title).toBe('2 fans and $2.00 in the last 12 weeks');
    expect(answer.attachment).toMatchObject({ name: 'fans-and-earnings.png', contentType: 'image/png' });
  });
});
