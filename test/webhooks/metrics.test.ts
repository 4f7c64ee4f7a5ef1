import { expect, it } from 'vitest';

import { createMetrics } from '../../webhooks/metrics.ts';

it('the database being gone takes its own counts away and nothing else', async () => {
  const errors: unknown[] = [];
  let isGone = false;
  const counts = async <T>(found: T): Promise<T> => {
    if (isGone) throw new Error('connection refused');
    return found;
  };
  const metrics = createMetrics({
    inbox: { counts: () => counts({ received: 3, waiting: 2, quarantined: 1 }) },
    outgoing: { counts: () => counts({ due: 5, parked: 4 }) },
    onError: (error) => errors.push(error),
  });
  const before = await metrics.metrics();
  expect(before).toContain('settlebot_events{status="quarantined"} 1');
  expect(before).toContain('settlebot_webhooks_out{status="parked"} 4');
  isGone = true;
  const after = await metrics.metrics();
  expect(after).not.toMatch(/settlebot_(events|webhooks_out)\{/);
  expect(after).toContain('process_cpu_seconds_total');
  expect(errors).toHaveLength(2);
});
