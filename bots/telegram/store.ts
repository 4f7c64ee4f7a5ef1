import { type Connection, Schema } from 'mongoose';
import type { Update } from 'telegraf/types';
import { driverCollection } from '../../src/database/collection.ts';
import { durable } from '../../src/database/durable.ts';
import { realMilliseconds } from '../../src/kernel/clock.ts';
import { storedUpdate } from './storedUpdate.ts';

/**
 * An update, until it is handled; its id for a week after, so that a repeated one is known. `_id` is the bot's id and the
 * update's: another bot counts its updates anew.
 */
export type UpdateDocument = {
  _id: string;
  updateId: number;
  chatId: string;
  update?: Update;
  state: 'received' | 'handled';
  /** People who are linked are served first. */
  lane: Lane;
  /** Too much came of this chat: it is told so, and the update has no other effect. */
  slowDown?: true;
  receivedAt: Date;
};

export type Lane = (typeof LANES)[keyof typeof LANES];
export const LANES = { linked: 0, newcomer: 1, stranger: 2 } as const;

/** An update that was let in. */
export type Admitted = { update: Update; lane: Lane; slowDown?: true };

/** One that is still to be handled. */
export type ReceivedUpdate = Pick<UpdateDocument, '_id' | 'chatId' | 'lane' | 'slowDown'> & { update: Update };

const OPTIONS = { versionKey: false, strict: 'throw', autoIndex: false, autoCreate: false } as const;
const WEEK_SECONDS = 7 * 86_400;

const updateSchema = new Schema<UpdateDocument>(
  {
    _id: { type: String, required: true },
    updateId: { type: Number, required: true },
    chatId: String,
    update: Schema.Types.Mixed,
    state: { type: String, required: true },
    lane: { type: Number, required: true },
    slowDown: Boolean,
    receivedAt: { type: Date, required: true },
  },
  OPTIONS,
)
  .index({ state: 1, lane: 1, updateId: 1 })
  .index({ receivedAt: 1 }, { expireAfterSeconds: WEEK_SECONDS });

export type BotStore = ReturnType<typeof createBotStore>;

/** The bot's own data, on this connection, which must be open. */
export function createBotStore(connection: Connection, botId: string) {
  const updates = driverCollection(
    connection.model<UpdateDocument>('TelegramUpdate', updateSchema, 'telegram_updates'),
  );

  /** Stores updates durably; one that is here already stays as it is. Answers how many are new. */
  async function receive(list: Admitted[]): Promise<number> {
    if (list.length === 0) return 0;
    const receivedAt = new Date(realMilliseconds());
    const { upsertedCount } = await updates.bulkWrite(
      list.map(({ update, lane, slowDown }) => ({
        updateOne: {
          filter: { _id: `${botId}:${update.update_id}` },
          update: {
            $setOnInsert: {
              updateId: update.update_id,
              chatId: chatIdOf(update),
              update: storedUpdate(update),
              state: 'received',
              lane,
              ...(slowDown === undefined ? {} : { slowDown }),
              receivedAt,
            },
          },
          upsert: true,
        },
      })),
      { ordered: false, ...durable(updates) },
    );
    return upsertedCount;
  }

  /**
   * Updates that are not handled yet, those of linked people first, then oldest first, without these chats: updates of one
   * chat go one after the other.
   */
  async function unhandled(limit: number, exceptChats: string[]): Promise<ReceivedUpdate[]> {
    const found = await updates
      .find({ state: 'received', chatId: { $nin: exceptChats } })
      .sort({ lane: 1, updateId: 1 })
      .limit(limit)
      .toArray();
    return found.flatMap(({ update, ...rest }) => (update === undefined ? [] : [{ ...rest, update }]));
  }

  async function markHandled(id: string): Promise<void> {
    const handled = { $set: { state: 'handled' }, $unset: { update: '', chatId: '' } } as const;
    await updates.updateOne({ _id: id }, handled, durable(updates));
  }

  async function hasUnhandled(): Promise<boolean> {
    return (await updates.countDocuments({ state: 'received' }, { limit: 1 })) > 0;
  }

  return { receive, unhandled, markHandled, hasUnhandled };
}

/** The chat whose updates go in order. An unknown or malformed update belongs to none. */
function chatIdOf(update: Update): string {
  if ('message' in update) return String(update.message?.chat?.id ?? 'other');
  if ('callback_query' in update) return String(update.callback_query?.from?.id ?? 'other');
  if ('my_chat_member' in update) return String(update.my_chat_member?.chat?.id ?? 'other');
  return 'other';
}
