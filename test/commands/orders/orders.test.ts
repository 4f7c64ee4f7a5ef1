import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Message } from '../../../src/notices/messages/message.ts';
import { deepTest, sampleOf } from '../../support/depth.ts';
import { createOrderWorld, type OrderWorld } from '../orderWorld.ts';
import { buttonOf, facts, labels, text } from '../world.ts';

type Person = Awaited<ReturnType<OrderWorld['person']>>;

const NOON = '2026-03-02T09:00:00Z';
const HOUR_MS = 3_600_000;

let world: OrderWorld;
let boss: Person;
let count = 0;

beforeAll(async () => {
  world = await createOrderWorld(NOON);
  boss = await world.person('boss', 'manager', { name: 'Olga' });
});
afterAll(() => world.close());

/** A client and a marketer of their own. */
async function pair(more: { capacity?: number } = {}) {
  count += 1;
  const client = await world.person(`client${count}`, 'model', { name: `Client ${count}` });
  const marketer = await world.person(`marketer${count}`, 'marketer', { name: `Marketer ${count}`, ...more });
  const place = (terms: Record<string, unknown> = {}) => world.place(client.accountId, marketer.accountId, terms);
  return { client, marketer, place };
}

function later(hours: number): void {
  world.world.pin(new Date(world.world.clock.now().getTime() + hours * HOUR_MS));
}

/** The orders of a list, by what its buttons do. */
function accepted({ buttons }: Message): string[] {
  return buttons.flat().flatMap(({ command }) => /^\/accept (.*)$/.exec(command ?? '')?.[1] ?? []);
}

/** `/why` tells of several kinds of things. */
function expectNothingCalled(answer: Message, id: string): void {
  expect(text(answer)).toContain(`There is nothing called ${id}. Check the id and try again.`);
}

function expectNothingThere(answer: Message, id: string): void {
  expect(text(answer)).toContain(`There is no order ${id}. Check the id and try again.`);
}

describe('/orders', () => {
  it('shows what is to be answered with its deadline, the queue with positions, and progress', async () => {
    const { client, marketer, place } = await pair({ capacity: 1 });
    await world.topUp(client.accountId, 100_000);
    const ids = [await place({ quantity: 100, chunkSize: 25 }), await place(), await place(), await place()];
    for (const id of ids.slice(0, 3)) await marketer.type(`/accept ${id}`);
    await world.bring(ids[0] ?? '', 50);
    const answer = await marketer.inDiscord('/orders');
    const name = `Client ${count}`;
    const ten = `10 fans from ${name}`;
    expect(answer.paragraphs).toEqual([
      '1 to answer, 2 in the queue, 1 running.',
      'The first answer is due by Thu 5 Mar 2026, 09:00 (UTC); what is not answered by its time expires.',
      `${ten} — ${name}: tier new, trust 50 of 100, no invoice to pay yet. There is money for all 10 fans to come now.`,
    ]);
    expect(answer.table?.rows).toEqual([
      [ten, '$10.00', 'to be answered by Thu 5 Mar 2026, 09:00 (UTC), number 3 in the queue'],
      [ten, '$10.00', 'number 1 in the queue'],
      [ten, '$10.00', 'number 2 in the queue'],
      [`100 fans from ${name}`, '$100.00', '▓▓▓▓▓░░░░░ 50 % · 50 of 100 fans'],
    ]);
    expect(labels(answer)).toEqual([
      ...[`Accept: ${ten}`, `Reject: ${ten}`, `Why? ${ten}`, `Why? ${ten}`, `Why? 100 fans from ${name}`],
      ...['Orders: all', 'Earnings'],
    ]);
    expect((await marketer.suggested('accept', '')).map(({ value }) => value)).toEqual([ids[3]]);
    expect(await marketer.suggested('why', ids[0] ?? '')).toEqual([
      { name: `100 fans from ${name} · ▓▓▓▓▓░░░░░ 50 % · 50 of 100 fans`, value: ids[0] },
    ]);
  });

  deepTest('pages through more than fit, and through those that are over', async () => {
    const { marketer, place } = await pair();
    const ids: string[] = [];
    for (let number = 0; number < 7; number += 1) ids.push(await place());
    const first = await marketer.type('/orders');
    expect(text(first)).toContain('more than 5 to answer, 0 in the queue, 0 running.');
    const second = await marketer.press(first, 'Orders: more to answer');
    expect([...accepted(first), ...accepted(second)]).toEqual(ids);
    const all = await marketer.press(second, 'Orders').then((list) => marketer.press(list, 'Orders: all'));
    const older = await marketer.press(all, 'Orders: older');
    expect([...accepted(all), ...accepted(older)]).toEqual(ids.toReversed());
    expect(all.table?.headings).toEqual([{ from: 0, text: 'March 2026' }]);
    expect((await marketer.type('/orders toString')).title).toBe('Your orders');
    for (const typed of ['/orders answer 900', '/orders answer x', '/orders all x', '/orders running 5']) {
      expect(text(await marketer.type(typed))).toMatch(/There are no (more|older orders)\.|Orders to answer/);
    }
  });

  it('says so when there is nothing', async () => {
    const { marketer, client } = await pair();
    expect(text(await marketer.type('/orders'))).toContain('Nothing to answer, nothing in the queue, nothing running.');
    expect(text(await marketer.type('/orders all'))).toContain('You have had no order yet.');
    expect(text(await client.type('/myorders'))).toContain('You have no CPL orders yet.');
    expect(text(await client.type('/myorders 1~x'))).toContain('There are no older orders.');
  });
});

