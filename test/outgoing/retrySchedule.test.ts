import { describe, expect, it } from 'vitest';

import { WEBHOOK_ID } from '../../src/kernel/ids.ts';
import { bodyOf, webhookIdOf } from '../../src/outgoing/message.ts';
import { DELAYS_MS, delayAfter } from '../../src/outgoing/retrySchedule.ts';
import { saying } from '../support/webhookData.ts';

const HOUR_MS = 3_600_000;

describe('the ladder of tries', () => {
  it('comes to 27 hours in all', () => {
    expect(DELAYS_MS.reduce((sum, delay) => sum + delay, 0)).toBe(27 * HOUR_MS);
  });

  it('grows, whatever the jitter', () => {
    for (let failures = 1; failures < DELAYS_MS.length; failures += 1) {
      expect(delayAfter(failures + 1, 0)).toBeGreaterThan(delayAfter(failures, 0.999) ?? 0);
    }
  });

  it('has an end', () => {
    expect(delayAfter(DELAYS_MS.length, 0.5)).toBe(DELAYS_MS.at(-1));
    expect(delayAfter(DELAYS_MS.length + 1, 0.5)).toBeNull();
    expect(delayAfter(99, 0.5, HOUR_MS)).toBeNull();
  });

  it('waits as long as it is asked to, an hour at most', () => {
    expect(delayAfter(1, 0.5)).toBe(5_000);
    expect(delayAfter(1, 0.5, 90_000)).toBe(90_000);
    expect(delayAfter(1, 0.5, 5 * HOUR_MS)).toBe(HOUR_MS);
    expect(delayAfter(8, 0.5, 90_000)).toBe(2 * HOUR_MS);
  });
});

describe('the id of a webhook', () => {
  it.each(['invoice:2026-W47:m1:issued', 'trust:a.b:3', `order:${'x.y'.repeat(100)}`, 'ümläut/ und mehr', ''])(
    'may stand in the header: %s',
    (key) => {
      expect(webhookIdOf(key)).toMatch(WEBHOOK_ID);
      expect(webhookIdOf(key)).toBe(webhookIdOf(key));
    },
  );

  it('tells keys apart that read alike', () => {
    const keys = ['model:a.b', 'model:a_b', 'model:a/b', `${'x'.repeat(200)}1`, `${'x'.repeat(200)}2`];
    expect(new Set(keys.map(webhookIdOf)).size).toBe(keys.length);
  });

  it('is what it has always been: integrators keep them', () => {
    expect(webhookIdOf('invoice:2026-W47:m1:issued')).toBe('invoice:2026-W47:m1:issued:gUygZldPapceytjAF3gSZF');
  });
});

it('the body has the effective time, and its number among those of its subject', () => {
  const at = new Date('2026-11-23T06:00:00Z');
  const message = {
    key: 'k',
    subject: 'model:m1',
    type: 'invoice.issued',
    at,
    data: saying({ invoiceId: 'i' }),
  } as const;
  expect(bodyOf(message, 7)).toBe(
    '{"type":"invoice.issued","timestamp":"2026-11-23T06:00:00.000Z","subject":"model:m1","sequence":7,"data":{"invoiceId":"i"}}',
  );
});
