import { chatActor, type Link, type LinkedAccount } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit/audit.ts';
import { durable } from '../database/durable.ts';
import { type Clock, realMilliseconds } from '../kernel/clock.ts';
import { randomToken } from '../kernel/ids.ts';
import { isSecret, type StoredSecret, secretOf } from '../rights/apiKey.ts';
import { shortAgent } from './agent.ts';
import { createEndings, type Ended, SERVICE } from './endings.ts';
import type { ConsolePerson, createConsoleLinks } from './links.ts';
import type { ConsoleStore, SessionDocument, Way } from './store.ts';
import { isOver, isToken, newToken } from './token.ts';

export const SESSION_HOURS = 8;
/** Of an account at a time: one more ends the oldest. */
export const SESSIONS_OF_AN_ACCOUNT = 10;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SESSION_MS = SESSION_HOURS * HOUR_MS;
/** A token is good for so long, and then for what was on its way with it. */
const ROTATION = { afterMs: HOUR_MS, graceMs: MINUTE_MS };

/** Whence somebody comes: their network, and what their browser says that it is. */
export type From = { network: string; userAgent: string };

/** What a person is shown of a session of theirs. */
export type SessionView = {
  sessionId: string;
  accountId: string;
  channel: SessionDocument['channel'];
  way: Way;
  openedAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
  network: string;
  /** As "Firefox, Windows"; empty when it is neither that we know. */
  agent: string;
};

/** A session with the account that its chat speaks for now. Roles and scopes are read of that, at each call. */
export type CurrentSession = {
  session: SessionView;
  account: LinkedAccount;
  person: ConsolePerson & Pick<Link, 'chatId'>;
  /** Who acts, as from the chat. */
  actor: string;
  /** The token that takes the place of the one that was presented, where that is an hour old. */
  nextToken?: string;
};

export type Opened = { kind: 'opened'; token: string } & CurrentSession;
/** `invalid`: unknown, too late, replaced by a later one, or used before. `not-linked`: the chat speaks for nobody now. */
export type OpenOutcome = Opened | { kind: 'invalid' } | { kind: 'not-linked' };

/** What others do once something has happened to a session. */
export type SessionHooks = {
  onOpened?: (opened: CurrentSession, now: Date) => Promise<void>;
  /** A link was used a second time, or a token long after it was rotated; the session is ended. */
  onStolen?: (ended: Ended, now: Date) => Promise<void>;
};