describe('answering', () => {
  deepTest('accepts at most once, however often and wherever it is pressed, and says how it stands', async () => {
    const { client, marketer, place } = await pair();
    await world.topUp(client.accountId, 10_000);
    const id = await place({ prepaid: true });
    const asked = await marketer.press(await marketer.type('/orders'), 'Accept');
    expect(asked.title).toBe(`Accept the order: $10.00 — 10 fans from Client ${count}?`);
    expect(text(asked)).toContain('10 fans at $1.00 each, $10.00 in all, prepaid');
    expect(text(asked)).toContain("$10.00 of the client's balance are held for them");
    expect(labels(asked)).toEqual([`Accept: $10.00 — 10 fans from Client ${count}`, 'Orders']);
    expect(await world.order(id)).toMatchObject({ status: 'placed', escrow: 0 });
    const press = () => marketer.confirm(asked);
    const answers = await Promise.all([press(), marketer.inDiscord(`/accept ${id}`), press(), press()]);
    expect(answers.filter(({ title }) => title?.startsWith('Order accepted: $10.00 — 10 fans from '))).toHaveLength(1);
    expect(answers.filter(({ title }) => title?.startsWith('Accepted already: '))).toHaveLength(3);
    expect(await world.order(id)).toMatchObject({ status: 'running', escrow: 1_000 });
    expect(await world.world.core.ledger.balance(`model:${client.accountId}`)).toBe(9_000);
    const again = text(await press());
    expect(again).toContain('Nothing was changed now. It runs: ░░░░░░░░░░ 0 % · 0 of 10 fans.');
    expect(again).toContain('$10.00 is held for it.');
    expect(text(await marketer.type(`/reject ${id}`))).toContain(
      `Cannot be rejected: $10.00 — 10 fans from Client ${count}\nthe order is running. Nothing was changed now.`,
    );
    expect((await world.trail(`order:${id}`)).map(({ action }) => action)).toEqual(['order.accept']);
  });

  deepTest('rejects with a reason or without, and tells the client that there are others', async () => {
    const { client, marketer, place } = await pair();
    const [id, other] = [await place(), await place()];
    expect(text(await marketer.type(`/reject ${id} no time this week`))).toContain(
      'Reason: “no time this week”. Nothing to do.',
    );
    const asked = await marketer.type(`/reject ${other}`);
    expect(asked.title).toBe(`Reject the order: $10.00 — 10 fans from Client ${count}?`);
    expect(await world.order(other)).toMatchObject({ status: 'placed' });
    expect(labels(asked)).toEqual(
      ['no capacity', 'the price is too low', 'not my audience', 'no reason'].map((why) => `Reject: ${why}`),
    );
    expect(text(await marketer.press(asked, 'Reject: no reason'))).toContain(
      'is told and can choose another marketer. Nothing to do.',
    );
    expect((await world.trail(`order:${other}`)).map(({ action, reason }) => [action, reason])).toEqual([
      ['order.reject', null],
    ]);
    expect(text(await marketer.type(`/reject ${id} again`))).toContain('Rejected already: ');
    expect(text(await marketer.type(`/accept ${id}`))).toContain(
      `Cannot be accepted: $10.00 — 10 fans from Client ${count}\nthe order is rejected. Nothing was changed now.`,
    );
    expect((await world.told(client.accountId)).at(-2)).toContain('You can choose another marketer');
    expect(text(await client.type(`/why ${id}`))).toContain(
      'it was rejected. The marketer rejected it: “no time this week”. (by when an order is answered)',
    );
  });

  deepTest(
    'refuses a prepaid one that the balance does not cover, tells both what is missing, and takes it afterwards',
    async () => {
      const { client, marketer, place } = await pair();
      await world.topUp(client.accountId, 400);
      const id = await place({ prepaid: true });
      const answer = await marketer.type(`/accept ${id}`);
      expect(answer.title).toContain('Cannot be accepted yet: $6.00 is missing — 10 fans from ');
      expect(text(answer)).toContain('$10.00 has to be on');
      expect(text(answer)).toContain('and $6.00 is missing');
      expect((await world.told(client.accountId)).at(-1)).toMatch(/Top up \$6\.00: Marketer \d+ is told then/);
      expect(await world.order(id)).toMatchObject({ status: 'placed', escrow: 0 });
      await world.topUp(client.accountId, 600);
      expect((await marketer.confirm(await marketer.press(answer, 'Accept'))).title).toContain('Order accepted: $');
      expect(await world.order(id)).toMatchObject({ status: 'running', escrow: 1_000 });
    },
  );

  deepTest(
    'is too late one millisecond after the deadline, by button and by command, and in time one before it',
    async () => {
      const { marketer, place } = await pair();
      const [late, timely] = [await place(), await place()];
      const list = await marketer.type('/orders');
      const { respondBy } = await world.order(late);
      world.world.pin(new Date(respondBy.getTime() - 1));
      expect((await marketer.type(`/accept ${timely}`)).title).toContain('Order accepted: $');
      for (const wait of [0, 1]) {
        world.world.pin(new Date(respondBy.getTime() + wait));
        const answer = await marketer.press(list, 'Accept: ');
        expect(text(answer)).toMatch(/^Cannot be accepted: .*\nthe order is expired\. /);
        expect((await marketer.type(`/reject ${late}`)).title).toContain('Cannot be rejected: ');
      }
      expect(await world.order(late)).toMatchObject({ status: 'expired', endedAt: respondBy });
    },
  );

  it.each(
    sampleOf(
      [
        ['accept', expectNothingThere],
        ['reject', expectNothingThere],
        ['why', expectNothingCalled],
      ],
      1,
    ),
  )('/%s: somebody else’s order is answered as one that does not exist', async (name, expectNothing) => {
    const { place } = await pair();
    const id = await place();
    const stranger = await pair();
    expectNothing(await stranger.marketer.type(`/${name} ${id}`), id);
    expectNothing(await stranger.marketer.type(`/${name} nothing`), 'nothing');
    expect(await world.order(id)).toMatchObject({ status: 'placed' });
    expect(await world.trail(`order:${id}`)).toEqual([]);
  });
});

