import type { Context, MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { z } from 'zod';

import type { Opened, OpenOutcome } from '../../src/console/sessions.ts';
import type { Policy } from '../../src/policy.ts';
import type { ApiApp, ApiDeps, ApiEnv } from '../dependencies.ts';
import { isJson } from '../middleware/contentType.ts';
import {
  enterBySession,
  fromOf,
  giveCookie,
  presentedSession,
  requireOwnPage,
  takeCookie,
  wrongSession,
} from '../middleware/session.ts';
import type { WrongKeys } from '../middleware/wrongKeys.ts';
import { HttpProblem } from '../problem.ts';
import { addPages, type Pages } from './pages.ts';
import { listedSession, sessionBody } from './sessionBody.ts';

export type ConsoleDeps = Pick<ApiDeps, 'console' | 'consoleUrl' | 'scopesOf' | 'clock' | 'platform'> & {
  policy?: Policy;
  /** The Telegram user that a page's `initData` proves, or null. */
  telegramUser?: ((initData: string) => Promise<string | null>) | undefined;
};

const linkBody = z.strictObject({ token: z.string().max(200) });
const telegramBody = z.strictObject({ initData: z.string().max(8_192) });

/**
 * The console (docs/console.md): its pages, and the calls by which somebody gets in and out. Everything else that it shows and does is
 * the API's.
 */
export function addConsole(
  app: ApiApp,
  deps: ConsoleDeps,
  parts: { pages: Pages; wrongKeys: WrongKeys; counted: MiddlewareHandler<ApiEnv>; bounded: MiddlewareHandler<ApiEnv> },
): void {
  const { clock, consoleUrl } = deps;
  const { sessions } = deps.console;
  const { wrongKeys } = parts;
  const enter = enterBySession(deps, wrongKeys);
  const inside = createMiddleware<ApiEnv>(async (c, next) => {
    const presented = presentedSession(c);
    if (presented === undefined) throw new HttpProblem(401, 'Nobody is in: /console in the chat opens a session.');
    return enter(c, presented, next);
  });
  // Each is the address itself and what is below it.
  for (const path of ['/console/session/*', '/console/sessions/*']) {
    app.use(path, parts.counted, NOT_KEPT, parts.bounded);
  }

  app.post('/console/session', async (c) => {
    requireOwnPage(c, consoleUrl);
    const { token } = await readBody(c, linkBody);
    const opened = openedOf(await sessions.redeem(token, fromOf(c)));
    if (opened === null) throw await wrongSession(c, wrongKeys, 'The link opens nothing: /console makes another.');
    giveCookie(c, opened.token, { expiresAt: opened.session.expiresAt, now: clock.now() });
    return c.json(await bodyOf(opened), 200);
  });

  app.post('/console/session/telegram', async (c) => {
    requireOwnPage(c, consoleUrl);
    const { initData } = await readBody(c, telegramBody);
    const userId = (await deps.telegramUser?.(initData)) ?? null;
    const opened =
      userId === null ? null : openedOf(await sessions.openFor({ channel: 'telegram', userId }, fromOf(c)));
    if (opened === null) throw await wrongSession(c, wrongKeys, 'Telegram does not say who this is.');
    // Inside Telegram a cookie would be another site's: the page keeps the token for as long as it is open.
    return c.json({ ...(await bodyOf(opened)), token: opened.token }, 200);
  });

  app.get('/console/session', inside, async (c) => c.json(await bodyOf(current(c)), 200));

  app.delete('/console/session', inside, async (c) => {
    await sessions.signOut(current(c));
    signedOut(c);
    return c.body(null, 204);
  });

  app.get('/console/sessions', inside, async (c) => {
    const { account, session } = current(c);
    const items = await sessions.list(account.accountId);
    return c.json({ items: items.map((one) => listedSession(one, session.sessionId)) }, 200);
  });

  app.delete('/console/sessions/:id', inside, async (c) => {
    const { account, session, actor } = current(c);
    const id = c.req.param('id');
    if (!(await sessions.end(account.accountId, id, actor))) throw new HttpProblem(404, 'There is no such session.');
    if (id === session.sessionId) signedOut(c);
    return c.body(null, 204);
  });

  addPages(app, parts.pages);

  async function bodyOf(who: Parameters<typeof sessionBody>[0]) {
    return sessionBody(who, { ...deps, scopes: await deps.scopesOf(who.account), now: clock.now() });
  }
}

function current(c: Context<ApiEnv>) {
  const { session } = c.var;
  if (session === undefined) throw new HttpProblem(401, 'Nobody is in.');
  return session;
}

function signedOut(c: Context<ApiEnv>): void {
  c.set('hasSignedOut', true);
  takeCookie(c);
}

function openedOf(outcome: OpenOutcome): Opened | null {
  return outcome.kind === 'opened' ? outcome : null;
}

/** What is said here is of one person. */
const NOT_KEPT = createMiddleware<ApiEnv>(async (c, next) => {
  await next();
  c.header('cache-control', 'no-store');
});

async function readBody<T>(c: Context<ApiEnv>, schema: z.ZodType<T>): Promise<T> {
  if (!isJson(c.req.header('content-type'))) throw new HttpProblem(415, 'The body must be application/json in UTF-8.');
  const parsed = schema.safeParse(parseJson(await c.req.text()));
  if (parsed.success) return parsed.data;
  // What was sent may be a token, so it is not said again.
  throw new HttpProblem(422, 'The body is not valid.');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpProblem(400, 'The body is not JSON.');
  }
}
