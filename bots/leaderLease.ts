import type { Lease, Leases } from '../src/database/lease.ts';
import { messageOf } from '../src/kernel/errors.ts';

const HOLD_MS = 5_000;
const RENEW_MS = 1_000;
const TRY_MS = 500;
/** This process stops acting this long before others may take over. */
const MARGIN_MS = 1_500;

/**
 * The role of serving a channel: one process has it at a time, and another takes it over some seconds after that one
 * died, or at once when it stops in good order.
 */
export function createLeaderLease(leases: Leases, name: string, warn: (text: string) => void) {
  let lease: Lease | null = null;
  let heldUntil = 0;
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let renewing: Promise<void> | undefined;
  let isTroubled = false;

  function isHeld(): boolean {
    return !stopping && performance.now() < heldUntil;
  }

  /** Resolves when it is known whether this process has the role for now. */
  async function start(): Promise<void> {
    renewing = renew();
    await renewing;
  }

  async function renew(): Promise<void> {
    const asked = performance.now();
    try {
      if (lease !== null && !(await lease.extend(HOLD_MS))) lease = null;
      else lease ??= await leases.acquire(`channel:${name}`, HOLD_MS);
      heldUntil = lease === null ? 0 : asked + HOLD_MS - MARGIN_MS;
      isTroubled = false;
    } catch (error) {
      if (!isTroubled) warn(`${name}: the database did not answer about who sends: ${messageOf(error)}`);
      isTroubled = true;
    }
    if (stopping) return;
    timer = setTimeout(
      () => {
        renewing = renew();
      },
      isHeld() ? RENEW_MS : TRY_MS,
    );
  }

  async function stop(): Promise<void> {
    stopping = true;
    clearTimeout(timer);
    await renewing;
    await lease?.release();
  }

  return { isHeld, start, stop };
}
