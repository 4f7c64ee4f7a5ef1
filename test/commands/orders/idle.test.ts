import { afterAll, beforeAll, expect } from 'vitest';
import { deepTest } from '../../support/depth.ts';
import { createOrderWorld, type OrderWorld } from '../orderWorld.ts';
import { text } from '../world.ts';

let world: OrderWorld;

beforeAll(async () => {
  world = await createOrderWorld();
});
afterAll(() => world.close());

deepTest(
  'an order says that the first fan started it, when it is stopped without another, and that it was',
  async () => {
    const boss = await world.person('boss', 'manager');
    const marketer = await world.person('marco', 'marketer', { capacity: 1 });
    await world.person('ava', 'model');
    const [first, second] = [await world.place('ava', 'marco'), await world.place('ava', 'marco')];
    for (const id of [first, second]) await marketer.type(`/accept ${id}`);
    await world.bring(second, 1);
    const running = text(await marketer.type(`/why ${second}`));
    expect(running).toContain('its first fan started it, before a place was free (when an accepted order starts)');
    expect(running).toContain(
      'to come: if no other fan counts before, it is stopped and settled (an order for which no fan counts is stopped)',
    );
    await world.world.travelTo(new Date(world.world.clock.now().getTime() + 30 * 86_400_000));
    for (const person of [marketer, boss]) {
      const command = `/${person === boss ? 'order' : 'why'} ${second}`;
      const stopped = `${text(await person.type(command))}\n${text(await person.type(`${command} +8`))}`;
      expect(stopped).toContain(
        'it was stopped and settled at once. No fan counted for 30 days. (an order for which no fan counts is stopped; what was delivered is paid, no more and no less)',
      );
      expect(stopped).not.toContain('to come');
    }
    expect(
      (await world.told(marketer.accountId)).filter((said) => said.startsWith('No fan counts, stopped in')),
    ).toHaveLength(4);
  },
);
