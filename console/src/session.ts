import { RefusedError } from '../../client/errors.ts';
import { createTransport, type Transport } from '../../client/transport.ts';

export type Role = 'manager' | 'model' | 'marketer' | 'affiliate';
export type Scope = 'read' | 'invoices' | 'sanctions' | 'orders' | 'payouts.prepare' | 'payouts.approve' | 'admin';

/** Who is there, as the service says (`GET /console/session`). */
export type Session = {
  account: { accountId: string; role: Role; name: string };
  scopes: Scope[];
  language: string;
  locale: string;
  timeZone: string;
  currency: string;
  /** How many decimals its amounts have. */
  currencyDecimals?: number;
  expiresAt: string;
  /** The service's clock, which may stand elsewhere than the browser's. */
  now: string;
  /** What pages need of the numbers of the business. */
  policy: Record<string, unknown>;
  pages: { rules?: string; topUp?: string };
  /** Only inside Telegram, where no cookie is sent: every call bears it, and it is kept in memory alone. */
  token?: string;
};

/** How the page was opened: by a link of the chat, inside Telegram, or with the cookie of before. */
export type WayIn = { link: string } | { initData: string } | { cookie: true };

/** Every call but a GET needs it: no form of another page can send it. */
const CONSOLE_HEADER = { 'settlebot-console': '1' };

/**
 * Opens or continues the session, by its token where no cookie is sent. Null when there is none: the link was used, ran out, or the session has ended. Throws
 * UnavailableError when the service does not answer.
 */
export async function openSession(wayIn: WayIn, origin: string, token?: string): Promise<Session | null> {
  const once = createTransport({ url: origin, retry: { attempts: 1 } });
  try {
    if ('link' in wayIn) return await ask(once, 'POST', '/console/session', { token: wayIn.link });
    if ('initData' in wayIn) return await ask(once, 'POST', '/console/session/telegram', wayIn);
    const patient = createTransport({ url: origin, retry: { attempts: 3 } });
    return await ask(patient, 'GET', '/console/session', undefined, token);
  } catch (error) {
    if (error instanceof RefusedError) return null;
    throw error;
  }
}

/** Ends the session of this page. */
export async function endSession(token: string | undefined, origin: string): Promise<void> {
  await ask(createTransport({ url: origin, retry: { attempts: 2 } }), 'DELETE', '/console/session', undefined, token);
}

function ask<T>(
  transport: Transport,
  method: string,
  path: string,
  body?: Record<string, string>,
  token?: string,
): Promise<T> {
  const headers = {
    ...headersOf(token),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  return transport.persistently(
    () =>
      transport.exchange({ path, init }, {}, async (response) => {
        if (!response.ok) return transport.refusalOrAgain(response);
        return { done: (response.status === 204 ? undefined : await response.json()) as T };
      }),
    {},
  );
}

/** What tells the service whose call it is: the cookie goes by itself, a token in a header. */
export function headersOf(token: string | undefined): Record<string, string> {
  return token === undefined ? CONSOLE_HEADER : { ...CONSOLE_HEADER, 'settlebot-session': token };
}

/** Once an hour an answer bears the next token, where the page keeps it: soon the one before ends the session. */
export function keepToken(session: Pick<Session, 'token'>, { headers }: Response): void {
  const next = headers.get('settlebot-session');
  if (next !== null) session.token = next;
}

/** Whether two are of one person who may do the same: what was read for the one may be shown to the other. */
export function hasSameRights(one: Session, other: Session): boolean {
  return rightsOf(one) === rightsOf(other);
}

function rightsOf({ account, scopes }: Session): string {
  return JSON.stringify([account.accountId, account.role, [...scopes].sort()]);
}

/** Whether a session may do what needs a scope, as src/rights/scope.ts has it; without one, everybody of the role may. */
export function allows({ scopes }: Pick<Session, 'scopes'>, scope: Scope | undefined): boolean {
  if (scope === undefined) return true;
  return scopes.includes('admin') || scopes.includes(scope) || (scope === 'read' && scopes.length > 0);
}