describe('/why', () => {
  deepTest('tells the story in dated lines, each with its rule, to both sides', async () => {
    const { client, marketer, place } = await pair();
    await world.topUp(client.accountId, 10_000);
    const id = await place({ prepaid: true, chunkSize: 5 });
    expect(text(await client.type(`/why ${id}`))).toContain('until then it can be accepted or rejected');
    await marketer.type(`/accept ${id}`);
    await world.bring(id, 6);
    await world.bring(id, 2, { fan: { bot: true } });
    await world.bring(id, 1, { fan: { returning: true } });
    const lines = facts(await marketer.inDiscord(`/why ${id}`)).map((line) => line.join(': '));
    expect(lines.map((line) => line.replaceAll(/\w{3} \d+ \w{3} 2026, \d\d:\d\d \(UTC\)/g, 'AT'))).toEqual([
      `AT: Client ${count} placed it with Marketer ${count}: 10 fans at $1.00 each, $10.00 in all, prepaid, paid every 5 fans (what an order fixes)`,
      `AT: Marketer ${count} accepted it, and $10.00 of the client’s balance was held for it; fans count from here on (accepting a prepaid order holds its price; which fans count)`,
      'AT: it started at once (when an accepted order starts)',
      'AT, to come: if no other fan counts before, it is stopped and settled (an order for which no fan counts is stopped)',
      'Counted: 6 fans (which fans count)',
      'Not counted: 2 fans: flagged as bot or fake (which fans count)',
      'Not counted: 1 fan: known to the model’s page before (which fans count)',
      `ID: ${id}`,
    ]);
    expect(text(await client.type(`/why ${id}`))).toContain(
      '$5.00 of $10.00 is paid.\n$5.00 is held for it from your balance.',
    );
  });

  deepTest('says of a completed order that it was renewed, and by which', async () => {
    const { client, marketer, place } = await pair();
    await world.topUp(client.accountId, 10_000);
    const id = await place({ autoRenew: true });
    await marketer.type(`/accept ${id}`);
    await world.bring(id, 10);
    expect(text(await client.type(`/why ${id}`))).toContain(
      'it was renewed: an order on the same terms was placed (when an order is renewed)',
    );
    expect(text(await marketer.type(`/why ${id}~r2`))).toContain('to renew a completed order: 10 fans');
    expect(text(await marketer.type('/orders'))).toContain(`10 fans from Client ${count} · $10.00`);
  });
});

