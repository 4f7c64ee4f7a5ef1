import { createRoute, z } from '@hono/zod-openapi';

import type { Account, Link } from '../../src/accounts/accounts.ts';
import { ROLES, type Role } from '../../src/events/catalogue.ts';
import { allows } from '../../src/rights/scope.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { NOT_KEPT } from '../middleware/idempotency.ts';
import { needScope } from '../middleware/rights.ts';
import {
  cents,
  idParam,
  instant,
  json,
  jsonBody,
  notFound,
  orNotFound,
  problems,
  readJson,
  reason,
  refusal,
  SECURED,
} from './shared.ts';

const unreachable = z.object({ reason: z.string(), since: instant }).nullable();
const link = z
  .object({ linkedAt: instant, unreachable })
  .nullable()
  .openapi({ description: 'The latest of that channel; all of them are at `/v1/accounts/{id}/links`.' });
const account = z
  .object({
    accountId: z.string(),
    role: z.enum(ROLES),
    roleDecision: z
      .object({ by: z.string(), reason: z.string(), at: instant })
      .nullable()
      .openapi({ description: "The owner's decision that the role follows; null while the platform's word holds." }),
    name: z.string(),
    balance: cents.openapi({ description: 'Of its role.' }),
    balances: z.record(z.string(), cents).openapi({
      description: 'By ledger account: that of its role, and every other that has something, whatever its role is now.',
      example: { 'affiliate:kim': 12_000, 'marketer:kim': 4_550 },
    }),
    links: z.object({ telegram: link, discord: link }),
  })
  .openapi('Account');
const linkCode = z
  .object({ code: z.string(), telegramUrl: z.url().optional(), expiresAt: instant })
  .openapi('LinkCode');

const common = { tags: ['Accounts'], security: SECURED, request: { params: idParam } };
const getRoute = createRoute({
  ...common,
  method: 'get',
  operationId: 'getAccount',
  path: '/v1/accounts/{id}',
  summary: 'One account, its balance and its chats',
  responses: { 200: json(account, 'The account.'), ...problems(401, 404) },
});
const linkCodeRoute = createRoute({
  ...common,
  method: 'post',
  operationId: 'createLinkCode',
  path: '/v1/accounts/{id}/link-codes',
  summary: 'A code that links a chat to the account: one use, 15 minutes; it makes the one before worthless',
  description: `For a manager only with the scope \`admin\`. ${NOT_KEPT}`,
  responses: { 201: json(linkCode, 'The code.'), ...problems(401, 403, 404, 409) },
});

const channel = z.enum(['telegram', 'discord']);
const chat = z
  .object({
    channel,
    userId: z.string().openapi({ description: 'Of the channel: who acts for the account there.', example: '4711' }),
    linkedAt: instant,
    unreachable,
  })
  .openapi('Chat');
const linksRoute = createRoute({
  ...common,
  method: 'get',
  operationId: 'listLinks',
  path: '/v1/accounts/{id}/links',
  summary: 'All chats that speak for the account, in the order in which they were linked',
  responses: { 200: json(z.object({ items: z.array(chat) }), 'The chats.'), ...problems(401, 404) },
});
const endLinksRoute = createRoute({
  ...common,
  method: 'delete',
  operationId: 'endLinks',
  path: '/v1/accounts/{id}/links/{channel}',
  summary: 'End the link of an account to its chats in a channel',
  request: { params: idParam.extend({ channel }) },
  responses: { 204: { description: 'No chat of that channel is linked any more.' }, ...problems(401, 404) },
});
const endLinkRoute = createRoute({
  ...common,
  method: 'delete',
  operationId: 'endLink',
  path: '/v1/accounts/{id}/links/{channel}/{userId}',
  summary: 'End the link of an account to one of its chats',
  request: { params: idParam.extend({ channel, userId: z.string().min(1).max(64) }) },
  responses: { 204: { description: 'That chat is not linked any more.' }, ...problems(401, 404) },
});

const roleBody = z.object({ accountId: z.string(), role: z.enum(ROLES), decided: z.boolean() }).openapi('AccountRole', {
  description: '`decided`: the owner has said so, and it holds whatever the platform says.',
});
const decision = z.strictObject({ role: z.enum(ROLES), reason });
const release = z.strictObject({ reason });
const decideRoute = createRoute({
  ...common,
  method: 'put',
  operationId: 'decideRole',
  path: '/v1/accounts/{id}/role',
  summary: "Set the role of an account: it holds against the platform's word, whatever its date, until it is released",
  request: { params: idParam, ...jsonBody(decision, true) },
  responses: { 200: json(roleBody, 'The role as it is now.'), ...problems(400, 401, 403, 404, 415, 422) },
});
const releaseRoute = createRoute({
  ...common,
  method: 'delete',
  operationId: 'releaseRole',
  path: '/v1/accounts/{id}/role',
  summary: "Release a role that was set: the platform's word holds again",
  request: { params: idParam, ...jsonBody(release, true) },
  responses: { 200: json(roleBody, 'The role as it is now.'), ...problems(400, 401, 403, 404, 409, 415, 422) },
});

