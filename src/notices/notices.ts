import { type Channel, chatUser, chatUserOf, type Link } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import { durable } from '../database/durable.ts';
import { realMilliseconds } from '../kernel/clock.ts';
import { isDuplicateKey } from '../kernel/errors.ts';
import type { Notice, NoticeContent } from './notice.ts';
import type { DeliveryDocument, NoticeStore } from './store.ts';

export type { Notice } from './notice.ts';
export type { NoticeStore } from './store.ts';

export type Notices = ReturnType<typeof createNotices>;

type Dependencies = {
  store: NoticeStore;
  accounts: Pick<Accounts, 'linksOf'>;
};

/** What to tell whom. Telling is storing; the channels deliver on their own. */
export function createNotices({ store, accounts }: Dependencies) {
  const listeners = new Set<(channel: Channel) => void>();
  const nextOrder = createOrder();

  /**
   * Stores one delivery for each chat of each person, durably, in the order given; told before is told already. Who
   * has no chat linked, or cannot be reached there, is passed over. Hand over many at once.
   */
  async function tell(notices: Notice[], now: Date): Promise<void> {
    for (let from = 0; from < notices.length; from += BATCH) {
      const batch = notices.slice(from, from + BATCH);
      const links = groupLinks(await accounts.linksOf(batch.map((notice) => notice.accountId)));
      const deliveries = batch.flatMap((notice) =>
        (links.get(notice.accountId) ?? [])
          .filter((link) => wants(notice, link))
          .map((link) => deliveryOf(notice, link, nextOrder(), now)),
      );
      await insertNew(store, deliveries);
      for (const channel of new Set(deliveries.map((delivery) => delivery.channel))) {
        for (const listener of listeners) listener(channel);
      }
    }
  }

  /** Calls back when there is something new for a channel, so that its sender need not wait to look. */
  function onTold(listener: (channel: Channel) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  return { tell, onTold };
}

const BATCH = 1_000;

function groupLinks(links: Link[]): Map<string, Link[]> {
  const byAccount = new Map<string, Link[]>();
  for (const link of links) byAccount.set(link.accountId, [...(byAccount.get(link.accountId) ?? []), link]);
  return byAccount;
}

function wants(notice: Notice, link: Link): boolean {
  if (link.unreachable !== undefined) return false;
  return notice.actor === undefined || chatUserOf(notice.actor) !== chatUser(link.channel, link.userId);
}

function deliveryOf(notice: Notice, link: Link, order: number, now: Date): DeliveryDocument {
  return {
    _id: `${notice.key}>${chatUser(link.channel, link.userId)}`,
    accountId: link.accountId,
    channel: link.channel,
    userId: link.userId,
    chatId: link.chatId,
    content: contentOf(notice),
    urgent: notice.urgent,
    at: notice.at,
    toldAt: now,
    notBefore: now,
    order,
    state: 'due',
    failures: 0,
    throttles: 0,
  };
}

function contentOf({ kind, data }: Notice): NoticeContent {
  // The pair comes out of one notice, so kind and data belong together; the compiler sees them as two unions.
  return { kind, data } as NoticeContent;
}

async function insertNew(store: NoticeStore, deliveries: DeliveryDocument[]): Promise<void> {
  if (deliveries.length === 0) return;
  try {
    await store.insertMany(deliveries, { ordered: false, ...durable(store) });
  } catch (error) {
    // With `ordered: false` all others were tried; what was told before is refused by its key.
    const refusals = writeErrorsOf(error);
    if (refusals.length === 0 || !refusals.every(isDuplicateKey)) throw error;
  }
}

function writeErrorsOf(error: unknown): unknown[] {
  if (typeof error !== 'object' || error === null || !('writeErrors' in error)) return [];
  return Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
}

/** Growing numbers, by real time and never back, even when the machine's clock goes back. */
function createOrder(): () => number {
  let last = 0;
  return () => {
    last = Math.max(last + 1, realMilliseconds() * 1_000);
    return last;
  };
}
