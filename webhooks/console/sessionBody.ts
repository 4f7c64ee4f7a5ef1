import type { CurrentSession, SessionView } from '../../src/console/sessions.ts';
import { defaultPolicy, type Policy } from '../../src/policy.ts';
import type { Scope } from '../../src/rights/scope.ts';
import { languageOf } from '../../src/texts/languages.ts';
import type { DisplayContext } from '../../src/texts/speech.ts';

type Around = { scopes: readonly Scope[]; platform: DisplayContext; policy?: Policy; now: Date };

/** Who is in the console, and what the pages need to know to show anything: as they are now. */
export function sessionBody({ account, session }: CurrentSession, { scopes, platform, policy, now }: Around) {
  const { accountId, role, name, reads } = account;
  const { promises, payouts, trust } = policy ?? defaultPolicy;
  return {
    account: { accountId, role, name },
    scopes: [...scopes],
    language: languageOf(reads) ?? 'en',
    locale: reads,
    timeZone: account.timeZone ?? platform.timeZone,
    platformTimeZone: platform.timeZone,
    currency: platform.currency,
    sessionId: session.sessionId,
    expiresAt: session.expiresAt.toISOString(),
    now: now.toISOString(),
    policy: { askAbove: payouts.askAbove, approvals: payouts.approvals, promises, trustStart: trust.start },
    pages: platform.pages ?? {},
  };
}

/** One of a person's sessions, as they tell it from others. */
export function listedSession({ openedAt, lastUsedAt, expiresAt, ...rest }: SessionView, currentId: string) {
  const { sessionId, channel, way, network, agent } = rest;
  return {
    ...{ sessionId, channel, way, network, agent, isCurrent: sessionId === currentId },
    openedAt: openedAt.toISOString(),
    lastUsedAt: lastUsedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}
