import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { differencesOf, earnedAsMarketer, sold } from '../../affiliates/world.ts';
import { deepTest } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import { noticesAndWaiting } from '../../support/notices.ts';
import { createWorld } from '../../support/world.ts';
import { chatsOf, labels, text } from '../world.ts';

const world = await createWorld({ startsAt: '2026-03-01T12:00:00Z' });
afterAll(world.close);
afterEach(async () => {
  expect(world.errors).toEqual([]);
  expect(await differencesOf(world)).toEqual([]);
});

type Chats = Awaited<ReturnType<typeof chatsOf>>;
let olga: Chats;
let kim: Chats;
let marco: Chats;
let ava: Chats;

beforeEach(async () => {
  await world.reset('2026-03-01T12:00:00Z');
  await world.send(
    ...[tell.account('kim', 'affiliate', { name: 'Kim' }), tell.account('marco', 'marketer', { name: 'Marco' })],
    ...[tell.account('ava', 'model', { name: 'Ava' }), tell.account('olga', 'manager')],
    ...sold('s1', 'kim', '2026-02-25T00:00:00Z'),
    tell.payment('p1', 10_000, '2026-03-01T00:00:00Z', { kind: 'subscription', subscriptionId: 's1' }),
  );
  [olga, kim] = [await chatsOf(world, 'olga', 9_001), await chatsOf(world, 'kim', 9_002)];
  [marco, ava] = [await chatsOf(world, 'marco', 9_003), await chatsOf(world, 'ava', 9_004)];
  await world.travelTo('2026-03-10T12:00:00Z');
});

it('asks over the balance and the payday, adjusts by one press, however often, and everybody finds it', async () => {
  const question = await olga.type('/adjust kim -$12.50 Paid twice in February');
  expect(text(question)).toContain('Take away $12.50 — Kim (kim)?');
  expect(text(question)).toContain('The balance is $30.00, and will be $17.50.');
  expect(text(question)).toContain('It falls in the payday 16 Mar 2026.');
  expect(await world.core.ledger.balance('affiliate:kim')).toBe(3_000);

  expect(text(await olga.confirm(question))).toContain('$12.50 taken away — Kim (kim)');
  expect(text(await olga.confirm(question))).toContain('This was done already.');
  expect(await world.core.ledger.balance('affiliate:kim')).toBe(1_750);

  const [id = ''] = (await world.core.adjustments.list({ limit: 9 })).items.map(({ adjustmentId }) => adjustmentId);
  expect(text(await olga.type(`/why ${id}`))).toContain('olga via telegram:');
  const why = text(await kim.type(`/why ${id}`));
  expect(why).toContain('Why: -$12.50 — Adjustment of 10 Mar');
  expect(why).toContain('“Paid twice in February”');
  expect(why).not.toContain('olga');
  expect(text(await marco.type(`/why ${id}`))).toContain(`There is nothing called ${id}.`);
  expect(text(await kim.type('/commissions'))).toContain('Adjustment of 10 Mar');
  expect(await noticesAndWaiting(world.core, 'kim', 'adjustment.made')).not.toEqual([]);
});

deepTest('takes an amount as people type it, with its sign anywhere, and none that changes nothing', async () => {
  for (const amount of ['-5', '−5.00', '-$5', '$-5', '- 5', '-5 USD', 'USD -5', '-5.00']) {
    expect(text(await olga.type(`/adjust marco ${amount} why`)), amount).toContain('Take away $5.00 — Marco');
  }
  for (const amount of ['5', '+5', '+$5', '$5', 'US$ 5']) {
    expect(text(await olga.type(`/adjust marco ${amount} why`)), amount).toContain('Add $5.00 — Marco');
  }
  for (const amount of ['0', '-0', 'x', '5.001', '€5', '--5']) {
    expect(text(await olga.type(`/adjust marco ${amount} why`)), amount).toContain('is no amount to add or take away');
  }
  expect(text(await olga.inDiscord('/adjust marco -5 why'))).toContain('Take away $5.00 — Marco');
});

deepTest('says why there is nothing to adjust, and shows models and marketers what was', async () => {
  expect(text(await olga.type('/adjust ava -1 why'))).toContain('The balance is $0.00, so $1.00 is missing');
  expect(text(await olga.type('/adjust olga 1 why'))).toContain('A manager has no balance.');
  expect(text(await olga.type('/adjust model:kim 1 why'))).toContain('This is no model');
  expect(text(await olga.type('/adjust escrow:o1 1 why'))).toContain('Only the balance of a model');
  expect(text(await olga.type('/adjust nobody 1 why'))).toContain('There is no account nobody.');
  await olga.confirmed('/adjust ava 8 Sorry for the delay');
  expect(text(await ava.type('/balance'))).toContain('Adjustment of 10 Mar: $8.00, “Sorry for the delay”');
  await olga.confirmed('/adjust marketer:marco 9.99 A bonus');
  expect((await marco.type('/earnings')).facts).toEqual([]);
  // Where payees are in use.
  await world.send(tell.payee('1', 'kim', { method: 'paypal', email: 'kim@example.com' }));
  expect((await marco.type('/earnings')).facts).toEqual([
    ['Payout details', 'missing: enter them on the platform before payday'],
  ]);
  expect(text(await marco.type('/earnings'))).toContain('Adjustment of 10 Mar: “A bonus” · $9.99');
});

deepTest('asks whether a payout came back, and says then what it means and what to do', async () => {
  await earnedAsMarketer(world, 'marco', 5_000);
  await world.travelTo('2026-03-16T00:00:00Z');
  const id = '2026-03-16:marco';
  expect(text(await olga.type(`/returned ${id} RET-1`))).toContain('the payout is not paid yet');
  await olga.type(`/settle ${id} SEPA-1`);
  expect(await olga.suggested('returned', 'marco')).toMatchObject([{ value: id }]);
  const question = await olga.type(`/returned ${id} RET-1`);
  expect(text(question)).toContain('Did $50.00 come back — Marco, payout of 16 Mar?');
  expect(text(question)).toContain('into the payout of 1 Apr 2026');
  expect(text(await olga.confirm(question))).toContain('Came back: $50.00 — Marco, payout of 16 Mar');
  expect(text(await olga.confirm(question))).toContain('It is known already');
  expect(text(await marco.type('/payouts'))).toContain('came back on');
  const why = await marco.type(`/why ${id}`);
  expect(text(why)).toContain('The bank gave it back.');
  expect(labels(why)).toContain('Statement');
  expect(await noticesAndWaiting(world.core, 'marco', 'payout.returned')).not.toEqual([]);
});
