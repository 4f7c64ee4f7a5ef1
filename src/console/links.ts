import { type Account, type Channel, chatUser } from '../accounts/account.ts';
import { unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { updateEvery } from '../database/everyDocument.ts';
import { realMilliseconds } from '../kernel/clock.ts';
import { hashOf } from '../kernel/ids.ts';
import type { ConsoleStore, LinkDocument } from './store.ts';
import { isOver, isToken, newToken } from './token.ts';

/** A link is pressed in the chat that it came to, at once; what lies about is of no use. */
export const LINK_SECONDS = 60;
/** Links of a chat user in a minute. */
export const LINKS_A_MINUTE = 5;

const LINK_MS = LINK_SECONDS * 1_000;
const MINUTE_MS = 60_000;

/** Whom a link is for. */
export type ConsolePerson = { channel: Channel; userId: string };

export type LinkOutcome =
  | { kind: 'created'; token: string; expiresAt: Date }
  | { kind: 'too-many'; waitSeconds: number };

/** `again`: it was used before, and this is the first time that it is used once more. */
export type Taken = { kind: 'taken'; link: LinkDocument } | { kind: 'again'; link: LinkDocument } | { kind: 'invalid' };

/** The links into the console: a chat user has one at most that works, once. */
export function createConsoleLinks({ links }: Pick<ConsoleStore, 'links'>) {
  /** A new link in place of the person's unused one; the token is its secret part, and stored nowhere. */
  async function create(
    { channel, userId }: ConsolePerson,
    { accountId }: Pick<Account, 'accountId'>,
    now: Date,
  ): Promise<LinkOutcome> {
    const user = chatUser(channel, userId);
    const before = await refusal(user, LINKS_A_MINUTE - 1);
    if (before !== null) return before;
    const token = newToken();
    const expiresAt = new Date(now.getTime() + LINK_MS);
    const link: LinkDocument = {
      ...{ _id: idOf(token), user, channel, userId, accountId, expiresAt },
      ...{ storedAt: new Date(realMilliseconds()), isLive: true },
    };
    // Of two at once one comes later, and its link is the one that is live.
    do await updateEvery(links, { user, isLive: true }, { $unset: { isLive: '' } });
    while ((await unlessDuplicate(links.insertOne(link, durable(links)))) === null);
    // Counted once more with those of the same moment.
    const after = await refusal(user, LINKS_A_MINUTE);
    if (after === null) return { kind: 'created', token, expiresAt };
    await links.deleteOne({ _id: link._id });
    return after;
  }

  /** How long to wait, when there are more of the last minute than `most`. */
  async function refusal(user: string, most: number): Promise<Extract<LinkOutcome, { kind: 'too-many' }> | null> {
    const now = realMilliseconds();
    // One of later than now is of before the clock was set back, and holds nobody up until then.
    const lastMinute = { $gt: new Date(now - MINUTE_MS), $lte: new Date(now + MINUTE_MS) };
    const lately = links
      .find({ user, storedAt: lastMinute }, { projection: { storedAt: 1 } })
      .sort({ storedAt: -1 })
      .limit(most + 1);
    const oldest = (await lately.toArray())[most];
    if (oldest === undefined) return null;
    const waitMs = oldest.storedAt.getTime() + MINUTE_MS - now;
    return { kind: 'too-many', waitSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) };
  }

  /** Uses a link up for the session that is to be; of two at once the first has it. */
  async function take(token: string, sessionId: string, now: Date): Promise<Taken> {
    if (!isToken(token)) return { kind: 'invalid' };
    const _id = idOf(token);
    const link = await links.findOneAndUpdate(
      { _id, isLive: true },
      { $set: { usedBy: sessionId }, $unset: { isLive: '' } },
      { returnDocument: 'after', ...durable(links) },
    );
    // One that came too late is used up as well, but has made nothing that could be stolen.
    if (link !== null) return isOver(link, LINK_MS, now, realMilliseconds()) ? spoiled(link) : { kind: 'taken', link };
    const again = await links.findOneAndUpdate(
      { _id, usedBy: { $exists: true }, stolenAt: { $exists: false } },
      { $set: { stolenAt: now } },
      { returnDocument: 'after', ...durable(links) },
    );
    return again === null ? { kind: 'invalid' } : { kind: 'again', link: again };
  }

  async function spoiled({ _id }: LinkDocument): Promise<Taken> {
    await links.updateOne({ _id }, { $unset: { usedBy: '' } });
    return { kind: 'invalid' };
  }

  /** Whether a link that was taken has been used once more since. */
  async function isStolen({ _id }: LinkDocument): Promise<boolean> {
    return (await links.findOne({ _id, stolenAt: { $exists: true } }, { projection: { _id: 1 } })) !== null;
  }

  return { create, take, isStolen };
}

function idOf(token: string): string {
  return hashOf(`console-link:${token}`);
}
