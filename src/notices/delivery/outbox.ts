import type { Channel } from '../../accounts/account.ts';
import { durable } from '../../database/durable.ts';
import { updateEvery } from '../../database/everyDocument.ts';
import type { DeliveryDocument, DeliveryState, NoticeStore } from '../store.ts';
import type { Change } from './outcome.ts';

/** The first of a chat's deliveries: only that one may be sent, so that each person reads in order. */
export type Head = { id: string; chatId: string; accountId: string };

export type Outbox = ReturnType<typeof createOutbox>;

/** The stored deliveries of one channel, as its sender needs them. */
export function createOutbox(deliveries: NoticeStore, channel: Channel) {
  /**
   * The first due delivery of each chat, oldest first. A delivery that is put off by `notBefore` does not hold up later
   * ones of its chat, one that is to be tried again does.
   */
  async function heads(query: { now: Date; realNow: number; limit: number; exceptChats: string[] }): Promise<Head[]> {
    return deliveries.aggregate<Head>(headsPipeline(channel, query)).toArray();
  }

  /** Marks one as being sent; null when it is no longer due, or moot at `now`. Of several processes one gets it. */
  async function claim(id: string, sender: string, now: Date): Promise<DeliveryDocument | null> {
    await deliveries.updateOne({ _id: id, state: 'due', expiresAt: { $lte: now } }, { $set: { state: 'moot' } });
    return deliveries.findOneAndUpdate(
      { _id: id, state: 'due' },
      { $set: { state: 'sending', sender } },
      { ...durable(deliveries), returnDocument: 'after' },
    );
  }

  /** The message in the chat that an earlier notice became, if it was sent. */
  async function messageOf(key: string, chatUserName: string): Promise<string | null> {
    const earlier = await deliveries.findOne({ _id: `${key}>${chatUserName}` }, { projection: { messageId: 1 } });
    return earlier?.messageId ?? null;
  }

  /** The message that says to all managers what this one would, if it was sent. */
  async function sharedMessage(shared: string): Promise<string | null> {
    const earlier = await deliveries.findOne({ shared, channel, state: 'sent' }, { projection: { messageId: 1 } });
    return earlier?.messageId ?? null;
  }

  /** Writes down what came of it, also when somebody has taken us for dead in between. */
  async function settle(id: string, sender: string, change: Change & { sentAt?: Date; pendingEffects?: true }) {
    const { retryAt, ...changed } = change;
    await deliveries.updateOne(
      { _id: id, sender, state: { $in: ['sending', 'unconfirmed'] } },
      {
        $set: { ...changed, ...(retryAt === undefined ? {} : { retryAt }) },
        ...(retryAt === undefined ? { $unset: { retryAt: true } } : {}),
      },
      durable(deliveries),
    );
  }

  /** A chat that cannot be reached gets none of what waits for it. */
  async function dropChat(chatId: string, reason: string): Promise<void> {
    await deliveries.updateMany(
      { channel, state: 'due', chatId },
      { $set: { state: 'undeliverable', error: reason } },
      durable(deliveries),
    );
  }

  /** Makes everything due that waits for its next try. */
  async function hasten(): Promise<void> {
    await deliveries.updateMany({ channel, state: 'due', retryAt: { $exists: true } }, { $unset: { retryAt: true } });
  }

  /**
   * What others were sending when they lost the role: it may have arrived. An urgent message is due again, because twice is
   * better than never, and so is a change of a card, which is the same twice. Answers how many stay unconfirmed.
   */
  async function leaveUnconfirmed(sender: string): Promise<number> {
    const ofOthers = { channel, state: 'sending' as const, sender: { $ne: sender } };
    await updateEvery(
      deliveries,
      { ...ofOthers, $or: [{ urgent: true }, { replaces: { $exists: true } }] },
      { $set: { state: 'due' } },
      durable(deliveries),
    );
    return updateEvery(deliveries, ofOthers, { $set: { state: 'unconfirmed' } }, durable(deliveries));
  }

  /** Whether anything is on its way, or could be by `realUntil`. */
  async function isBusy(now: Date, realUntil: number): Promise<boolean> {
    const isDue = async () => (await heads({ now, realNow: realUntil, limit: 1, exceptChats: [] })).length > 0;
    const isSending = async () => (await deliveries.countDocuments({ channel, state: 'sending' }, { limit: 1 })) > 0;
    // Counted in this order nothing slips by: what is due becomes what is being sent, and may become due again.
    return (await isDue()) || (await isSending()) || (await isDue());
  }

  /** How many are in each state, for health and metrics. */
  async function counts(): Promise<Record<DeliveryState, number>> {
    const states = ['due', 'sending', 'sent', 'unconfirmed', 'moot', 'undeliverable', 'failed'] as const;
    const found = await Promise.all(states.map((state) => deliveries.countDocuments({ channel, state })));
    const [due = 0, sending = 0, sent = 0, unconfirmed = 0, moot = 0, undeliverable = 0, failed = 0] = found;
    return { due, sending, sent, unconfirmed, moot, undeliverable, failed };
  }

  return { heads, claim, messageOf, sharedMessage, settle, dropChat, leaveUnconfirmed, hasten, isBusy, counts };
}

/** The query of `heads`; it follows the index, so chats need no sorting. */
export function headsPipeline(
  channel: Channel,
  { now, realNow, limit, exceptChats }: { now: Date; realNow: number; limit: number; exceptChats: string[] },
) {
  return [
    { $match: { channel, state: 'due', chatId: { $nin: exceptChats }, notBefore: { $lte: now } } },
    { $sort: { chatId: 1, order: 1 } },
    {
      $group: {
        _id: '$chatId',
        id: { $first: '$_id' },
        accountId: { $first: '$accountId' },
        order: { $first: '$order' },
        retryAt: { $first: '$retryAt' },
      },
    },
    { $match: { $or: [{ retryAt: { $exists: false } }, { retryAt: null }, { retryAt: { $lte: new Date(realNow) } }] } },
    { $sort: { order: 1 } },
    { $limit: limit },
    { $project: { _id: 0, id: 1, chatId: '$_id', accountId: 1 } },
  ];
}
