import { type Channel, chatUser, chatUserOf, type Link } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { WantedChannel } from '../accounts/settings.ts';
import { insertIgnoringDuplicates } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { chunksOf, groupBy } from '../kernel/group.ts';
import { createSequence } from '../kernel/sequence.ts';
import type { Notice, NoticeContent } from './messages/notice.ts';
import type { DeliveryDocument, NoticeStore } from './store.ts';

export type { Notice } from './messages/notice.ts';
export type { NoticeStore } from './store.ts';

export type Notices = ReturnType<typeof createNotices>;

type Dependencies = {
  store: NoticeStore;
  accounts: Pick<Accounts, 'linksOf' | 'settingsOf'>;
  /** The end of quiet hours of these people at `now`; those without quiet hours are missing (rules 3). */
  quietUntil: (accountIds: string[], now: Date) => Promise<Map<string, Date>>;
};

/** Notices to people. Enqueuing stores them; the channels deliver on their own. */
export function createNotices({ store, accounts, quietUntil }: Dependencies) {
  const listeners = new Set<(channel: Channel) => void>();
  const nextOrder = createSequence();

  /**
   * Stores one delivery for each chat of each person, durably, in the order given; a key that was enqueued before
   * changes nothing. People without a reachable chat are skipped. Hand over many at once.
   */
  async function enqueue(notices: Notice[], now: Date): Promise<void> {
    for (const batch of chunksOf(notices, BATCH)) {
      const accountIds = batch.map((notice) => notice.accountId);
      const [all, settings] = await Promise.all([accounts.linksOf(accountIds), accounts.settingsOf(accountIds)]);
      const links = groupBy(all, ({ accountId }) => accountId);
      const quiet = links.size === 0 ? new Map<string, Date>() : await quietUntil([...links.keys()], now);
      const deliveries = batch.flatMap((notice) => {
        const notBefore = (notice.urgent ? undefined : quiet.get(notice.accountId)) ?? now;
        const chats = links.get(notice.accountId) ?? [];
        // A message that is replaced is replaced wherever it stands.
        const isForAll = notice.replaces !== undefined || notice.toAllChats === true;
        const wanted = isForAll ? 'both' : settings.get(notice.accountId)?.channel;
        return wantedLinks(chats, wanted)
          .filter((link) => wants(notice, link))
          .map((link) => deliveryOf(notice, link, nextOrder(), now, notBefore));
      });
      await insertIgnoringDuplicates(store, deliveries, durable(store));
      for (const channel of new Set(deliveries.map((delivery) => delivery.channel))) {
        for (const listener of listeners) listener(channel);
      }
    }
  }

  /** Calls back when there is something new for a channel, so that its sender need not poll for it. */
  function onEnqueued(listener: (channel: Channel) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Drops what is not sent yet about these subjects: it is moot (rules 3). */
  async function drop(subjects: string[]): Promise<void> {
    if (subjects.length === 0) return;
    await store.updateMany({ subject: { $in: subjects }, state: 'due' }, { $set: { state: 'moot' } });
  }

  /** When the next notice that waits for the end of quiet hours may be sent, or null. */
  async function nextDue(now: Date): Promise<Date | null> {
    const [next] = await store
      .find({ state: 'due', notBefore: { $gt: now } }, { projection: { notBefore: 1 } })
      .sort({ notBefore: 1 })
      .limit(1)
      .toArray();
    return next?.notBefore ?? null;
  }

  return { enqueue, drop, nextDue, onEnqueued };
}

const BATCH = 1_000;

/** The chats that a person wants messages in; when those cannot be reached, rather another than none. */
function wantedLinks(links: Link[], wanted: WantedChannel = 'both'): Link[] {
  const chosen = links.filter(({ channel, unreachable }) => channel === wanted && unreachable === undefined);
  return wanted === 'both' || chosen.length === 0 ? links : chosen;
}

function wants(notice: Notice, link: Link): boolean {
  if (link.unreachable !== undefined) return false;
  return notice.actor === undefined || chatUserOf(notice.actor) !== chatUser(link.channel, link.userId);
}

function deliveryOf(notice: Notice, link: Link, order: number, now: Date, notBefore: Date): DeliveryDocument {
  return {
    _id: `${notice.key}>${chatUser(link.channel, link.userId)}`,
    accountId: link.accountId,
    channel: link.channel,
    userId: link.userId,
    chatId: link.chatId,
    content: contentOf(notice),
    urgent: notice.urgent,
    at: notice.at,
    enqueuedAt: now,
    notBefore,
    order,
    ...(notice.subject === undefined ? {} : { subject: notice.subject }),
    ...(notice.replaces === undefined ? {} : { replaces: notice.replaces }),
    ...(notice.expiresAt === undefined ? {} : { expiresAt: notice.expiresAt }),
    state: 'due',
    failures: 0,
    throttles: 0,
  };
}

function contentOf({ kind, data }: Notice): NoticeContent {
  // The pair comes out of one notice, so kind and data belong together; the compiler sees them as two unions.
  return { kind, data } as NoticeContent;
}
