import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createFairQueue } from '../../src/kernel/fairQueue.ts';
import { seed } from '../support/depth.ts';

describe('a fair queue', () => {
  it('serves lanes in turns by weight, and each lane in its order', () => {
    const queue = createFairQueue<string>();
    for (const item of ['a1', 'a2', 'a3']) queue.push('a', item, 100);
    for (const item of ['b1', 'b2', 'b3', 'b4']) queue.push('b', item, 50);
    expect(drain(queue)).toEqual(['a1', 'b1', 'b2', 'a2', 'b3', 'b4', 'a3']);
  });

  it('lets who comes later in before what a flood has waiting', () => {
    const queue = createFairQueue<string>();
    for (let index = 0; index < 100; index += 1) queue.push('flood', `flood ${index}`, 1_000);
    queue.take();
    queue.push('other', 'other', 10);
    expect(queue.take()).toBe('other');
  });

  it('does not forget what a lane took when it is empty for a moment', () => {
    const queue = createFairQueue<string>();
    queue.push('large', 'large 1', 1_000);
    queue.push('small', 'small 1', 10);
    queue.push('small', 'small 2', 10);
    expect(queue.take()).toBe('large 1');
    queue.push('large', 'large 2', 1_000);
    expect(drain(queue)).toEqual(['small 1', 'small 2', 'large 2']);
  });

  it('drops the newest of the heaviest lane, if that is heavier than asked', () => {
    const queue = createFairQueue<string>();
    for (const item of ['a1', 'a2']) queue.push('a', item, 100);
    queue.push('b', 'b1', 50);
    expect(queue.dropFromHeaviest(200)).toBeUndefined();
    expect(queue.dropFromHeaviest(150)).toBe('a2');
    expect([queue.size(), queue.weight(), queue.weightOf('a'), queue.weightOf('c')]).toEqual([2, 150, 100, 0]);
  });

  it('gives out all that came in, once', () => {
    const items = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 1_000 })));
    fc.assert(
      fc.property(items, (pushed) => {
        const queue = createFairQueue<number>();
        for (const [index, [lane, weight]] of pushed.entries()) queue.push(lane, index, weight);
        const taken = drain(queue);
        expect([...taken].sort((a, b) => a - b)).toEqual(pushed.map((_, index) => index));
        for (const lane of ['a', 'b', 'c']) {
          const ofLane = taken.filter((index) => pushed[index]?.[0] === lane);
          expect(ofLane).toEqual([...ofLane].sort((a, b) => a - b));
        }
        expect(queue.weight()).toBe(0);
      }),
      { seed },
    );
  });
});

function drain<T>(queue: ReturnType<typeof createFairQueue<T>>): T[] {
  const taken: T[] = [];
  for (let next = queue.take(); next !== undefined; next = queue.take()) taken.push(next);
  return taken;
}
