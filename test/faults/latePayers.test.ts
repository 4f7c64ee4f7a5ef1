import { beforeAll, expect } from 'vitest';

import { deepTest, isSample } from '../support/depth.ts';
import { type Completion, type Kill, play } from './latePayers.ts';

/** Late payers, from the issue to the end of the partnership, by processes that are killed at writes of theirs. */

let calm: Completion;
beforeAll(async () => {
  if (!isSample) calm = await play([]);
});

const KILLS: [string, Kill[]][] = [
  [
    'between a look and its telling',
    [
      // The eight looks of the day before find nothing new.
      { in: 'standings', at: 8 + 5, when: 'after' },
      { in: 'outgoing_webhooks', at: 12, when: 'before' },
      { in: 'ledger_entries', at: 1, when: 'after' },
      { in: 'standing_decisions', at: 1, when: 'after' },
    ],
  ],
  [
    'before a notice, a state and an audit record',
    [
      { in: 'notice_deliveries', at: 11, when: 'before' },
      { in: 'standings', at: 8, when: 'after' },
      { in: 'invoices', at: 1, when: 'before' },
      { in: 'audit_records', at: 1, when: 'before' },
    ],
  ],
];

deepTest.each(KILLS)(
  'kill -9 %s leaves nothing missing and nothing double',
  async (_, kills) => {
    const { died, ...disturbed } = await play(kills);
    const { died: never, ...undisturbed } = calm;
    expect(never).toBe(0);
    expect(died).toBe(kills.length);
    expect(disturbed).toEqual(undisturbed);
    expect(disturbed.differences).toEqual([]);
  },
  300_000,
);

deepTest('the undisturbed run has everything in it that could go missing', () => {
  expect(calm.standings).toHaveLength(8);
  expect(calm.decisions.map(({ kind }) => kind)).toEqual(['grace', 'keep', 'terminate']);
  const types = new Set(Object.values(calm.webhooks).flatMap((lines) => lines.map((line) => typeOf(line))));
  expect([...types].sort()).toEqual([
    'account.unreachable',
    'campaigns.paused',
    'campaigns.resumed',
    'cpl_orders.blocked',
    'cpl_orders.unblocked',
    'invoice.completed',
    'invoice.issued',
    'invoice.overdue',
    'partnership.review_opened',
    'partnership.terminated',
    'payout.due',
    'trust.changed',
  ]);
});

function typeOf(line: string): string {
  return JSON.parse(line.slice(line.indexOf('{'))).type;
}
