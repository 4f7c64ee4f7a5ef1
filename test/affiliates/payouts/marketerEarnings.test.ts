import { afterEach, expect, it, vi } from 'vitest';

import { createMarketerEarnings } from '../../../src/affiliates/payouts/marketerEarnings.ts';

afterEach(() => {
  vi.useRealTimers();
});

it('finds what landed long after the instant that it bears, ten minutes later at most', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const account = 'marketer:nora';
  let balance = 0;
  const earnings = createMarketerEarnings({
    policy: { marketers: true },
    ledger: {
      balances: async () => new Map([[account, balance]]),
      balancesSince: async () => new Map([[account, { now: balance, before: balance }]]),
      async *accountsBeginning() {
        yield account;
      },
      // It bears an instant of before the last look.
      postedSince: async () => false,
    },
  });
  expect(await earnings.areOwed('2026-12-01')).toBe(false);
  balance = 4_700;
  for (let minute = 1; minute < 10; minute += 1) {
    vi.advanceTimersByTime(60_000);
    expect(await earnings.areOwed('2026-12-01')).toBe(false);
  }
  vi.advanceTimersByTime(60_000);
  expect(await earnings.areOwed('2026-12-01')).toBe(true);
});
