import type { Replayed } from '../../inbox/inbox.ts';
import { commandButton, replayButton } from '../../notices/messages/buttons.ts';
import { copyable } from '../../notices/messages/marks.ts';
import { type Message, quoted, quotedEnd, shorten } from '../../notices/messages/message.ts';
import { refusalWords } from '../../texts/refusals.ts';
import type { Say } from '../../texts/speech.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Request, Suggestion } from '../core/command.ts';
import { parseText } from '../core/parseArguments.ts';
import { SUGGESTIONS_SEARCHED, suggestionsOf } from '../core/suggestions.ts';

const PAGE = 5;

const quarantineCommand: Command = {
  name: 'quarantine',
  arguments: '[AFTER]',
  roles: ['manager'],
  scope: 'read',
  description: 'commands.quarantine.description',
  async run({ deps, speech: { say }, words: [after] }) {
    const page = await deps.inbox.list({
      status: 'quarantined',
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    if (page.items.length === 0) {
      return {
        paragraphs: [say(after === undefined ? 'systemCommands.quarantine.none' : 'systemCommands.quarantine.noMore')],
        buttons: [],
      };
    }
    const more = { label: say('systemCommands.quarantine.more'), command: `/quarantine ${page.next}` };
    return {
      title: say('systemCommands.quarantine.title'),
      paragraphs: [say('systemCommands.quarantine.what')],
      table: {
        header: [
          say('systemCommands.quarantine.event'),
          say('systemCommands.quarantine.type'),
          say('systemCommands.quarantine.error'),
        ],
        rows: page.items.map(({ eventId, type, error, waitsFor }) => [
          copyable(eventId),
          type,
          error === null
            ? shorten(say('systemCommands.quarantine.waitsFor', { events: waitsFor.join(', ') }), 200)
            : quoted(error, 200),
        ]),
      },
      buttons: [
        ...page.items.map(({ eventId }) => [replayButton(say, eventId)]),
        ...(page.next === null ? [] : [[more]]),
      ],
    };
  },
};

const replayCommand: Command = {
  name: 'replay',
  arguments: 'ID',
  thing: 'event',
  roles: ['manager'],
  scope: 'invoices',
  description: 'commands.replay.description',
  changes: true,
  suggest: replayable,
  async run(request) {
    const { deps, actor, speech, now } = request;
    const { say } = speech;
    const [id = ''] = request.words;
    const before = await deps.inbox.get(id);
    if (before === null) return replayWebhook(request, id);
    const buttons = [[commandButton(say, 'quarantine')]];
    if (before.status === 'applied') {
      return { paragraphs: [say('systemCommands.replay.applied', { event: id })], buttons };
    }
    if (before.status === 'received') {
      return { paragraphs: [say('systemCommands.replay.onItsWay', { event: id })], buttons };
    }
    const outcome = await deps.inbox.replay(id, () =>
      deps.audit.record({
        ...{ actor, action: 'event.replay', subject: `event:${id}`, at: now },
        ...{ before: { status: before.status }, after: { status: 'received' } },
      }),
    );
    if (outcome.kind === 'not-found') return notFound(speech, 'event', id);
    if (outcome.kind === 'refused') return { paragraphs: [whyNoReplay(id, outcome, say)], buttons };
    return { paragraphs: [say('systemCommands.replay.tried', { event: id })], buttons };
  },
};

type ReplayRefusal = Extract<Replayed, { kind: 'refused' }>;

/** The state of an event as texts take it. */
function stateArgument(state: ReplayRefusal['state']): Exclude<ReplayRefusal['state'], 'ignored'> | 'other' {
  return state === 'ignored' ? 'other' : state;
}

function whyNoReplay(event: string, refused: ReplayRefusal, say: Say): string {
  const state = stateArgument(refused.state);
  return refused.reason === 'event_type_unknown'
    ? say('systemCommands.replay.unknownType', { event, state, type: refused.type })
    : say('systemCommands.replay.refused', { event, state, why: refusalWords(refused.reason, say) });
}

const dismissCommand: Command = {
  name: 'dismiss',
  arguments: 'ID REASON',
  thing: 'event',
  example: 'commands.dismiss.example',
  roles: ['manager'],
  scope: 'invoices',
  description: 'commands.dismiss.description',
  changes: true,
  suggest: quarantined,
  async run({ deps, actor, speech, now, words: [id = '', ...rest] }) {
    const { say, instant } = speech;
    const reason = parseText(rest);
    const outcome = await deps.inbox.dismiss(id, { by: actor, reason }, ({ error, about }) =>
      deps.audit.record({
        ...{ actor, action: 'event.dismiss', subject: `event:${id}`, reason, about, at: now },
        ...{ before: { status: 'quarantined', error }, after: { status: 'ignored' } },
      }),
    );
    const buttons = [[replayButton(say, id), commandButton(say, 'quarantine')]];
    switch (outcome.kind) {
      case 'not-found':
        return notFound(speech, 'event', id);
      case 'refused': {
        const why = refusalWords(outcome.reason, say);
        const refused = { event: id, state: stateArgument(outcome.state), why };
        return {
          paragraphs: [say('systemCommands.replay.refused', refused)],
          buttons: [[commandButton(say, 'quarantine')]],
        };
      }
      case 'dismissed-before': {
        const { by, reason: given, at } = outcome.dismissed;
        const dismissed = { event: id, at: instant(at), actor: by, reason: quotedEnd(given) };
        return { paragraphs: [say('systemCommands.dismiss.already', dismissed)], buttons };
      }
      case 'dismissed':
        return {
          title: say('systemCommands.dismiss.title', { event: id }),
          paragraphs: [say('systemCommands.dismiss.what')],
          buttons,
        };
    }
  },
};

/** A webhook to the platform, by the same command: an id is enough, whichever way its message goes. */
async function replayWebhook({ deps, actor, speech, now }: Request, id: string): Promise<Message> {
  const { say } = speech;
  const before = await deps.outgoing.get(id);
  if (before === null) return notFound(speech, 'event', id);
  if (before.nextAt !== null && before.nextAt <= now) {
    return { paragraphs: [say('systemCommands.replay.webhookOnItsWay', { webhook: id })], buttons: [] };
  }
  if (before.status === 'delivered') {
    return { paragraphs: [say('systemCommands.replay.webhookTaken', { webhook: id })], buttons: [] };
  }
  await deps.outgoing.replay(id);
  await deps.audit.record({
    actor,
    action: 'webhook.replay',
    subject: `webhook:${id}`,
    before: { status: before.status },
    after: { status: 'due' },
    at: now,
  });
  return { paragraphs: [say('systemCommands.replay.webhookSent', { webhook: id })], buttons: [] };
}

async function quarantined({ deps, speech: { say } }: Request, typed: string): Promise<Suggestion[]> {
  const { items } = await deps.inbox.list({ status: 'quarantined', limit: SUGGESTIONS_SEARCHED });
  return suggestionsOf(
    items,
    typed,
    ({ eventId }) => eventId,
    ({ eventId, type, error }) =>
      `${eventId} · ${type}: ${shorten(error ?? say('systemCommands.quarantine.notApplied'), 60)}`,
  );
}

/** What can be replayed: quarantined events, and parked webhooks to the platform. */
async function replayable({ deps }: Request, typed: string): Promise<Suggestion[]> {
  const [events, webhooks] = await Promise.all([
    deps.inbox.list({ status: 'quarantined', limit: SUGGESTIONS_SEARCHED }),
    deps.outgoing.list({ status: 'parked', limit: SUGGESTIONS_SEARCHED }),
  ]);
  const found = [
    ...events.items.map(({ eventId, type }) => ({ id: eventId, type })),
    ...webhooks.items.map(({ webhookId, type }) => ({ id: webhookId, type })),
  ];
  return suggestionsOf(
    found,
    typed,
    ({ id }) => id,
    ({ id, type }) => `${id} · ${type}`,
  );
}

export const quarantineCommands: readonly Command[] = [quarantineCommand, replayCommand, dismissCommand];