/** Who is in the console, and until when. */
export function createSessions(
  store: ConsoleStore,
  deps: {
    accounts: Pick<Accounts, 'byLink' | 'linkOf'>;
    links: ReturnType<typeof createConsoleLinks>;
    audit: Pick<Audit, 'record'>;
    clock: Clock;
  } & SessionHooks,
) {
  const { accounts, links, audit, clock } = deps;
  const { sessions } = store;
  const endings = createEndings(sessions, { audit, onStolen: deps.onStolen });

  /** Opens a session with a link's token, once; used again it ends what it has opened. */
  async function redeem(token: string, from: From): Promise<OpenOutcome> {
    const now = clock.now();
    const sessionId = randomToken();
    const taken = await links.take(token, sessionId, now);
    if (taken.kind === 'again') await endOfLink(taken.link.usedBy, now);
    if (taken.kind !== 'taken') return { kind: 'invalid' };
    const { channel, userId, accountId } = taken.link;
    const opened = await open(sessionId, { channel, userId }, { accountId, from, way: 'link' }, now);
    if (opened.kind !== 'opened' || !(await links.isStolen(taken.link))) return opened;
    // Used once more before there was a session to end.
    await endOfLink(sessionId, now);
    return { kind: 'invalid' };
  }

  /** Opens a session for a chat user whose word is proven already, as Telegram proves it. */
  async function openFor({ channel, userId }: ConsolePerson, from: From): Promise<OpenOutcome> {
    return open(randomToken(), { channel, userId }, { from, way: 'telegram' }, clock.now());
  }

  async function open(
    sessionId: string,
    person: ConsolePerson,
    { accountId, from, way }: { accountId?: string; from: From; way: Way },
    now: Date,
  ): Promise<OpenOutcome> {
    const link = await accounts.linkOf(person.channel, person.userId);
    const account = await accounts.byLink(person.channel, person.userId);
    if (link === null || account === null || account.isErased === true) return { kind: 'not-linked' };
    // The chat may have come to speak for another account since the link was made, or between the two reads.
    if (account.accountId !== (accountId ?? link.accountId)) return { kind: 'not-linked' };
    const token = newToken();
    const { channel, userId, ref, linkedAt } = link;
    const session: SessionDocument = {
      ...{ _id: sessionId, accountId: account.accountId, channel, userId, ref, linkedAt, way },
      ...{ secrets: [secretOf(token)], openedAt: now, rotatedAt: now, lastUsedAt: now },
      ...{ expiresAt: new Date(now.getTime() + SESSION_MS), storedAt: new Date(realMilliseconds()) },
      ...{ network: from.network, agent: shortAgent(from.userAgent) },
    };
    const actor = chatActor(account.accountId, { channel, ref });
    await audit.record({
      ...{ key: `console.opened:${sessionId}`, actor, action: 'console.opened', at: now },
      ...{ subject: `account:${account.accountId}`, after: { sessionId, way } },
    });
    await sessions.insertOne(session, durable(sessions));
    await endBeyond(account.accountId, now);
    const current = { session: viewOf(session), account, person: { channel, userId, chatId: link.chatId }, actor };
    await deps.onOpened?.(current, now);
    return { kind: 'opened', token, ...current };
  }

  async function endBeyond(accountId: string, now: Date): Promise<void> {
    const newest = sessions.find({ accountId, ended: { $exists: false } }).sort({ openedAt: -1, _id: 1 });
    for (const { _id } of await newest.skip(SESSIONS_OF_AN_ACCOUNT).toArray()) {
      await endings.end({ _id }, { cause: 'too-many', by: SERVICE, at: now });
    }
  }

  async function endOfLink(sessionId: string | undefined, now: Date): Promise<void> {
    if (sessionId !== undefined) {
      await endings.end({ _id: sessionId }, { cause: 'link-used-again', by: SERVICE, at: now });
    }
  }

  /** Whose session a token is, read anew; null for none, or one that is over. Whatever makes it one ends it for good. */
  async function of(token: string): Promise<CurrentSession | null> {
    if (!isToken(token)) return null;
    const now = clock.now();
    const presented = secretOf(token);
    const found = await sessions.findOne({ 'secrets.fingerprint': presented.fingerprint });
    const known = found?.secrets.find(({ fingerprint }) => fingerprint === presented.fingerprint);
    if (!isSecret(known, presented) || found === null || known === undefined || found.ended !== undefined) return null;
    if (known.until !== null && known.until <= now) {
      await endings.end(found, { cause: 'old-token', by: SERVICE, at: now });
      return null;
    }
    const current = await standing(found, now);
    if (current === null) return null;
    const nextToken = await noteUse(found, known, now);
    return nextToken === undefined ? current : { ...current, nextToken };
  }

  /** The same of a session that is known already, for whoever stays connected: it is no use of it, and changes no token. */
  async function still(sessionId: string): Promise<CurrentSession | null> {
    const found = await sessions.findOne({ _id: sessionId, ended: { $exists: false } });
    return found === null ? null : standing(found, clock.now());
  }

  /** The session with its account, unless it is over: then it is ended. */
  async function standing(found: SessionDocument, now: Date): Promise<CurrentSession | null> {
    const { channel, userId, ref } = found;
    const [link, account] = await Promise.all([accounts.linkOf(channel, userId), accounts.byLink(channel, userId)]);
    const cause = causeOf(found, link, account, now);
    if (cause !== null || link === null || account === null) {
      await endings.end(found, { cause: cause ?? 'chat-unlinked', by: SERVICE, at: now });
      return null;
    }
    const actor = chatActor(account.accountId, { channel, ref });
    return { session: viewOf(found), account, person: { channel, userId, chatId: link.chatId }, actor };
  }

  /** Notes the minute, and changes the token once it is an hour old: of two calls at once one has the new one. */
  async function noteUse(found: SessionDocument, known: StoredSecret, now: Date): Promise<string | undefined> {
    const { _id, secrets } = found;
    const isOld = known.until === null && now.getTime() - found.rotatedAt.getTime() >= ROTATION.afterMs;
    if (!isOld) {
      const isNoted = now.getTime() - found.lastUsedAt.getTime() < MINUTE_MS;
      if (!isNoted) await sessions.updateOne({ _id, lastUsedAt: { $lt: now } }, { $set: { lastUsedAt: now } });
      return undefined;
    }
    const token = newToken();
    const until = new Date(now.getTime() + ROTATION.graceMs);
    const rotated = secrets.map((secret) => ({ ...secret, until: secret.until ?? until }));
    const { modifiedCount } = await sessions.updateOne(
      { _id, 'secrets.0.hash': known.hash, ended: { $exists: false } },
      { $set: { secrets: [secretOf(token), ...rotated], rotatedAt: now, lastUsedAt: now } },
      durable(sessions),
    );
    return modifiedCount === 1 ? token : undefined;
  }

  /** An account's sessions that are not over, the newest first. */
  async function list(accountId: string): Promise<SessionView[]> {
    const now = clock.now();
    const found = await sessions
      .find({ accountId, ended: { $exists: false } })
      .sort({ openedAt: -1, _id: 1 })
      .toArray();
    const views: SessionView[] = [];
    for (const session of found) if ((await standing(session, now)) !== null) views.push(viewOf(session));
    return views;
  }

  /** Ends one of an account's sessions; whether there was one. `by`: who does so, as the trail names them. */
  async function end(accountId: string, sessionId: string, by: string = accountId): Promise<boolean> {
    return endings.end({ _id: sessionId, accountId }, { cause: 'ended', by, at: clock.now() });
  }

  /** Ends all of an account; answers how many there were. */
  async function endAll(accountId: string, by: string = accountId): Promise<number> {
    return endings.endEvery(accountId, { cause: 'ended', by, at: clock.now() });
  }

  /** Ends all of an account whose person is erased. */
  async function endErased(accountId: string): Promise<number> {
    return endings.endEvery(accountId, { cause: 'erased', by: SERVICE, at: clock.now() });
  }

  /** Ends the one that somebody is in. */
  async function signOut({ session, actor }: Pick<CurrentSession, 'session' | 'actor'>): Promise<boolean> {
    return endings.end({ _id: session.sessionId }, { cause: 'signed-out', by: actor, at: clock.now() });
  }

  return { redeem, openFor, of, still, list, end, endAll, endErased, signOut, unfinished: endings.unfinishedBy(clock) };
}

/** Why a session is over by now, or null. */
function causeOf(found: SessionDocument, link: Link | null, account: LinkedAccount | null, now: Date) {
  if (isOver(found, SESSION_MS, now, realMilliseconds())) return 'expired' as const;
  if (account?.isErased === true) return 'erased' as const;
  const isSame =
    account?.accountId === found.accountId &&
    link?.ref === found.ref &&
    link.linkedAt.getTime() === found.linkedAt.getTime();
  return isSame ? null : ('chat-unlinked' as const);
}

function viewOf(session: SessionDocument): SessionView {
  const { _id, accountId, channel, way, openedAt, lastUsedAt, expiresAt, network, agent } = session;
  return { sessionId: _id, accountId, channel, way, openedAt, lastUsedAt, expiresAt, network, agent };
}
