import { beforeAll, expect, it } from 'vitest';

import { type Ending, type Kill, play } from './latePayers.ts';
import { chance } from './traffic.ts';

/** Late payers, from the issue to the end of the partnership, by processes that are killed at writes of theirs. */

let calm: Ending;
beforeAll(async () => {
  calm = await play([]);
});

it.each(process.env.SEEDS?.split(',').map(Number) ?? [3, 21])(
  'kill -9 between entry, state, notice and webhook leaves nothing missing and nothing double: %i',
  async (seed) => {
    const { died, ...disturbed } = await play(kills(seed, 4));
    const { died: never, ...undisturbed } = calm;
    expect(never).toBe(0);
    expect(died).toBeGreaterThanOrEqual(3);
    expect(disturbed).toEqual(undisturbed);
    expect(disturbed.differences).toEqual([]);
  },
  120_000,
);

it('the undisturbed run has everything in it that could go missing', () => {
  expect(calm.standings).toHaveLength(8);
  expect(calm.decisions.map(({ kind }) => kind)).toEqual(['grace', 'keep', 'terminate']);
  const types = new Set(Object.values(calm.webhooks).flatMap((lines) => lines.map((line) => typeOf(line))));
  expect([...types].sort()).toEqual([
    'campaigns.paused',
    'campaigns.resumed',
    'cpl_orders.blocked',
    'cpl_orders.unblocked',
    'invoice.completed',
    'invoice.issued',
    'invoice.overdue',
    'partnership.review_opened',
    'partnership.terminated',
    'trust.changed',
  ]);
});

function typeOf(line: string): string {
  return JSON.parse(line.slice(line.indexOf('{'))).type;
}

/** After so many writes of each life, before or after the write. */
function kills(seed: number, count: number): Kill[] {
  const random = chance(seed);
  return Array.from({ length: count }, () => ({
    at: 1 + Math.floor(random() * 60),
    when: random() < 0.5 ? 'before' : 'after',
  }));
}
