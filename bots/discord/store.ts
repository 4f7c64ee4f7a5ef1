import { type Connection, Schema } from 'mongoose';

import { driverCollection } from '../../src/database/collection.ts';

/** The channel in which the bot writes to a person; `_id` is the bot's and the person's id. */
type DirectChannelDocument = { _id: string; channelId: string };

const directChannelSchema = new Schema<DirectChannelDocument>(
  { _id: { type: String, required: true }, channelId: { type: String, required: true } },
  { versionKey: false, strict: 'throw', autoIndex: false, autoCreate: false },
);

export type BotStore = ReturnType<typeof createBotStore>;

/** The bot's own data, on this connection, which must be open. */
export function createBotStore(connection: Connection, applicationId: string) {
  const channels = driverCollection(
    connection.model<DirectChannelDocument>('DiscordChannel', directChannelSchema, 'discord_channels'),
  );
  const idOf = (userId: string) => `${applicationId}:${userId}`;

  async function channelOf(userId: string): Promise<string | null> {
    return (await channels.findOne({ _id: idOf(userId) }))?.channelId ?? null;
  }

  async function keepChannel(userId: string, channelId: string): Promise<void> {
    await channels.updateOne({ _id: idOf(userId) }, { $set: { channelId } }, { upsert: true });
  }

  async function forgetChannel(userId: string): Promise<void> {
    await channels.deleteOne({ _id: idOf(userId) });
  }

  return { channelOf, keepChannel, forgetChannel };
}
