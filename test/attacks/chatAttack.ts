/** What an attack by chat came to: how long people who are linked waited meanwhile, and the largest memory. */
export type ChatResult = { p95Ms: number; peakMebibytes: number; recoveryMs: number; said: string };

/**
 * An attack by way of the channels, bounded in time and number: it starts its own stand-ins on loopback and the built
 * service at `cli` on them, and stops both.
 */
export type ChatAttack = { name: string; about: string; run(cli: string): Promise<ChatResult> };

/** What 95 of 100 took no longer than. */
export function p95Of(times: number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? Number.POSITIVE_INFINITY;
}