describe('a client', () => {
  deepTest('sees orders with progress, and what is owed wherever money is shown', async () => {
    const { client, marketer, place } = await pair();
    const id = await place({ chunkSize: 5 });
    await marketer.type(`/accept ${id}`);
    await world.bring(id, 7);
    const mine = await client.inDiscord('/myorders');
    expect(mine.table?.rows).toEqual([
      [`10 fans by Marketer ${count}`, '$10.00', '▓▓▓▓▓▓▓░░░ 70 % · 7 of 10 fans, $5.00 owed'],
    ]);
    for (const typed of ['/myorders', '/balance', '/standing']) {
      expect(text(await client.type(typed))).toContain('You owe $5.00 for fans that were delivered.');
    }
    expect(text(await client.type('/balance'))).not.toContain('Nothing to do');
    expect(text(await boss.type(`/model ${client.accountId}`))).toContain('Owed for fans: $5.00');
    const refused = await place();
    expect(await world.order(refused)).toMatchObject({ status: 'refused' });
    expect((await world.told(client.accountId)).at(-1)).toContain('You owe $5.00 for delivered fans.');
    await world.topUp(client.accountId, 500);
    expect(text(await client.type('/balance'))).toContain('All your invoices are paid. Nothing to do.');
    expect(await world.order(id)).toMatchObject({ paid: 500, owed: 0 });
  });

  deepTest('has the marketer’s commands not', async () => {
    const { client, marketer, place } = await pair();
    const id = await place();
    for (const typed of ['/orders', `/accept ${id}`, `/reject ${id}`, '/earnings', `/order ${id}`, `/stop ${id} x`]) {
      expect(text(await client.type(typed))).toContain("I don't know");
    }
    for (const typed of ['/myorders', `/order ${id}`, `/stop ${id} x`]) {
      expect(text(await marketer.type(typed))).toContain("I don't know");
    }
    expect(await client.suggested('accept', '')).toEqual([]);
    expect((await client.suggested('why', id)).map(({ value }) => value)).toEqual([id]);
  });
});

