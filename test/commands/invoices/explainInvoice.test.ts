import { afterAll, beforeAll, expect, it } from 'vitest';
import { deepTest } from '../../support/depth.ts';
import { createLateWorld, facts, type LateWorld, text } from '../world.ts';

let world: LateWorld;
let dana: Awaited<ReturnType<LateWorld['person']>>;
let boss: Awaited<ReturnType<LateWorld['person']>>;

beforeAll(async () => {
  world = await createLateWorld('2026-03-09T06:00:00Z');
  dana = await world.person('dana', 'model', { timeZone: 'Europe/Berlin' });
  boss = await world.person('boss', 'manager');
});
afterAll(() => world.close());

it('an invoice tells its story to its model and to managers, and to nobody else', async () => {
  const id = await world.issue('dana', '2026-W10', 10_000);
  const open = await dana.type(`/why ${id}`);
  expect(facts(open)).toEqual([
    [
      'Mon 2 Mar 2026, 01:00 (Europe/Berlin)',
      'The week 2–8 Mar 2026 begins; payments of RevShare campaigns until its end are for this invoice (payments of RevShare campaigns go on the model’s invoice; one invoice for each week)',
    ],
    [
      'Mon 9 Mar 2026, 07:00 (Europe/Berlin)',
      'It was issued with 1 line; each costs its gross × rate, together $100.00, so $100.00 in all (one invoice for each week; what an invoice comes to)',
    ],
    [
      'Thu 12 Mar 2026, 07:00 (Europe/Berlin), to come',
      'It is due: three calendar days after its issue, at the same time of day (when an invoice is due)',
    ],
    ['ID', id],
  ]);
  expect(await dana.inDiscord('/why 2026-W10')).toEqual(open);
  expect(text(await boss.type(`/why ${id}`))).toContain('$100.00: due by Thu 12 Mar 2026, 06:00 (UTC).');
  const eve = await world.person('eve', 'model');
  expect(text(await eve.type(`/why ${id}`))).toBe(
    text(await eve.type('/why 2026-W10:nobody')).replace('2026-W10:nobody', id),
  );
});

deepTest('late and paid, it says both', async () => {
  await world.moveTo('2026-03-14T10:00:00Z');
  await world.topUp('dana', 10_000);
  await dana.type('/pay 2026-W10');
  const said = text(await dana.type('/why 2026-W10'));
  expect(said).toContain(
    'It was due, and not paid: overdue. Campaigns are paused while anything is overdue (when an invoice is due; campaigns are paused while an invoice is overdue)',
  );
  expect(said).toContain(
    'Sat 14 Mar 2026, 11:00 (Europe/Berlin): $100.00 was taken from the balance as a whole, and each contractor got the cost of its lines (an invoice is debited whole or not at all; contractors get the cost of their lines)',
  );
});

deepTest('taken back, it says when and why, and to managers by whom', async () => {
  const id = await world.issue('dana', '2026-W11', 5_000);
  await world.moveTo('2026-03-16T09:00:00Z');
  await boss.confirmed(`/void ${id} wrong rate`);
  const line =
    'Mon 16 Mar 2026, 10:00 (Europe/Berlin): It was taken back: “wrong rate”. Its payments come on the next invoice (how a manager can end an invoice)';
  expect(text(await dana.type(`/why ${id}`))).toContain(line);
  expect(text(await boss.type(`/why ${id}`))).toContain('It was taken back by boss via telegram:');
  // What somebody wrote is set apart wherever it is shown.
  for (const [who, typed] of [
    [dana, '/invoice'],
    [boss, '/invoice'],
    [boss, '/void'],
  ] as const) {
    expect(text(await who.type(`${typed} ${id} again`))).toContain('“wrong rate”');
  }
});
