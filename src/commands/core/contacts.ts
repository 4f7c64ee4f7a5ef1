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

/** How many messages one person may write to another within an hour: each is read by a person, and none is left out. */
export const CONTACTS_AN_HOUR = 20;
const HOUR_MS = 3_600_000;

/** Messages between managers and other people. The connection must be open. */
export function createContacts(connection: Connection) {
  const contacts = createContactStore(connection);

  /**
   * Stores a message; answers its id, or from when on the next one is taken. The same words to the same person are one
   * message a day.
   */
  async function store(contact: Contact, now: Date): Promise<{ id: string } | { notBefore: Date }> {
    const { fromId, toId, text, replyTo = '' } = contact;
    const day = now.toISOString().slice(0, 'YYYY-MM-DD'.length);
    const id = `msg-${hashOf(JSON.stringify([fromId, toId, text, replyTo, day])).slice(0, ID_LENGTH)}`;
    const notBefore = await nextAfter({ fromId, toId }, id, now);
    if (notBefore !== null) return { notBefore };
    await unlessDuplicate(contacts.insertOne({ _id: id, ...contact, at: now }, durable(contacts)));
    return { id };
  }

  /** When somebody who wrote as often as one may can write to the same person again, or null; `id` alone is no more than it was. */
  async function nextAfter(sides: Pick<Contact, 'fromId' | 'toId'>, id: string, now: Date): Promise<Date | null> {
    const latest = await contacts
      .find({ ...sides, at: { $gt: new Date(now.getTime() - HOUR_MS) } }, { projection: { at: 1 } })
      .sort({ at: -1 })
      .limit(CONTACTS_AN_HOUR)
      .toArray();
    const oldest = latest.at(-1);
    if (oldest === undefined || latest.length < CONTACTS_AN_HOUR) return null;
    return latest.some(({ _id }) => _id === id) ? null : new Date(oldest.at.getTime() + HOUR_MS);
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
