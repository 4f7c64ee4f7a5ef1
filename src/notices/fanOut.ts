import { type Channel, chatUser, type Link } from '../accounts/account.ts';
import { insertIgnoringDuplicates } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { realMilliseconds } from '../kernel/clock.ts';
import type { Texts } from '../privacy/texts.ts';
import type { Notice, NoticeContent } from './messages/noticeContent.ts';
import { ownersOf } from './privacy.ts';
import { chatsFor, type Recipient } from './recipients.ts';
import { DELIVERIES, type DeliveryDocument, type NoticeStore, type WaitingDocument } from './store.ts';

/** A notice with its place among all, before it is anybody's chat. */
export type Pending = Omit<WaitingDocument, '_id' | 'state' | 'gathered' | 'members' | 'notBefore'> & { key: string };

/** The last step of telling: a delivery for each chat of a person, which the channel's sender finds. */
export function createFanOut({ store, texts }: { store: NoticeStore; texts: Texts }) {
  const listeners = new Set<(channel: Channel) => void>();

  /** Stores the deliveries of notices to people as they are now; told before is told already. */
  async function fanOut(list: [Pending, Recipient][], now: Date): Promise<void> {
    const deliveries = list.flatMap(([notice, person]) =>
      chatsFor(notice, person).map((link) => deliveryOf(notice, link, now)),
    );
    const stored = await texts.protect(DELIVERIES, deliveries, ownersOf);
    await insertIgnoringDuplicates(store, stored, durable(store));
    for (const channel of new Set(deliveries.map((delivery) => delivery.channel))) {
      for (const listener of listeners) listener(channel);
    }
  }

  /** Calls back when there is something new for a channel, so that its sender need not wait to look. */
  function onEnqueued(listener: (channel: Channel) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  return { fanOut, onEnqueued };
}

export function pendingOf(notice: Notice, order: number, now: Date): Pending {
  const { key, accountId, urgent, at, actor, subject, replaces, expiresAt, toAllChats } = notice;
  return {
    ...{ key, accountId, urgent, at, order, enqueuedAt: now, content: contentOf(notice) },
    ...(actor === undefined ? {} : { actor }),
    ...(subject === undefined ? {} : { subject }),
    ...(replaces === undefined ? {} : { replaces }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(toAllChats === undefined ? {} : { toAllChats }),
  };
}

function deliveryOf(pending: Pending, { channel, userId, chatId }: Link, now: Date): DeliveryDocument {
  const { key, accountId, urgent, at, order, enqueuedAt, content, actor, subject, replaces, expiresAt, toAllChats } =
    pending;
  return {
    _id: `${key}>${chatUser(channel, userId)}`,
    ...{ accountId, channel, userId, chatId, content, urgent, at, enqueuedAt, notBefore: now, order },
    ...(actor === undefined ? {} : { actor }),
    ...(subject === undefined ? {} : { subject }),
    ...(replaces === undefined ? {} : { replaces }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(toAllChats === undefined ? {} : { toAllChats }),
    storedAt: new Date(realMilliseconds()),
    state: 'due',
    failures: 0,
    throttles: 0,
  };
}

function contentOf({ kind, data }: Notice): NoticeContent {
  // The pair comes out of one notice, so kind and data belong together; the compiler sees them as two unions.
  return { kind, data } as NoticeContent;
}
