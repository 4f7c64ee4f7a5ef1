import { createRoute, z } from '@hono/zod-openapi';

import { parseCommand } from '../../src/commands/core/command.ts';
import { ROLES } from '../../src/events/catalogue.ts';
import { withoutMarks } from '../../src/notices/messages/marks.ts';
import { type Button, inOneLineEach, type Message } from '../../src/notices/messages/message.ts';
import { allows, SCOPES, scopeSchema } from '../../src/rights/scope.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { HttpProblem } from '../problem.ts';
import { json, jsonBody, problems, readJson, SECURED } from './shared.ts';

const scopes = z.array(scopeSchema);
const me = z
  .object({
    name: z.string(),
    scopes,
    allows: scopes.openapi({ description: 'With what these imply: whoever has any may read, and `admin` has all.' }),
    account: z
      .object({ accountId: z.string(), role: z.enum(ROLES), name: z.string() })
      .optional()
      .openapi({ description: 'Of whoever is in the console; a key has none.' }),
  })
  .openapi('Me');
const meRoute = createRoute({
  ...{ tags: ['Rights'], security: SECURED, method: 'get', operationId: 'getMe', path: '/v1/me' },
  summary: 'Who the key makes you, and what it may do',
  responses: { 200: json(me, 'The key that the request came with, or the person in the console.'), ...problems(401) },
});

const button = z
  .object({
    label: z.string(),
    command: z.string().optional().openapi({ description: 'What pressing it runs.' }),
    url: z.string().optional().openapi({ description: 'The page that it opens.' }),
    weight: z.enum(['main', 'danger']).optional(),
  })
  .openapi('MessageButton');
const message = z
  .object({
    state: z.enum(['done', 'open', 'overdue', 'stopped', 'info']).optional(),
    title: z.string().optional(),
    paragraphs: z.array(z.string()),
    facts: z.array(z.array(z.string())).optional().openapi({ description: 'Pairs of a label and a value.' }),
    table: z
      .object({
        header: z.array(z.string()),
        rows: z.array(z.array(z.string())),
        numbers: z.array(z.int()).optional().openapi({ description: 'The columns that hold amounts or counts.' }),
        headings: z.array(z.object({ from: z.int(), text: z.string() })).optional(),
      })
      .optional(),
    footer: z.string().optional(),
    attachment: z
      .object({ name: z.string(), contentType: z.string(), alt: z.string().optional() })
      .optional()
      .openapi({ description: 'The file that goes with it in chat, without its content.' }),
    rulesPage: z.string().optional(),
    buttons: z.array(z.array(button)),
  })
  .openapi('Message', { description: 'What the chat would say, free of any channel.' });
const commandBody = z.strictObject({
  command: z
    .string()
    .trim()
    .max(4_096)
    .refine((text) => parseCommand(text) !== null, 'must be a command, as /help'),
  isPress: z.boolean().optional(),
});
const commandRoute = createRoute({
  ...{ tags: ['Console'], security: SECURED, method: 'post', operationId: 'runCommand', path: '/v1/me/commands' },
  summary: 'A command, as if it were typed or pressed in chat; for whoever is in the console',
  description:
    'Role, scopes and whose it is are checked by the command itself. `isPress`: as by a button, so that what cannot be undone only asks. Ways in are the chat’s alone: `/start`, `/link`, `/console`.',
  request: jsonBody(commandBody, true),
  responses: { 200: json(message, 'The answer.'), ...problems(400, 401, 403, 415, 422) },
});

/** Whoever is in may not let themselves in once more, or as somebody else: that takes the chat. */
const WAYS_IN: readonly string[] = ['start', 'link', 'console'];

/** Who calls, and what they say as in chat. */
export function addMe(app: ApiApp, { runCommand }: Pick<ApiDeps, 'runCommand'>): void {
  app.openapi(meRoute, (c) => {
    const { actor: name, scopes: held, session } = c.var;
    const allowed = SCOPES.filter((scope) => allows(held, scope));
    const answer = { name, scopes: [...held], allows: allowed };
    if (session === undefined) return c.json(answer, 200);
    const { accountId, role, name: called } = session.account;
    return c.json({ ...answer, account: { accountId, role, name: called } }, 200);
  });

  app.openapi(commandRoute, async (c) => {
    const { command, isPress = false } = await readJson(c, commandBody);
    const { session } = c.var;
    if (session === undefined) throw new HttpProblem(403, 'Nobody is in.', { reason: 'session_needed' });
    const parsed = parseCommand(command);
    if (parsed !== null && WAYS_IN.includes(parsed.name)) {
      const errors = [{ path: 'command', message: `must not be /${parsed.name}: that is said in the chat itself` }];
      throw new HttpProblem(422, 'The body is not valid.', { errors });
    }
    const message = await runCommand(session.person, command, { isPress, isFromConsole: true });
    return c.json(inWordsAlone(messageBody(message)), 200);
  });
}

/** What a chat shows as more than words, by marks of its own, is words in an answer. */
function inWordsAlone<T extends object>(body: T): T {
  return JSON.parse(JSON.stringify(body), (_, field: unknown) =>
    typeof field === 'string' ? withoutMarks(field) : field,
  );
}

function messageBody(message: Message) {
  const { attachment, buttons, table, facts, menu: _, ...rest } = inOneLineEach(message);
  return {
    ...rest,
    ...(facts === undefined ? {} : { facts: facts.map((fact) => [...fact]) }),
    ...(table === undefined ? {} : { table: tableBody(table) }),
    ...(attachment === undefined ? {} : { attachment: nameOf(attachment) }),
    buttons: buttons.map((row) => row.map(buttonBody)),
  };
}

function tableBody({ numbers, headings, ...rest }: NonNullable<Message['table']>) {
  return {
    ...rest,
    ...(numbers === undefined ? {} : { numbers: [...numbers] }),
    ...(headings === undefined ? {} : { headings: [...headings] }),
  };
}

function nameOf({ name, contentType, alt }: NonNullable<Message['attachment']>) {
  return { name, contentType, ...(alt === undefined ? {} : { alt }) };
}

function buttonBody({ label, command, url, weight }: Button) {
  return {
    label,
    ...(command === undefined ? {} : { command }),
    ...(url === undefined ? {} : { url }),
    ...(weight === undefined ? {} : { weight }),
  };
}