describe('/earnings', () => {
  deepTest('shows the balance, and what came in by week and order', async () => {
    const { client, marketer, place } = await pair({ capacity: 3 });
    expect(text(await marketer.type('/earnings'))).toContain('Your balance: $0.00\nNothing came in');
    await world.topUp(client.accountId, 10_000);
    const [first, second] = [await place({ prepaid: true }), await place({ chunkSize: 2 })];
    for (const id of [first, second]) await marketer.type(`/accept ${id}`);
    await world.bring(first, 4);
    later(7 * 24);
    await world.bring(second, 5);
    await world.bring(first, 1);
    const answer = await marketer.inDiscord('/earnings');
    expect(answer.title).toBe('Your balance: $9.00');
    expect(text(answer)).toContain('$9.00 came in during the last 8 weeks (weeks in UTC).');
    expect(answer.table?.rows.map(([, amount]) => amount)).toEqual(['$1.00', '$4.00', '$4.00']);
    expect(new Set(answer.table?.rows.map(([source]) => source))).toEqual(new Set([`10 fans from Client ${count}`]));
    expect(answer.table?.headings).toEqual([
      { from: 0, text: '9–15 Mar: $5.00 in all' },
      { from: 2, text: '2–8 Mar: $4.00 in all' },
    ]);
    const poor = await world.place((await pair()).client.accountId, marketer.accountId, { chunkSize: 2 });
    await marketer.type(`/accept ${poor}`);
    await world.bring(poor, 3);
    expect(text(await marketer.type('/earnings'))).toContain('$2.00 more is owed to you by clients');
  });
});

describe('/payouts', () => {
  deepTest('lists what was paid out, and is no income', async () => {
    const { client, marketer, place } = await pair();
    expect(text(await marketer.type('/payouts'))).toContain('You have no payouts yet.');
    await world.topUp(client.accountId, 1_000);
    const id = await place();
    await marketer.type(`/accept ${id}`);
    await world.bring(id, 10);
    await world.world.travelTo('2026-03-16T12:00:00Z');
    const payoutId = `2026-03-16:${marketer.accountId}`;
    const answer = await marketer.inDiscord('/payouts');
    expect(answer.table?.rows).toEqual([['16 Mar', '$10.00', expect.stringContaining('due')]]);
    expect(text(await marketer.type('/earnings'))).toContain('Your balance: $0.00\n$10.00 came in');
    expect(text(await marketer.type(`/payouts ${payoutId}`))).toContain('There are no older payouts.');
  });
});

