import { type Connection, Schema } from 'mongoose';
import { driverCollection } from '../src/database/collection.ts';
import { insertIgnoringDuplicates } from '../src/database/duplicates.ts';
import { durable } from '../src/database/durable.ts';
import { hashOf } from '../src/kernel/ids.ts';

/** A command too long for a button of its channel, named by `key` there; to be stored before the button is shown. */
export type StoredCallback = { key: string; command: string };

/** `_id` is the hash of the command. */
type LongCommandDocument = { _id: string; command: string };

const longCommandSchema = new Schema<LongCommandDocument>(
  { _id: { type: String, required: true }, command: { type: String, required: true } },
  { versionKey: false, strict: 'throw', autoIndex: false, autoCreate: false },
);

const KEY_LENGTH = 32;

export type CallbackStore = ReturnType<typeof createCallbackStore>;

/** The stored commands of all channels, on this connection, which must be open. */
export function createCallbackStore(connection: Connection) {
  const commands = driverCollection(
    connection.model<LongCommandDocument>('LongCommand', longCommandSchema, 'long_commands'),
  );

  async function storeCallbacks(list: StoredCallback[]): Promise<void> {
    const documents = list.map(({ key, command }) => ({ _id: key, command }));
    await insertIgnoringDuplicates(commands, documents, durable(commands));
  }

  /** The command that a button's data stands for; null when it names one that is not known. */
  async function commandOf(data: string): Promise<string | null> {
    if (!data.startsWith('#')) return data;
    const found = await commands.findOne({ _id: data.slice(1) });
    return found?.command ?? null;
  }

  return { storeCallbacks, commandOf };
}

/** The data of a button: the command itself if it fits, else its key, which is added to `callbacks`. */
export function buttonData(command: string, fits: boolean, callbacks: StoredCallback[]): string {
  if (fits) return command;
  const key = hashOf(command).slice(0, KEY_LENGTH);
  callbacks.push({ key, command });
  return `#${key}`;
}
