import { expect, test } from 'vitest';

import { type PreviewRow, ranked, rowsFrom } from '../../src/simulation/preview.ts';

const row = (accountId: string, amount: number, outcome: PreviewRow['outcome'] = 'payout'): PreviewRow => ({
  ...{ accountId, amount, outcome, count: 1 },
});

test('rows come page by page, the greatest amount first, none twice and none left out', () => {
  const rows = ranked([
    ...[row('b', 5), row('a:1', 5), row('c', 70), row('b', 5, 'carried'), row('d', -3), row('a', 5)],
  ]);
  const sorted = ['c 70 payout', 'b 5 carried', 'a 5 payout', 'a:1 5 payout', 'b 5 payout', 'd -3 payout'];
  for (const limit of [1, 2, 3, 6, 7]) {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = rowsFrom(rows, limit, after);
      expect(page.items.length).toBeLessThanOrEqual(limit);
      seen.push(...page.items.map(({ accountId, amount, outcome }) => `${accountId} ${amount} ${outcome}`));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(seen).toEqual(sorted);
  }
  expect(rowsFrom([], 5)).toEqual({ items: [], next: null });
});
