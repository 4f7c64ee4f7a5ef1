import { createRoute, z } from '@hono/zod-openapi';
import { knownNamesOn, type NameIfKnown } from '../../src/accounts/names.ts';
import { type EventSimulation, SIMULATED_OUTCOMES } from '../../src/eventSimulation.ts';
import { type Dismissed, type EventSummary, LACKING_CURSOR, QUARANTINE_REASONS } from '../../src/inbox/inbox.ts';
import { ownerOf } from '../../src/kernel/owner.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { isSimulated } from '../middleware/simulation.ts';
import { HttpProblem } from '../problem.ts';
import {
  cents,
  getRoute,
  idParam,
  instant,
  json,
  jsonBody,
  listRoute,
  notFound,
  orNotFound,
  pageBody,
  pageQuery,
  problems,
  readJson,
  reason,
  refusal,
  request,
  SECURED,
} from './shared.ts';
import { looking, ownerName, simulateQuery } from './simulated.ts';
import { replayWebhook, webhookSchema } from './webhooks.ts';

const status = z.enum(['received', 'waiting', 'applied', 'ignored', 'quarantined']);
const name = z
  .string()
  .optional()
  .openapi({ description: 'Of an account that is known, as one of another role than is waited for.' });
const thing = z.object({ kind: z.string(), id: z.string(), name }).openapi({ example: { kind: 'campaign', id: 'A' } });
const eventSummary = z
  .object({
    eventId: z.string(),
    type: z.string(),
    timestamp: instant,
    receivedAt: instant,
    status,
    attempts: z.int(),
    error: z.string().nullable(),
    reason: z
      .object({ code: z.enum([...QUARANTINE_REASONS, 'unclassified']), words: z.string() })
      .nullable()
      .openapi({ description: 'Why it is quarantined; `unclassified` of what was before there were codes.' }),
    waitsFor: z.array(thing).openapi({
      description: 'What is lacking. A quarantined event that names anything goes on by itself once that is here.',
    }),
    holdsBack: z.int().openapi({ description: 'How many other events wait for what this one would bring.' }),
    dismissed: z.object({ by: z.string(), reason: z.string(), at: instant }).nullable(),
  })
  .openapi('EventSummary');
const lacking = z
  .object({
    ...{ kind: z.string(), id: z.string(), name },
    count: z.int().openapi({ description: 'How many events wait for it, quarantined ones among them.' }),
    since: instant.openapi({ description: 'When the first of them began to wait.' }),
    types: z.array(z.string()).openapi({ description: 'Of which types they are.' }),
  })
  .openapi('Lacking');
const event = eventSummary
  .extend({
    data: z.unknown().openapi({ description: 'Null where it was erased.' }),
    erased: z.boolean().openapi({ description: 'Its body was erased, with an account or after its time.' }),
  })
  .openapi('Event');

const pageCursor = z
  .string()
  .regex(LACKING_CURSOR, 'must be the `next` of the page before')
  .openapi({ description: 'The `next` of the page before.' });

const tags = ['Events'];
const fields = z.record(z.string(), z.unknown()).nullable();
const simulatedEvent = z
  .object({
    simulated: z.literal(true),
    eventId: z.string(),
    outcome: z.enum(SIMULATED_OUTCOMES).openapi({
      description:
        '`unchanged`: it would be applied, and nothing be otherwise. `undecided`: something that it depends on is under way.',
    }),
    reason: z.object({ code: z.string(), words: z.string() }).nullable().openapi({ description: 'Why it would fail.' }),
    waitsFor: z.array(thing).openapi({ description: 'What it would wait for.' }),
    holdsBack: z.int().openapi({ description: 'Of a dismissal: how many events would go on waiting for it.' }),
    changes: z
      .array(
        z.object({
          subject: z.string().openapi({ example: 'invoice:2026-W47:ava' }),
          action: z.enum(['added', 'changed', 'removed']),
          before: fields,
          after: fields,
        }),
      )
      .openapi({ description: 'Of what would be changed the fields that differ. At most 100.' }),
    postings: z
      .array(
        z.object({
          entryId: z.string(),
          account: z.string().openapi({ example: 'model:ava' }),
          name: ownerName,
          amount: cents,
        }),
      )
      .openapi({ description: 'What the ledger would get. At most 100.' }),
    // biome-ignore lint/suspicious/noThenProperty: it is data, and no promise.
    then: z
      .object({
        woken: z.array(z.object({ eventId: z.string(), type: z.string(), status: z.string() })),
        invoices: z.array(z.object({ modelId: z.string(), week: z.string() })),
        webhooks: z.array(z.object({ type: z.string(), subject: z.string() })),
        notices: z.array(z.object({ accountId: z.string(), kind: z.string() })),
      })
      .openapi({
        description:
          'What goes on by itself: events that waited and what becomes of them, the weeks whose invoices get something, messages. At most 100 each.',
      }),
    more: z
      .object({ changes: z.int(), postings: z.int(), following: z.int() })
      .openapi({ description: 'How many there are beyond those that are listed.' }),
  })
  .openapi('SimulatedEvent');
