import { expect, test } from 'vitest';

import { causeOf } from '../../src/ledger/cause.ts';

test.each([
  ['topup:t:1', 'topup', 't:1'],
  ['invoice:2026-W47:m1:completed', 'invoice', '2026-W47:m1'],
  ['invoice:2026-W47:m1:completed-2', 'invoice', '2026-W47:m1'],
  ['invoice:2026-W47:m:1:written_off', 'invoice', '2026-W47:m:1'],
  ['invoice:2026-W47:m1:part:3', 'invoice', '2026-W47:m1'],
  ['invoice:2026-W47:m1:part:3:returned', 'invoice', '2026-W47:m1'],
  ['invoice:2026-W47:m1:part:3:declined', 'invoice', '2026-W47:m1'],
  ['invoice:2026-W47:m:credit:credit', 'invoice', '2026-W47:m:credit'],
  ['order:o:1:accepted', 'order', 'o:1'],
  ['order:o1:amount:12', 'order', 'o1'],
  ['order:o1:returned', 'order', 'o1'],
  ['payout:2026-04-01:kim:due', 'payout', '2026-04-01:kim'],
  ['payout:2026-04-01:k:im:returned', 'payout', '2026-04-01:k:im'],
  ['commission:c:1:approved', 'commission', 'c:1'],
  ['commission:c1:corrected:2', 'commission', 'c1'],
  ['adjustment:a1', 'adjustment', 'a1'],
  ['adjustment:a1:refused', 'adjustment', 'a1'],
])('%s is of %s %s', (entryId, kind, id) => {
  expect(causeOf(entryId)).toEqual({ kind, id });
});

test('an id that says nothing has no cause', () => {
  for (const entryId of ['debit:1', 'invoice:', 'invoice:2026-W47', 'commission:c1', '']) {
    expect(causeOf(entryId)).toBeNull();
  }
});
