import type { DisplayContext } from '../../texts/speech.ts';
import type { Message } from '../messages/message.ts';
import { traitsOf } from '../messages/traits.ts';
import { personalDay } from '../personalTimes.ts';
import type { DeliveryDocument } from '../store.ts';
import type { Outbox } from './outbox.ts';
import type { Outcome } from './outcome.ts';
import type { SharedPlace } from './sender.ts';

/**
 * What all managers are told in one message, where all of them read. Null from `tell`: it is not told there, because it is no such
 * notice, there is no such place, or that takes no messages now.
 */
export function createSharing(deps: {
  place: SharedPlace | undefined;
  outbox: Pick<Outbox, 'sharedMessage'>;
  platform: DisplayContext;
  /** What a delivery says, for whoever reads so. */
  messageFor(delivery: DeliveryDocument, display: DisplayContext): Promise<Message>;
}) {
  const { place } = deps;
  /** Managers' deliveries come side by side: the first posts, and the others wait for it. */
  const posting = new Map<string, Promise<Outcome | null>>();

  function nameOf({ content, at }: Pick<DeliveryDocument, 'content' | 'at'>): string | null {
    if (place === undefined || traitsOf(content).channel !== 'managers') return null;
    return `${content.kind}:${personalDay(at, { timeZone: deps.platform.timeZone, settings: {} })}`;
  }

  async function tell(delivery: DeliveryDocument): Promise<Outcome | null> {
    const name = nameOf(delivery);
    if (name === null || place === undefined) return null;
    const before = posting.get(name) ?? Promise.resolve(null);
    const mine = before.then(async (outcome) => (outcome?.kind === 'sent' ? outcome : post(place, name, delivery)));
    posting.set(name, mine);
    try {
      return await mine;
    } finally {
      if (posting.get(name) === mine) posting.delete(name);
    }
  }

  async function post(
    { display, send }: SharedPlace,
    shared: string,
    delivery: DeliveryDocument,
  ): Promise<Outcome | null> {
    const there = await deps.outbox.sharedMessage(shared);
    if (there !== null) return { kind: 'sent', messageId: there, shared };
    const outcome = await send(await deps.messageFor(delivery, display), { key: shared, failures: delivery.failures });
    return outcome?.kind === 'sent' ? { ...outcome, shared } : outcome;
  }

  return { tell };
}