const common = { tags, security: SECURED };
const list = listRoute(
  { tags, operationId: 'listEvents', path: '/v1/events', summary: 'Events that were received, without their data' },
  { query: z.strictObject({ status: status.optional(), ...pageQuery }), item: eventSummary, page: 'A page of events.' },
);
const waiting = listRoute(
  { tags, operationId: 'listWaiting', path: '/v1/waiting', summary: 'What events wait for, and how many do' },
  {
    query: z.strictObject({ ...pageQuery, after: pageCursor.optional() }),
    item: lacking,
    page: 'A page of what is lacking; what most events wait for comes first.',
  },
);
const getOne = getRoute(
  { tags, operationId: 'getEvent', path: '/v1/events/{id}', summary: 'One event' },
  event,
  'The event.',
);
const replayRoute = createRoute({
  ...common,
  method: 'post',
  operationId: 'replayEvent',
  path: '/v1/events/{id}/replay',
  summary: 'Try a quarantined event again, or send a webhook to the platform again',
  request: { params: idParam, query: simulateQuery },
  responses: {
    200: json(
      z.union([event, webhookSchema, simulatedEvent]),
      'The event, or the webhook of this id, as it stands now; simulated, what a replay of the event would change.',
    ),
    ...problems(401, 404, 409, 422),
  },
});

const dismissal = z.strictObject({ reason });
const dismissRoute = createRoute({
  ...common,
  method: 'post',
  operationId: 'dismissEvent',
  path: '/v1/events/{id}/dismiss',
  summary: 'Settle a quarantined event without its effect; a replay undoes that',
  request: { params: idParam, query: simulateQuery, ...jsonBody(dismissal, true) },
  responses: {
    200: json(z.union([event, simulatedEvent]), 'The event, ignored; simulated, what that would change.'),
    ...problems(400, 401, 404, 409, 415, 422),
  },
});

