import type { Notice } from '../notices/messages/notice.ts';
import type { Ended } from './endings.ts';
import type { CurrentSession } from './sessions.ts';

/** To every chat of the account: somebody is in the console as its person. Once for each session, and never later than that. */
export function openedNotice({ session, account: { accountId } }: CurrentSession, now: Date): Notice {
  const { sessionId, way, network, agent, openedAt, expiresAt } = session;
  return {
    ...{ key: `account:${accountId}:console_opened:${sessionId}`, accountId, ...AT_ONCE, at: now },
    ...{ kind: 'account.console_opened', data: { sessionId, way, network, agent, openedAt, expiresAt } },
  };
}

/** To every chat of the account: what opens the console was used by two, so that what they had opened is ended. */
export function stolenNotice({ session, cause }: Ended, now: Date): Notice {
  const { _id: sessionId, accountId, network, agent, openedAt } = session;
  const what = cause === 'link-used-again' ? 'link' : 'copy';
  return {
    ...{ key: `account:${accountId}:console_link_reused:${sessionId}`, accountId, ...AT_ONCE, at: now },
    ...{ kind: 'account.console_link_reused', data: { sessionId, what, network, agent, openedAt, endedAt: now } },
  };
}

const AT_ONCE = { urgent: true, toAllChats: true as const };
