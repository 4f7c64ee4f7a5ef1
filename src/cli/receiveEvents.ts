import { isDatabaseTrouble } from '../database/trouble.ts';
import type { Inbox, Incoming, Receipt } from '../inbox/inbox.ts';
import { InboxUnavailable, KeyLacks } from '../inbox/inbox.ts';
import { messageOf } from '../kernel/errors.ts';

const TRIES = 10;
const RETRY_MS = 1_000;

type Pause = (ms: number) => Promise<unknown>;

/**
 * Stores events side by side, each again while the inbox cannot: a database that is away for a moment costs time and
 * nothing else. A try without an answer may have stored its event after all; then the next one finds it there, and it
 * counts as accepted. What was there before the first try is a duplicate, however many it took.
 */
export async function receiveEvents(
  inbox: Pick<Inbox, 'receive' | 'existing'>,
  events: Incoming[],
  pause: Pause,
): Promise<Receipt[]> {
  const seen = await patiently(() => inbox.existing(events.map(({ id }) => id)), pause);
  const firsts = events.map(({ id }) => {
    const isFirst = !seen.has(id);
    seen.add(id);
    return isFirst;
  });
  const receipts: Receipt[] = [];
  for (const part of partsOf(events)) {
    const from = receipts.length;
    const stored = part.map((event, index) => receiveEvent(inbox, event, firsts[from + index] === true, pause));
    receipts.push(...(await Promise.all(stored)));
  }
  return receipts;
}

/** Far less than what the inbox lets wait, so that large events are not refused for being many. */
const PART_BYTES = 4 * 1024 * 1024;

function partsOf(events: Incoming[]): Incoming[][] {
  const parts: Incoming[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const event of events) {
    if (bytes + event.body.length > PART_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(event);
    bytes += event.body.length;
  }
  return parts;
}

/** `isFirst`: no event of this id was there before. */
async function receiveEvent(
  inbox: Pick<Inbox, 'receive'>,
  event: Incoming,
  isFirst: boolean,
  pause: Pause,
): Promise<Receipt> {
  let tries = 0;
  const receipt = await patiently(() => {
    tries += 1;
    return inbox.receive(event);
  }, pause);
  if (receipt !== 'duplicate' || !isFirst || tries === 1) return receipt;
  return event.known ? 'accepted' : 'ignored';
}

async function patiently<T>(work: () => Promise<T>, pause: Pause): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      // A key does not come by waiting.
      if (error instanceof KeyLacks) throw error;
      if (!(error instanceof InboxUnavailable) && !isDatabaseTrouble(error)) throw error;
      if (attempt === TRIES) throw new Error(`${messageOf(error)}; the same command again goes on from here`);
      await pause(RETRY_MS);
    }
  }
}
