import { expect, it } from 'vitest';

import { createMetrics } from '../../webhooks/metrics.ts';

it('the database being gone takes its own counts away and nothing else', async () => {
  const errors: unknown[] = [];
  let isGone = false;
  let now = 0;
  const counts = async <T>(found: T): Promise<T> => {
    if (isGone) throw new Error('connection refused');
    return found;
  };
  const metrics = createMetrics({
    inbox: { counts: () => counts({ received: 3, waiting: 2, quarantined: 1 }) },
    outgoing: { counts: () => counts({ due: 5, parked: 4 }) },
    now: () => now,
    onError: (error) => errors.push(error),
  });
  const before = await metrics.metrics();
  expect(before).toContain('settlebot_events{status="quarantined"} 1');
  expect(before).toContain('settlebot_webhooks_out{status="parked"} 4');
  isGone = true;
  now += 1_000;
  const after = await metrics.metrics();
  expect(after).not.toMatch(/settlebot_(events|webhooks_out)\{/);
  expect(after).toContain('process_cpu_seconds_total');
  expect(errors).toHaveLength(2);
});

it('a count that is slow is shared by all scrapes, and asked for again a second after its end', async () => {
  let now = 0;
  const asked: ((counts: { received: number; waiting: number; quarantined: number }) => void)[] = [];
  const metrics = createMetrics({
    inbox: { counts: () => new Promise((resolve) => asked.push(resolve)) },
    outgoing: { counts: async () => ({ due: 0, parked: 0 }) },
    now: () => now,
    onError: (error) => expect(error).toBeUndefined(),
  });
  const scrapes = [metrics.metrics(), metrics.metrics()];
  now += 5_000;
  scrapes.push(metrics.metrics());
  asked[0]?.({ received: 3, waiting: 2, quarantined: 1 });
  for (const text of await Promise.all(scrapes)) expect(text).toContain('settlebot_events{status="received"} 3');
  expect(asked).toHaveLength(1);
  now += 1_000;
  const later = metrics.metrics();
  asked[1]?.({ received: 4, waiting: 0, quarantined: 0 });
  expect(await later).toContain('settlebot_events{status="received"} 4');
});
