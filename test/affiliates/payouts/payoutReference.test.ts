import { describe, expect, it } from 'vitest';

import { payoutReference } from '../../../src/affiliates/payouts/payoutReference.ts';

describe('what a payment bears', () => {
  it('is the id of its payout where every bank takes that', () => {
    expect(payoutReference('2026-04-01:ava')).toBe('2026-04-01:ava');
    expect(payoutReference('2026-04-01:a.B-9:c')).toBe('2026-04-01:a.B-9:c');
  });

  it.each([
    ['is long', `2026-04-01:${'a'.repeat(64)}`],
    ['has what SEPA does not take', '2026-04-01:ava_1'],
    ['has a tilde', '2026-04-01:a~b'],
  ])('is the day and a hash where the id %s', (_, payoutId) => {
    expect(payoutReference(payoutId)).toMatch(/^20260401-[0-9A-HJKMNP-TV-Z]{20}$/);
    expect(payoutReference(payoutId)).toBe(payoutReference(payoutId));
  });

  it('differs for any two payouts, also where they begin alike', () => {
    const ids = Array.from({ length: 2_000 }, (_, index) => `2026-04-01:${'long'.repeat(14)}_${index}`);
    expect(new Set(ids.map(payoutReference)).size).toBe(ids.length);
  });
});
