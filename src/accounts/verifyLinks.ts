import type { RecordedAct, Trail } from '../events/recordedAct.ts';
import { inBatches } from '../kernel/group.ts';
import { linesOn, linesOnAll } from '../kernel/lines.ts';
import { chatUser, type Link, linkName, linkOfActor } from './account.ts';
import { LINK_CODE_MINUTES } from './linkCode.ts';
import type { AccountStore, LinkDocument } from './store.ts';

const BATCH = 500;

type ReadTrail = Pick<Trail, 'all' | 'ofSubjects' | 'beginsAt'>;
type Store = Pick<AccountStore, 'accounts' | 'links' | 'codes'>;
type Verified = { differences: string[]; notices: string[] };

/**
 * Compares who speaks for whom with the audit trail, in both directions, and codes that can still be used with the acts
 * that made them. A link from before there was a trail is a notice, not a difference; those of an account that is erased have ended
 * with it.
 */
export async function verifyLinks(store: Store, trail: ReadTrail, now: Date): Promise<Verified> {
  const verified: Verified = { differences: [], notices: [] };
  await compareLinks(store, trail, verified);
  const nameOf = ({ subject }: RecordedAct) => `the chats of ${subject}`;
  const live = store.codes.find({ expiresAt: { $gt: now } });
  verified.differences.push(
    ...(await linesOnAll(trail.all([LINKED]), BATCH, nameOf, (acts) => missingLinks(acts, store, trail))),
    ...(await linesOnAll(
      live,
      BATCH,
      ({ _id }) => `link_codes/${_id}`,
      (codes) => codeDifferences(codes, trail),
    )),
  );
  return verified;
}

const LINKED = 'chat.linked';
const UNLINKED = 'chat.unlinked';

async function compareLinks(store: Store, trail: ReadTrail, { differences, notices }: Verified): Promise<void> {
  const beginsAt = await trail.beginsAt();
  for await (const batch of inBatches(store.links.find({}), BATCH)) {
    const acts = await lastActs(
      batch.map(({ accountId }) => accountId),
      trail,
    );
    const underWay = await beingLinked(
      batch.map(({ _id }) => _id),
      store,
    );
    const compare = ([link]: LinkDocument[]): string[] => {
      if (link === undefined) return [];
      const act = latest(namesOf(link).map((name) => acts.get(keyOf(name, link.accountId))));
      if (act === undefined && beginsAt !== null && link.linkedAt < beginsAt) {
        notices.push(
          `chat_links/${link._id} speaks for ${link.accountId}, and was linked before the audit trail begins`,
        );
        return [];
      }
      const isMoving = act?.action === UNLINKED && leaves(act, underWay.get(link._id));
      return isMoving ? [] : linkDifferences(link, act);
    };
    for (const link of batch) {
      differences.push(...(await linesOn([link], ({ _id }) => `chat_links/${_id}`, compare)));
    }
  }
}

/** Whether a chat moves at this moment: recorded already, as the account that it goes to is, and not done. */
function leaves(act: RecordedAct, code: { accountId: string } | undefined): boolean {
  return code !== undefined && detailsOf(act.after).movedTo === code.accountId;
}

function linkDifferences(link: LinkDocument, act: RecordedAct | undefined): string[] {
  const { _id, accountId, channel, userId, linkedAt } = link;
  const where = `chat_links/${_id}`;
  if (act === undefined) return [`${where} speaks for ${accountId}, and nobody ever linked it to that account`];
  if (act.action === UNLINKED) {
    return [`${where} speaks for ${accountId}, but that ended on ${act.at.toISOString()}`];
  }
  return [
    ...(act.at.getTime() === linkedAt.getTime()
      ? []
      : [`${where}: linkedAt is ${linkedAt.toISOString()}, but it was linked on ${act.at.toISOString()}`]),
    ...(chatUser(channel, userId) === _id ? [] : [`${where} is of another chat user, ${chatUser(channel, userId)}`]),
  ];
}

