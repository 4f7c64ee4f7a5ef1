import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';

import { createWrongKeys } from '../../../webhooks/middleware/wrongKeys.ts';

/** Wrong API keys, with a clock and waits of the test's own. */
function guarded() {
  const lines: object[] = [];
  const waits: (() => void)[] = [];
  const registry = new Registry();
  let now = 0;
  const { note } = createWrongKeys({
    log: { warn: (line: object) => lines.push(line) } as never,
    registry,
    now: () => now,
    wait: () => new Promise((resolve) => waits.push(resolve)),
  });
  const pass = (ms: number) => {
    now += ms;
  };
  return { note, lines, waits, registry, pass };
}

async function slip({ note }: ReturnType<typeof guarded>, from: string, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) expect(await note(from)).toBe(true);
}

describe('wrong API keys', () => {
  it('are answered at once while they are slips, and slowly when they are more; too many are refused', async () => {
    const guard = guarded();
    await slip(guard, '10.0.0.1', 5);
    expect(guard.waits).toEqual([]);
    const slow = Array.from({ length: 8 }, () => guard.note('10.0.0.1'));
    expect(guard.waits).toHaveLength(8);
    expect(await guard.note('10.0.0.1')).toBe(false);
    // Nobody else pays for that.
    await slip(guard, '10.0.0.2', 5);
    for (const end of guard.waits) end();
    expect(await Promise.all(slow)).toEqual(Array(8).fill(true));
  });

  it('are forgotten after a minute', async () => {
    const guard = guarded();
    await slip(guard, '10.0.0.1', 5);
    guard.pass(60_000);
    await slip(guard, '10.0.0.1', 5);
  });

  it('are logged by address: the first that is no slip, then each tenfold; and counted', async () => {
    const guard = guarded();
    await slip(guard, '::ffff:10.0.0.1', 5);
    expect(guard.lines).toEqual([]);
    for (let count = 5; count < 5_000; count += 1) guard.note('::ffff:10.0.0.1').catch(() => {});
    expect(guard.lines).toEqual([6, 10, 100, 1_000].map((count) => ({ address: '10.0.0.1', count })));
    expect(await guard.registry.metrics()).toContain('settlebot_wrong_api_keys_total 5000');
  });

  it('of one IPv6 network are of one address', async () => {
    const guard = guarded();
    await slip(guard, '2001:db8::1', 3);
    await slip(guard, '2001:db8:0:0:5::9', 2);
    for (let count = 0; count < 2; count += 1) guard.note('2001:db8::2').catch(() => {});
    expect(guard.lines).toEqual([{ address: '2001:db8:0:0::/64', count: 6 }]);
  });
});
