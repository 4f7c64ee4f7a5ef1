import type { Core } from '../core.ts';
import type { Incoming, Receipt } from '../inbox/inbox.ts';
import { InboxUnavailable } from '../inbox/inbox.ts';

const TRIES = 10;
const RETRY_MS = 1_000;

/**
 * Stores an event, and tries again while the inbox cannot: a database that is away for a moment costs time and nothing
 * else. A try without an answer may have stored it after all; then the next one finds it there, and it counts as
 * accepted. What was there before the first try is a duplicate, however many it took.
 */
export async function receiveEvent(
  { inbox, clock }: { inbox: Pick<Core['inbox'], 'receive' | 'get'>; clock: Pick<Core['clock'], 'now'> },
  event: Incoming,
  pause: (ms: number) => Promise<unknown>,
): Promise<Receipt> {
  const firstTriedAt = clock.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      const receipt = await inbox.receive(event);
      if (receipt !== 'duplicate' || attempt === 1) return receipt;
      const stored = await inbox.get(event.id);
      if (stored === null || stored.receivedAt < firstTriedAt) return 'duplicate';
      return event.known ? 'accepted' : 'ignored';
    } catch (error) {
      if (!(error instanceof InboxUnavailable)) throw error;
      if (attempt === TRIES) throw new Error(`${error.message}; the same command again goes on from here`);
      await pause(RETRY_MS);
    }
  }
}