export function addAccounts(app: ApiApp, deps: ApiDeps): void {
  const { accounts, ledger, audit, clock } = deps;

  app.openapi(getRoute, async (c) => {
    const view = orNotFound(await accounts.get(c.req.valid('param').id), 'account');
    const { accountId, role, name } = view;
    const [{ balance, balances }, links, decided] = await Promise.all([
      balancesOf(view),
      accounts.linksOf([accountId]),
      accounts.roleDecisionOf(accountId),
    ]);
    const roleDecision = decided === null ? null : { ...decided, at: decided.at.toISOString() };
    const chats = { telegram: linkBody(links, 'telegram'), discord: linkBody(links, 'discord') };
    return c.json({ accountId, role, roleDecision, name, balance, balances, links: chats }, 200);
  });

  app.openapi(linkCodeRoute, async (c) => {
    const { id } = c.req.valid('param');
    const now = clock.now();
    const byOwner = allows(c.var.scopes, 'admin');
    const { role } = orNotFound(await accounts.get(id), 'account');
    if (role === 'manager') needScope(c, 'admin', 'A code for a manager');
    // First, so that there is no code that nobody asked for.
    await audit.record({ actor: c.var.actor, action: 'account.link-code', subject: `account:${id}`, at: now });
    const made = orNotFound(await accounts.createLinkCode(id, now, { byOwner }), 'account');
    c.set('answerIsSecret', true);
    const bot = deps.telegramBotUsername?.();
    const telegram = bot === undefined ? {} : { telegramUrl: `https://t.me/${bot}?start=${made.code}` };
    return c.json({ code: made.code, ...telegram, expiresAt: made.expiresAt.toISOString() }, 201);
  });

  app.openapi(linksRoute, async (c) => {
    const { accountId } = orNotFound(await accounts.get(c.req.valid('param').id), 'account');
    const links = await accounts.linksOf([accountId]);
    return c.json({ items: links.sort((a, b) => newestFirst(b, a)).map(chatBody) }, 200);
  });

  app.openapi(endLinksRoute, async (c) => {
    await endLinks(c.var.actor, c.req.valid('param'));
    return c.body(null, 204);
  });

  app.openapi(endLinkRoute, async (c) => {
    await endLinks(c.var.actor, c.req.valid('param'));
    return c.body(null, 204);
  });

  /** A record for each chat, so that the trail says of every link how it began and ended. */
  async function endLinks(actor: string, asked: { id: string; channel: Link['channel']; userId?: string }) {
    const { id, channel, userId } = asked;
    orNotFound(await accounts.get(id), 'account');
    const which = { channel, ...(userId === undefined ? {} : { userId }) };
    const ended = await accounts.endLinks(id, which, async (links) => {
      for (const before of links) {
        await audit.record({ actor, action: 'chat.unlinked', subject: `account:${id}`, before, at: clock.now() });
      }
    });
    if (ended.length === 0) throw notFound('link');
  }

  app.openapi(decideRoute, async (c) => {
    const { role, reason: why } = await readJson(c, decision);
    return c.json(await decide(c.req.valid('param').id, role, { by: c.var.actor, reason: why }), 200);
  });

  app.openapi(releaseRoute, async (c) => {
    const { reason: why } = await readJson(c, release);
    return c.json(await decide(c.req.valid('param').id, null, { by: c.var.actor, reason: why }), 200);
  });

  async function decide(accountId: string, role: Role | null, by: { by: string; reason: string }) {
    const outcome = await accounts.decideRole(accountId, role, { ...by, at: clock.now() });
    if (outcome.kind === 'not-found') throw notFound('account');
    if (outcome.kind === 'not-decided') throw refusal({ state: outcome.role, reason: 'role_not_decided' });
    return { accountId, role: outcome.role, decided: outcome.decided };
  }

  /** Managers have no money of their own in the ledger. */
  async function balancesOf({
    role,
    accountId,
  }: Account): Promise<{ balance: number; balances: Record<string, number> }> {
    const names = LEDGER_KINDS.map((kind) => `${kind}:${accountId}`);
    const all = await ledger.balances(names);
    const own = `${role}:${accountId}`;
    const shown = names.filter((name) => name === own || all.get(name) !== 0);
    return {
      balance: all.get(own) ?? 0,
      balances: Object.fromEntries(shown.map((name) => [name, all.get(name) ?? 0])),
    };
  }
}

/** The kinds of ledger accounts that a person has. */
const LEDGER_KINDS = ['model', 'credit', 'marketer', 'affiliate'] as const;

function linkBody(links: Link[], channel: Link['channel']) {
  const found = links.filter((one) => one.channel === channel).sort(newestFirst)[0];
  if (found === undefined) return null;
  const { linkedAt, unreachable } = chatBody(found);
  return { linkedAt, unreachable };
}

function chatBody({ channel, userId, linkedAt, unreachable }: Link) {
  const { reason, since } = unreachable ?? {};
  return {
    channel,
    userId,
    linkedAt: linkedAt.toISOString(),
    unreachable: reason === undefined || since === undefined ? null : { reason, since: since.toISOString() },
  };
}

function newestFirst(a: Link, b: Link): number {
  return b.linkedAt.getTime() - a.linkedAt.getTime();
}