describe('managers', () => {
  deepTest('see any order whole', async () => {
    const { client, marketer, place } = await pair();
    await world.topUp(client.accountId, 1_000);
    const id = await place({ prepaid: true });
    await marketer.type(`/accept ${id}`);
    await world.bring(id, 3);
    const answer = text(await boss.type(`/order ${id}`));
    for (const part of [
      'It runs: ▓▓▓░░░░░░░ 30 % · 3 of 10 fans.',
      'Client now: tier new, trust 50 of 100, no invoice to pay yet, money for 7 of 7 fans to come',
      `Client: Client ${count} (${client.accountId})`,
      'Paid: $3.00 of $10.00',
      'Held in escrow: $7.00',
      `To stop it and settle it at once, send: /stop ${id} REASON`,
      `Link: https://example.com/c/cpl~${id}`,
    ]) {
      expect(answer).toContain(part);
    }
    expect((await boss.suggested('stop', id)).map(({ value }) => value)).toEqual([id]);
    expectNothingThere(await boss.type('/order nothing'), 'nothing');
  });

  deepTest('stop one after being asked once more, once, with its settlement and a trail', async () => {
    const { client, marketer, place } = await pair();
    await world.topUp(client.accountId, 1_000);
    const id = await place({ prepaid: true });
    await marketer.type(`/accept ${id}`);
    await world.bring(id, 4);
    const asked = await boss.type(`/stop ${id} the page is gone`);
    expect(text(asked)).toContain('Nothing has happened yet. To go on, press the button within 10 minutes');
    expect(await world.order(id)).toMatchObject({ status: 'running' });
    const press = () => boss.confirm(asked);
    const answers = await Promise.all([press(), press(), press()]);
    expect(answers.filter(({ title }) => title?.startsWith('Order stopped: '))).toHaveLength(1);
    expect(text(await press())).toContain('Stopped already: ');
    expect(text(await boss.type(`/stop ${id} again`))).toContain('Nothing was changed now.');
    expect(await world.order(id)).toMatchObject({ status: 'stopped', paid: 400, escrow: 0, owed: 0 });
    expect(await world.world.core.ledger.balance(`model:${client.accountId}`)).toBe(600);
    expect((await world.told(client.accountId)).at(-1)).toContain(
      '$6.00 that was held for it is back on your balance.',
    );
    expect((await world.told(marketer.accountId)).at(-1)).toContain('Reason: “the page is gone”.');
    expect(await world.trail(`order:${id}`)).toMatchObject([
      {
        actor: expect.stringMatching(/^boss via telegram:/),
        action: 'order.stop',
        reason: 'the page is gone',
        after: { status: 'stopped' },
      },
      { action: 'order.accept' },
    ]);
  });

  deepTest('cannot stop what is not accepted, nor by somebody else’s or an old question', async () => {
    const { marketer, place } = await pair();
    const [id, idle] = [await place(), await place()];
    expect(text(await boss.type(`/stop ${idle} x`))).toContain('Cannot be stopped: ');
    expectNothingThere(await boss.type('/stop nothing x'), 'nothing');
    await marketer.type(`/accept ${id}`);
    const other = await world.person(`boss${count}`, 'manager');
    const asked = await other.type(`/stop ${id} why not`);
    expect(text(await boss.type(buttonOf(asked, 'Stop')))).toContain('no such question of yours');
    later(1);
    const late = await other.confirm(asked);
    expect(text(late)).toContain('That was too late');
    expect((await other.press(late, 'Stop')).title).toMatch(/^Stop the order: /);
    expect(await world.order(id)).toMatchObject({ status: 'running' });
  });
});

deepTest('every button is named after its command, and every message says so in people’s words', async () => {
  const { client, marketer, place } = await pair();
  await world.topUp(client.accountId, 1_000);
  const id = await place({ prepaid: true });
  const answers = [
    await marketer.type('/orders'),
    await marketer.press(await marketer.type('/orders'), 'Accept'),
    await marketer.type(`/accept ${id}`),
    await marketer.type(`/accept ${id}`),
    await marketer.type('/orders all'),
    await marketer.type(`/why ${id}`),
    await marketer.type('/earnings'),
    await client.type('/myorders'),
    await client.type(`/why ${id}`),
    await boss.type(`/order ${id}`),
    await boss.type(`/stop ${id} x`),
  ];
  const buttons = answers.flatMap((answer) => answer.buttons.flat());
  expect(buttons.length).toBeGreaterThan(15);
  for (const { label, command } of buttons) {
    expect(`/${label.toLowerCase()}`.startsWith(/^\/\w+/.exec(command ?? '')?.[0] ?? '?')).toBe(true);
  }
  expect(world.world.errors).toEqual([]);
  expect(await world.world.core.verify()).toEqual([]);
});
