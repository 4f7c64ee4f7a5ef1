import { inBatches } from '../kernel/group.ts';
import { chatUser, chatUserOf } from './account.ts';
import { LINK_CODE_MINUTES } from './linkCode.ts';
import type { AccountStore, LinkDocument } from './store.ts';

const BATCH = 500;

/** What the audit trail says that chats, and codes to link them with, came of. */
type Act = { actor: string; action: string; subject: string; before?: unknown; after?: unknown; at: Date };
type Trail = {
  all(actions: string[]): AsyncIterable<Act>;
  ofSubjects(subjects: string[], actions: string[]): Promise<Act[]>;
  beginsAt(): Promise<Date | null>;
};

/** Whom a chat user speaks for by the trail, and since when. */
type Linked = { accountId: string; at: Date };

/**
 * Compares who speaks for whom with the audit trail, in both directions, and codes that can still be used with the acts
 * that made them. A link from before there was a trail is a notice, not a difference. Memory grows with the number of
 * linked chats.
 */
export async function verifyLinks(
  { links, codes }: Pick<AccountStore, 'links' | 'codes'>,
  trail: Trail,
  now: Date,
): Promise<{ differences: string[]; notices: string[] }> {
  const recorded = await linkedByTrail(trail);
  const beginsAt = await trail.beginsAt();
  const differences: string[] = [];
  const notices: string[] = [];
  for await (const link of links.find({})) {
    const by = recorded.get(link._id);
    recorded.delete(link._id);
    if (by === undefined && beginsAt !== null && link.linkedAt < beginsAt) {
      notices.push(`chat_links/${link._id} speaks for ${link.accountId}, and was linked before the audit trail begins`);
    } else differences.push(...linkDifferences(link, by));
  }
  for (const [chat, { accountId, at }] of recorded) {
    differences.push(
      `chat_links/${chat} is missing: it was linked to ${accountId} on ${at.toISOString()}, and nobody ended that`,
    );
  }
  for await (const batch of inBatches(codes.find({ expiresAt: { $gt: now } }), BATCH)) {
    differences.push(...(await codeDifferences(batch, trail)));
  }
  return { differences, notices };
}

function linkDifferences(link: LinkDocument, by: Linked | undefined): string[] {
  const { _id, accountId, channel, userId, linkedAt } = link;
  const where = `chat_links/${_id}`;
  if (by === undefined) return [`${where} speaks for ${accountId}, and nobody ever linked it`];
  return [
    ...(by.accountId === accountId ? [] : [`${where} speaks for ${accountId}, but was linked to ${by.accountId}`]),
    ...(by.at.getTime() === linkedAt.getTime()
      ? []
      : [`${where}: linkedAt is ${linkedAt.toISOString()}, but it was linked on ${by.at.toISOString()}`]),
    ...(chatUser(channel, userId) === _id ? [] : [`${where} is of another chat user, ${chatUser(channel, userId)}`]),
  ];
}

/** Which chats are linked by what people did, in the order in which they did it. */
async function linkedByTrail(trail: Trail): Promise<Map<string, Linked>> {
  const linked = new Map<string, Linked>();
  for await (const act of trail.all(['chat.linked', 'chat.unlinked'])) {
    const accountId = act.subject.slice('account:'.length);
    for (const chat of chatsOf(act)) {
      if (act.action === 'chat.linked') linked.set(chat, { accountId, at: act.at });
      // Of a chat that has gone to another account meanwhile this one ends nothing.
      else if (linked.get(chat)?.accountId === accountId) linked.delete(chat);
    }
  }
  return linked;
}

/** The chats that an act links or ends: those that it names, or else the one that it was done from. */
function chatsOf({ actor, before, after }: Act): string[] {
  const { channel, userId, userIds } = { ...detailsOf(before), ...detailsOf(after) };
  if (channel === 'telegram' || channel === 'discord') {
    const ids = Array.isArray(userIds) ? userIds : [userId];
    return ids.map((id) => chatUser(channel, String(id)));
  }
  return [chatUserOf(actor)].filter((chat) => chat !== null);
}

function detailsOf(details: unknown): { channel?: unknown; userId?: unknown; userIds?: unknown } {
  return typeof details === 'object' && details !== null ? details : {};
}

/** Whoever has a code can act for its account, so each that can be used was asked for. */
async function codeDifferences(
  batch: { accountId: string; expiresAt: Date }[],
  trail: Pick<Trail, 'ofSubjects'>,
): Promise<string[]> {
  const subjects = [...new Set(batch.map(({ accountId }) => `account:${accountId}`))];
  const asked = new Set(
    (await trail.ofSubjects(subjects, ['account.link-code'])).map(({ subject, at }) => `${subject} ${at.getTime()}`),
  );
  return batch.flatMap(({ accountId, expiresAt }) => {
    const madeAt = expiresAt.getTime() - LINK_CODE_MINUTES * 60_000;
    if (asked.has(`account:${accountId} ${madeAt}`)) return [];
    return [`link_codes has a code for ${accountId}, valid until ${expiresAt.toISOString()}, that nobody asked for`];
  });
}
