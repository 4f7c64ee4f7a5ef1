import type { Connection } from 'mongoose';
import { unlessDuplicate } from '../../database/duplicates.ts';
import { durable } from '../../database/durable.ts';
import { hashOf } from '../../kernel/ids.ts';
import { type ContactDocument, createContactStore } from './store.ts';

/** A message of one person to another, by way of the service; `replyTo` is the message that it answers. */
export type Contact = { fromId: string; toId: string; text: string; replyTo?: string };

export type Contacts = ReturnType<typeof createContacts>;

/** How long after the button the next words are taken as the reply, in minutes of the service's clock. */
export const REPLY_MINUTES = 15;

/** Messages between managers and other people. The connection must be open. */
export function createContacts(connection: Connection) {
  const contacts = createContactStore(connection);

  /** Stores a message; answers its id. The same words to the same person are one message a day. */
  async function store(contact: Contact, now: Date): Promise<string> {
    const { fromId, toId, text, replyTo = '' } = contact;
    const day = now.toISOString().slice(0, 'YYYY-MM-DD'.length);
    const id = `msg-${hashOf(JSON.stringify([fromId, toId, text, replyTo, day])).slice(0, ID_LENGTH)}`;
    await unlessDuplicate(contacts.insertOne({ _id: id, ...contact, at: now }, durable(contacts)));
    return id;
  }

  /** A message that was sent to this account, or null. */
  async function received(id: string, accountId: string): Promise<ContactDocument | null> {
    return contacts.findOne({ _id: id, toId: accountId });
  }

  /** The next words of this chat user are the reply to that message, and to no other. */
  async function awaitReply(id: string, user: string, now: Date): Promise<void> {
    await stopAwaiting(user);
    const until = new Date(now.getTime() + REPLY_MINUTES * 60_000);
    await contacts.updateOne({ _id: id }, { $set: { awaiting: { user, until } } });
  }

  /** The message whose reply this chat user is writing, or null. */
  async function awaited(user: string, now: Date): Promise<string | null> {
    return (await contacts.findOne({ 'awaiting.user': user, 'awaiting.until': { $gt: now } }))?._id ?? null;
  }

  async function stopAwaiting(user: string): Promise<void> {
    await contacts.updateMany({ 'awaiting.user': user }, { $unset: { awaiting: '' } });
  }

  return { store, received, awaitReply, awaited, stopAwaiting };
}

const ID_LENGTH = 16;