/** What was linked last, and never ended, is there, unless it is being done at this moment. */
async function missingLinks(batch: RecordedAct[], store: Store, trail: ReadTrail): Promise<string[]> {
  const acts = await lastActs(batch.map(accountOf), trail);
  const erased = await erasedAmong(batch.map(accountOf), store);
  const live = batch.flatMap((act) => {
    const last = namesOfActed(act).every((name) => acts.get(keyOf(name, accountOf(act)))?.key === act.key);
    const chat = chatOf(act);
    return last && chat !== null && !erased.has(accountOf(act)) ? [{ chat, act }] : [];
  });
  const chats = live.map(({ chat }) => chat);
  const found = await store.links.find({ _id: { $in: chats } }).toArray();
  const links = new Map(found.map((link) => [link._id, link]));
  const underWay = await beingLinked(chats, store);
  return live.flatMap(({ chat, act }) => {
    const link = links.get(chat);
    const code = underWay.get(chat);
    if (link?.accountId === accountOf(act)) return [];
    if (code !== undefined && act.key.startsWith(`${LINKED}:${code._id}:`)) return [];
    // It was linked anew after a crash had cut this off.
    if (link !== undefined && link.linkedAt > act.at) return [];
    return [
      `chat_links/${chat} is missing: it was linked to ${accountOf(act)} on ${act.at.toISOString()}, and nobody ended that`,
    ];
  });
}

/** Codes that somebody is linking one of these chats with, by the chat. */
async function beingLinked(
  chats: string[],
  { codes }: Store,
): Promise<Map<string, { _id: string; accountId: string }>> {
  const found = await codes.find({ usedBy: { $in: chats } }).toArray();
  return new Map(found.map(({ _id, accountId, usedBy = '' }) => [usedBy, { _id, accountId }]));
}

/** What was done last to each chat of these accounts: linked to the account, or ended. */
async function lastActs(accountIds: string[], trail: Pick<Trail, 'ofSubjects'>): Promise<Map<string, RecordedAct>> {
  const subjects = [...new Set(accountIds)].map((accountId) => `account:${accountId}`);
  const last = new Map<string, RecordedAct>();
  for (const act of await trail.ofSubjects(subjects, [LINKED, UNLINKED])) {
    for (const name of namesOfActed(act)) last.set(keyOf(name, accountOf(act)), act);
  }
  return last;
}

function accountOf({ subject }: Pick<RecordedAct, 'subject'>): string {
  return subject.slice('account:'.length);
}

function keyOf(chat: string, accountId: string): string {
  return `${chat} ${accountId}`;
}

/** The chat user that an act links, or whose link it ends; null where that is erased. */
function chatOf(act: RecordedAct): string | null {
  const { channel, userId } = { ...detailsOf(act.before), ...detailsOf(act.after) };
  return channel === 'telegram' || channel === 'discord' ? chatUser(channel, String(userId)) : null;
}

/**
 * The names of the link that an act begins or ends. An act of an earlier version, and one whose details are erased, has the link in the
 * name of the chat that it was done from; a link itself is begun from no other.
 */
function namesOfActed(act: RecordedAct): string[] {
  const { channel, link } = { ...detailsOf(act.before), ...detailsOf(act.after) };
  const chat = chatOf(act);
  const ofDetails =
    typeof link === 'string' && (channel === 'telegram' || channel === 'discord')
      ? linkName({ channel, ref: link })
      : null;
  const ofActor = chat === null || act.action === LINKED ? linkOfActor(act.actor) : null;
  return [chat, ofDetails, ofActor].filter((name) => name !== null);
}

function namesOf(link: Pick<Link, 'channel' | 'ref'> & { _id: string }): string[] {
  return [link._id, linkName(link)];
}

function latest(acts: (RecordedAct | undefined)[]): RecordedAct | undefined {
  return acts.reduce((last, act) => (last === undefined || (act !== undefined && act.order > last.order) ? act : last));
}

/** Which of these accounts are erased, or about to be: their links are gone. */
async function erasedAmong(accountIds: string[], { accounts }: Pick<Store, 'accounts'>): Promise<Set<string>> {
  const wanted = { _id: { $in: [...new Set(accountIds)] }, erasedAt: { $exists: true } };
  const found = await accounts.find(wanted, { projection: { _id: 1 } }).toArray();
  return new Set(found.map(({ _id }) => _id));
}

function detailsOf(details: unknown): { channel?: unknown; userId?: unknown; link?: unknown; movedTo?: unknown } {
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