export function addEvents(app: ApiApp, deps: ApiDeps): void {
  const { accounts, inbox, eventSimulations, outgoing, audit, clock } = deps;

  /** What those accounts are called that are among what is waited for. */
  const namesAmong = (keys: string[]) => knownNamesOn(accounts, keys.map(ownerOf));

  async function eventOf(id: string) {
    const event = orNotFound(await inbox.get(id), 'event');
    const [heldBack, names] = await Promise.all([inbox.heldBack([id]), namesAmong(event.waitsFor)]);
    return eventBody(event, heldBack, names);
  }

  const simulatedBody = async (simulation: EventSimulation) =>
    bodyOfSimulation(
      simulation,
      await namesAmong([...simulation.waitsFor, ...simulation.postings.map(({ account }) => account)]),
    );

  async function simulatedReplay(id: string): Promise<EventSimulation> {
    const simulated = await looking(eventSimulations.replay(id));
    if ('outcome' in simulated) return simulated;
    if (simulated.kind === 'refused') throw refusal(simulated);
    if ((await outgoing.get(id)) === null) throw notFound('event');
    const errors = [{ path: 'simulate', message: 'a webhook that is sent again changes nothing here' }];
    throw new HttpProblem(422, 'The request is not valid.', { errors });
  }

  app.openapi(list, async (c) => {
    const page = await inbox.list(request(c.req.valid('query')));
    const [heldBack, names] = await Promise.all([
      inbox.heldBack(page.items.map(({ eventId }) => eventId)),
      namesAmong(page.items.flatMap(({ waitsFor }) => waitsFor)),
    ]);
    const items = page.items.map((event) => eventBody(event, heldBack, names));
    return c.json({ items, next: page.next }, 200);
  });

  app.openapi(waiting, async (c) => {
    const page = await inbox.lacking(request(c.req.valid('query')));
    const names = await namesAmong(page.items.map(({ key }) => key));
    const bodyOf = ({ key, since, ...others }: (typeof page.items)[number]) => ({
      ...thingOf(key, names),
      ...others,
      since: since.toISOString(),
    });
    return c.json(pageBody(page, bodyOf), 200);
  });

  app.openapi(getOne, async (c) => c.json(await eventOf(c.req.valid('param').id), 200));

  app.openapi(replayRoute, async (c) => {
    const { id } = c.req.valid('param');
    const actor = c.var.actor;
    if (isSimulated(c)) return c.json(await simulatedBody(await simulatedReplay(id)), 200);
    const outcome = await inbox.replay(id, () =>
      audit.record({ actor, action: 'event.replay', subject: `event:${id}`, at: clock.now() }),
    );
    if (outcome.kind === 'not-found') {
      const webhook = orNotFound(await replayWebhook({ accounts, outgoing, audit, clock }, id, actor), 'event');
      return c.json(webhook, 200);
    }
    if (outcome.kind === 'refused') throw refusal(outcome);
    return c.json(await eventOf(id), 200);
  });

  app.openapi(dismissRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { reason } = await readJson(c, dismissal);
    const actor = c.var.actor;
    if (isSimulated(c)) {
      const simulated = await looking(eventSimulations.dismiss(id, { by: actor, reason }));
      if ('outcome' in simulated) return c.json(await simulatedBody(simulated), 200);
      throw dismissRefusal(simulated);
    }
    const outcome = await inbox.dismiss(id, { by: actor, reason }, ({ about }) =>
      audit.record({ actor, action: 'event.dismiss', subject: `event:${id}`, reason, about, at: clock.now() }),
    );
    if (outcome.kind !== 'dismissed') throw dismissRefusal(outcome);
    return c.json(await eventOf(id), 200);
  });
}

function dismissRefusal(outcome: Exclude<Dismissed, { kind: 'dismissed' }>): HttpProblem {
  if (outcome.kind === 'not-found') return notFound('event');
  if (outcome.kind === 'refused') return refusal(outcome);
  return refusal({ state: 'ignored', reason: 'already_dismissed' });
}

function bodyOfSimulation({ waitsFor, postings, ...simulation }: EventSimulation, names: NameIfKnown) {
  const named = postings.map((posting) => ({ ...posting, ...names(ownerOf(posting.account)) }));
  return {
    ...simulation,
    postings: named,
    waitsFor: waitsFor.map((key) => thingOf(key, names)),
    simulated: true as const,
  };
}

function eventBody<T extends EventSummary>(view: T, heldBack: Map<string, number>, names: NameIfKnown) {
  const { errorCode, ...shown } = view;
  const { eventId, status, timestamp, receivedAt, error, waitsFor, dismissed } = view;
  return {
    ...shown,
    timestamp: timestamp.toISOString(),
    receivedAt: receivedAt.toISOString(),
    reason: status === 'quarantined' ? { code: errorCode ?? ('unclassified' as const), words: error ?? '' } : null,
    waitsFor: waitsFor.map((key) => thingOf(key, names)),
    holdsBack: heldBack.get(eventId) ?? 0,
    dismissed: dismissed === null ? null : { ...dismissed, at: dismissed.at.toISOString() },
  };
}

/** A key names a kind and an id; ids may have colons of their own. */
function thingOf(key: string, names: NameIfKnown): { kind: string; id: string; name?: string } {
  const [kind = '', ...id] = key.split(':');
  return { kind, id: id.join(':'), ...names(ownerOf(key)) };
}
