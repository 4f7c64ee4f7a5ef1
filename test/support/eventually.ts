import { createPatience } from '../../src/kernel/wait.ts';

/** Polls until `holds` answers true. What it throws is not an answer yet, until the time is over. */
export async function eventually(
  holds: () => Promise<boolean> | boolean,
  options: { withinMs?: number; everyMs?: number; what?: string } = {},
): Promise<void> {
  const until = performance.now() + (options.withinMs ?? 30_000);
  const patience = createPatience({ firstMs: options.everyMs ?? 10, mostMs: Math.max(100, options.everyMs ?? 0) });
  for (;;) {
    let reason: unknown = '';
    try {
      if (await holds()) return;
    } catch (error) {
      reason = error;
    }
    if (performance.now() > until) throw new Error(`waited in vain for ${options.what ?? holds} ${reason}`);
    await new Promise((resolve) => setTimeout(resolve, patience.nextMs()));
  }
}
