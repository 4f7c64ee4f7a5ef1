import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { noticeMessage } from '../../src/notices/messages/notice.ts';
import { createLateWorld, type LateWorld } from '../commands/world.ts';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { noticesOf } from '../support/notices.ts';

/** One thing is one message: what follows from it at the same instant is said with it. */

const ISSUED = '2026-03-16T09:00:00Z';
const DUE = '2026-03-19T06:00:00Z';

let world: LateWorld;
let seen = 0;

beforeAll(async () => {
  world = await createLateWorld(ISSUED);
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset(ISSUED);
  seen = 0;
  await world.account('ava', 'model');
  await world.linked('ava', 'telegram', 1);
});

/** What she was sent since this was asked before, with whether it changes an earlier message. */
async function news(): Promise<string[]> {
  const sent = await noticesOf(world.core, { accountId: 'ava', channel: 'telegram' });
  const fresh = sent.slice(seen);
  seen = sent.length;
  return fresh.map(({ content, replaces }) => {
    const { title } = noticeMessage(content, { timeZone: 'UTC', currency: 'USD', thisYear: 2026 });
    return `${replaces === undefined ? '' : 'edit: '}${content.kind}: ${title}`;
  });
}

test('an invoice that goes overdue and blocks orders: its card changes, and one message says both', async () => {
  await world.issue('ava', '2026-W11', 60_000);
  await world.travelTo('2026-03-18T12:00:00Z');
  await news();
  await world.travelTo(DUE);
  expect(await news()).toEqual([
    'edit: invoice.card: Overdue: $600.00 — week 9–15 Mar',
    'invoice.overdue: Overdue: $600.00 — week 9–15 Mar',
  ]);
  expect(await world.core.standing.standings.standing('ava', world.clock.now())).toMatchObject({
    ...{ campaigns: 'paused', cplOrders: 'blocked' },
  });
});

deepTest('orders that are blocked later, by the days, are told then', async () => {
  await world.issue('ava', '2026-W11', 5_000);
  await world.travelTo(DUE);
  await news();
  await world.travelTo('2026-03-22T06:00:00Z');
  expect((await news()).filter((said) => said.startsWith('sanctions'))).toEqual([
    'sanctions.changed: CPL orders are blocked',
  ]);
});

deepTest(
  'a top-up that pays what was overdue is told with what it lifts, in one message, be it one invoice or two',
  async () => {
    await world.issue('ava', '2026-W10', 5_000);
    await world.issue('ava', '2026-W11', 7_000);
    await world.travelTo('2026-03-20T00:00:00Z');
    await news();
    await world.send(tell.topUp('t1', 'ava', 12_000));
    await world.travelTo('2026-03-20T00:00:10Z');
    expect((await news()).filter((said) => !said.startsWith('edit: '))).toEqual([
      'sanctions.changed: Paid: $120.00 for 2 invoices',
    ]);
  },
);

deepTest('a payment that lifts one of two things says which, and the other is told with what ends it', async () => {
  await world.issue('ava', '2026-W10', 5_000);
  await world.issue('ava', '2026-W11', 7_000);
  await world.travelTo('2026-03-20T00:00:00Z');
  await news();
  for (const [id, amount] of [
    ['t1', 5_000],
    ['t2', 7_000],
  ] as const) {
    await world.send(tell.topUp(id, 'ava', amount));
    await world.travelTo(new Date(world.clock.now().getTime() + 10_000));
  }
  const told = (await news()).filter((said) => !said.startsWith('edit: '));
  expect(told.filter((said) => said.startsWith('sanctions') || said.startsWith('invoice.paid'))).toEqual([
    'sanctions.changed: Paid: $50.00 — week 2–8 Mar',
    'sanctions.changed: Paid: $70.00 — week 9–15 Mar',
  ]);
});

deepTest('a payment that lifts nothing yet is told by itself', async () => {
  await world.issue('ava', '2026-W10', 60_000);
  await world.issue('ava', '2026-W11', 55_000);
  await world.travelTo('2026-03-20T09:00:00Z');
  await news();
  await world.send(tell.topUp('t1', 'ava', 56_000));
  await world.travelTo('2026-03-20T09:00:10Z');
  expect((await news()).filter((said) => !said.startsWith('edit: ')).sort()).toEqual([
    'invoice.insufficient: Not paid yet: $600.00 — week 2–8 Mar',
    'invoice.paid: Paid: $550.00 — week 9–15 Mar',
  ]);
});
